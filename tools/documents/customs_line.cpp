// A line of a declaration, and what to compare it with, from customs' own JSON (docs/documents.md).
#include <algorithm>
#include <limits>

#include "contracts/sdk/currency.h"
#include "tools/documents/invoice.h"
#include "tools/documents/json_reader.h"
#include "tools/documents/misinvoicing.h"

namespace usance::documents {

namespace {

class LineReader {
 public:
  explicit LineReader(const Json& json) : json_(json) {}

  Result<CustomsLine> read() {
    const std::string currency = text_at(json_, "currency");
    exponent_ = contract::currency_exponent(currency);
    if (exponent_ < 0)
      return fail(ErrorCode::kInvalidArgument, "the currency is not one of ISO 4217");
    CustomsLine line;
    USANCE_ASSIGN(const std::optional<Value> declared, value("declared"));
    if (!declared) return fail(ErrorCode::kInvalidArgument, "there is no declared value");
    line.declared = *declared;
    USANCE_ASSIGN(line.freight, cost("freight"));
    USANCE_ASSIGN(line.insurance, cost("insurance"));
    USANCE_ASSIGN(line.invoice, value("invoice"));
    USANCE_ASSIGN(line.financed, value("financed"));
    USANCE_ASSIGN(line.mirror, value("mirror"));
    line.quantity = number("quantity").value_or(0);
    line.net_weight_grams = number("net_weight_grams").value_or(0);
    line.transport_weight_grams = number("transport_weight_grams");
    line.origin = text_at(json_, "origin");
    if (const std::string origin = text_at(json_, "certificate_origin"); !origin.empty())
      line.certificate_origin = origin;
    if (const auto events = number("shipment_events")) line.shipment_events = small(*events);
    line.invoice_share_here = small(number("invoice_share_here").value_or(0));
    line.invoice_share_elsewhere = small(number("invoice_share_elsewhere").value_or(0));
    for (const Json& price : list_at(json_, "unit_prices")) {
      if (!price.is_string())
        return fail(ErrorCode::kInvalidArgument, "a unit price is not a text such as \"12.50\"");
      USANCE_ASSIGN(const std::int64_t amount, parse_amount(price.get<std::string>(), exponent_));
      line.unit_prices.push_back(amount);
    }
    return line;
  }

 private:
  Result<std::optional<Value>> value(const char* name) {
    const Json& object = at(json_, name);
    if (object.is_null()) return std::optional<Value>{};
    Value out;
    USANCE_ASSIGN(out.amount, parse_amount(text_at(object, "value"), exponent_));
    const std::string basis = text_at(object, "basis");
    if (basis != "FOB" && basis != "CIF")
      return fail(ErrorCode::kInvalidArgument, std::string(name) + ": the basis is FOB or CIF");
    out.basis = basis == "FOB" ? Basis::kFob : Basis::kCif;
    return std::optional<Value>{out};
  }
  Result<std::int64_t> cost(const char* name) {
    if (at(json_, name).is_null()) return 0;
    return parse_amount(text_at(json_, name), exponent_);
  }
  std::optional<std::int64_t> number(const char* name) {
    const Json& found = at(json_, name);
    if (!found.is_number_integer()) return std::nullopt;
    return found.get<std::int64_t>();
  }
  static std::uint32_t small(std::int64_t number) {
    return static_cast<std::uint32_t>(
        std::clamp<std::int64_t>(number, 0, std::numeric_limits<std::uint32_t>::max()));
  }

  const Json& json_;
  int exponent_ = 0;
};

}  // namespace

Result<CustomsLine> read_customs_line(std::string_view bytes) {
  USANCE_ASSIGN(const Json json, load_json(bytes));
  return LineReader(json).read();
}

}  // namespace usance::documents
