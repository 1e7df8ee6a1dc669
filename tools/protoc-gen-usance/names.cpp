#include "names.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace usance::generator {
namespace {

namespace pb = google::protobuf;

char lower(char c) {
  return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}
char upper(char c) {
  return static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
}
bool is_upper(char c) {
  return std::isupper(static_cast<unsigned char>(c)) != 0;
}

constexpr auto kKeywords = std::to_array<std::string_view>(
    {"alignas",   "alignof",  "and",      "and_eq",   "asm",      "auto",    "bitand",    "bitor",
     "bool",      "break",    "case",     "catch",    "char",     "class",   "compl",     "concept",
     "const",     "continue", "decltype", "default",  "delete",   "do",      "double",    "else",
     "enum",      "explicit", "export",   "extern",   "false",    "float",   "for",       "friend",
     "goto",      "if",       "inline",   "int",      "long",     "mutable", "namespace", "new",
     "noexcept",  "not",      "not_eq",   "nullptr",  "operator", "or",      "or_eq",     "private",
     "protected", "public",   "register", "requires", "return",   "short",   "signed",    "sizeof",
     "static",    "struct",   "switch",   "template", "this",     "throw",   "true",      "try",
     "typedef",   "typeid",   "typename", "union",    "unsigned", "using",   "virtual",   "void",
     "volatile",  "while",    "xor",      "xor_eq"});

std::string colons(std::string_view dotted) {
  std::string out;
  for (const char c : dotted) {
    if (c == '.')
      out += "::";
    else
      out += c;
  }
  return out;
}

// The prefix of all values' names that repeats the enum's: "CREDIT_STATUS_" for CreditStatus.
std::string value_prefix(const pb::EnumDescriptor& type) {
  std::string prefix = snake_case(type.name()) + '_';
  std::transform(prefix.begin(), prefix.end(), prefix.begin(), upper);
  for (int i = 0; i < type.value_count(); ++i) {
    const std::string& name = type.value(i)->name();
    if (name.size() <= prefix.size() || !name.starts_with(prefix)) return {};
  }
  return prefix;
}

}  // namespace

std::string snake_case(std::string_view name) {
  std::string out;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const bool starts_word =
        is_upper(name[i]) && i > 0 && name[i - 1] != '_' &&
        (!is_upper(name[i - 1]) ||
         (i + 1 < name.size() && !is_upper(name[i + 1]) && name[i + 1] != '_'));
    if (starts_word) out += '_';
    out += lower(name[i]);
  }
  return out;
}

std::string camel_case(std::string_view name) {
  std::string out;
  bool start = true;
  for (const char c : name) {
    if (c == '_') {
      start = true;
      continue;
    }
    out += start ? upper(c) : lower(c);
    start = false;
  }
  return out;
}

std::string identifier(std::string name) {
  if (std::find(kKeywords.begin(), kKeywords.end(), name) != kKeywords.end()) name += '_';
  return name;
}

std::string namespace_of(const pb::FileDescriptor& file) {
  return colons(file.package());
}

std::string type_name(const pb::Descriptor& message, const pb::FileDescriptor& in) {
  if (message.file()->package() == in.package()) return message.name();
  return "::" + colons(message.full_name());
}

std::string type_name(const pb::EnumDescriptor& type, const pb::FileDescriptor& in) {
  if (type.file()->package() == in.package()) return type.name();
  return "::" + colons(type.full_name());
}

std::string enumerator(const pb::EnumValueDescriptor& value) {
  const std::string prefix = value_prefix(*value.type());
  return "k" + camel_case(std::string_view(value.name()).substr(prefix.size()));
}

std::string stem(const pb::FileDescriptor& file) {
  const std::string& name = file.name();
  return name.substr(0, name.size() - std::string_view(".proto").size());
}

}  // namespace usance::generator
