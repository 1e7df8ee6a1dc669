#include "errors.h"

#include <algorithm>
#include <string>
#include <vector>

#include "names.h"
#include "usance/contract/options.pb.h"

namespace usance::generator {
namespace {

namespace pb = google::protobuf;
namespace options = usance::contract;

struct Message {
  std::string text;                     // with {} at each place
  std::vector<std::string> places;      // the parameter of each place, in order
  std::vector<std::string> parameters;  // without repetition
};

Message parse(const std::string& text) {
  Message out;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] != '{') {
      out.text += text[at++];
      continue;
    }
    const std::size_t end = text.find('}', at);
    const std::string name = identifier(text.substr(at + 1, end - at - 1));
    out.text += "{}";
    out.places.push_back(name);
    if (std::find(out.parameters.begin(), out.parameters.end(), name) == out.parameters.end())
      out.parameters.push_back(name);
    at = end + 1;
  }
  return out;
}

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string signature(const pb::EnumValueDescriptor& value, const Message& message) {
  std::string lower = value.name();
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  std::string out = "sdk::Failure " + identifier(lower) + "(";
  for (std::size_t i = 0; i < message.parameters.size(); ++i) {
    if (i != 0) out += ", ";
    out += "const sdk::Text& " + message.parameters[i];
  }
  return out + ")";
}

template <class Print>
void for_each_error(const pb::EnumDescriptor& type, Print print) {
  for (int i = 0; i < type.value_count(); ++i)
    if (type.value(i)->number() != 0)
      print(*type.value(i), parse(type.value(i)->options().GetExtension(options::message)));
}

}  // namespace

void print_error_declarations(const pb::EnumDescriptor& type, pb::io::Printer& out) {
  if (!type.options().GetExtension(options::errors)) return;
  out.Print("namespace errors {\n");
  for_each_error(type, [&](const pb::EnumValueDescriptor& value, const Message& message) {
    out.Print("[[nodiscard]] $signature$;\n", "signature", signature(value, message));
  });
  out.Print("}  // namespace errors\n\n");
}

void print_error_definitions(const pb::EnumDescriptor& type, pb::io::Printer& out) {
  if (!type.options().GetExtension(options::errors)) return;
  out.Print("namespace errors {\n");
  for_each_error(type, [&](const pb::EnumValueDescriptor& value, const Message& message) {
    std::string places;
    for (const std::string& place : message.places)
      places += (places.empty() ? "&" : ", &") + place;
    out.Print("$signature$ {\n", "signature", signature(value, message));
    if (message.places.empty())
      out.Print("  return sdk::make_failure($number$, \"$text$\", nullptr, 0);\n}\n", "number",
                std::to_string(value.number()), "text", escaped(message.text));
    else
      out.Print(
          "  const sdk::Text* const places[] = {$places$};\n"
          "  return sdk::make_failure($number$, \"$text$\", places, $count$);\n}\n",
          "places", places, "number", std::to_string(value.number()), "text", escaped(message.text),
          "count", std::to_string(message.places.size()));
  });
  out.Print("}  // namespace errors\n\n");
}

}  // namespace usance::generator
