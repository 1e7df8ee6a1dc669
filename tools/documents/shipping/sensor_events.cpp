#include "tools/documents/shipping/sensor_events.h"

#include <cctype>

#include "tools/documents/json_reader.h"
#include "tools/documents/shipping/event_readers.h"
#include "tools/documents/utf8.h"
#include "tools/documents/xml_reader.h"

namespace usance::documents {

Result<std::vector<SensorReading>> read_sensor_events(std::string_view bytes) {
  const std::size_t first = bytes.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  if (first == std::string_view::npos) return fail(ErrorCode::kMalformed, "the file is empty");
  std::vector<SensorReading> out;
  if (bytes[first] == '{' || bytes[first] == '[') {
    USANCE_ASSIGN(const Json root, load_json(bytes));
    if (is_epcis(root))
      out = read_epcis(root);
    else if (is_track_and_trace(root))
      out = read_track_and_trace(root);
    else
      return fail(ErrorCode::kUnsupported, "neither DCSA track and trace events nor EPCIS");
  } else {
    pugi::xml_document document;
    USANCE_TRY(load_xml(document, bytes));
    const pugi::xml_node root = document.document_element();
    if (!is_epcis(root)) return fail(ErrorCode::kUnsupported, "the XML is no EPCIS document");
    out = read_epcis(root);
  }
  if (out.size() > kMaxReadings) return fail(ErrorCode::kMalformed, "it has too many readings");
  return out;
}

Result<std::int64_t> scaled(std::string_view decimal, unsigned decimals) {
  const auto refuse = [&] {
    return fail(ErrorCode::kInvalidArgument,
                "'" + cut(decimal, 40) + "' is no decimal number that fits");
  };
  std::string_view rest = decimal;
  const bool negative = rest.starts_with("-");
  if (negative || rest.starts_with("+")) rest.remove_prefix(1);
  const std::size_t point = rest.find('.');
  std::string digits(rest.substr(0, point));
  std::string fraction(point == std::string_view::npos ? "" : rest.substr(point + 1));
  if (digits.empty() && fraction.empty()) return refuse();
  const bool up = fraction.size() > decimals && fraction[decimals] >= '5';
  for (const char c : digits + fraction)
    if (std::isdigit(static_cast<unsigned char>(c)) == 0) return refuse();
  fraction.resize(decimals, '0');
  std::int64_t value = 0;
  for (const char c : digits + fraction)
    if (__builtin_mul_overflow(value, std::int64_t{10}, &value) ||
        __builtin_add_overflow(value, std::int64_t{c - '0'}, &value))
      return refuse();
  if (up && __builtin_add_overflow(value, std::int64_t{1}, &value)) return refuse();
  return negative ? -value : value;
}

}  // namespace usance::documents
