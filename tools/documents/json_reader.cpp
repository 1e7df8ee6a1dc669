#include "tools/documents/json_reader.h"

namespace usance::documents {

namespace {

// Depth of brackets outside strings: checked before parsing, which descends.
bool too_deep(std::string_view text) {
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c == '\\') ++i;
      if (c == '"') quoted = false;
    } else if (c == '"') {
      quoted = true;
    } else if (c == '{' || c == '[') {
      if (++depth > kMaxJsonDepth) return true;
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return false;
}

const Json& nothing() {
  static const Json null;
  return null;
}

}  // namespace

Result<Json> load_json(std::string_view bytes) {
  if (bytes.size() > kMaxJsonBytes) return fail(ErrorCode::kMalformed, "the file is over 8 MiB");
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  if (too_deep(bytes)) return fail(ErrorCode::kMalformed, "the JSON is nested too deep");
  Json out = Json::parse(bytes, nullptr, false);
  if (out.is_discarded()) return fail(ErrorCode::kMalformed, "not JSON");
  return out;
}

const Json& at(const Json& object, const char* name) {
  if (!object.is_object()) return nothing();
  const auto found = object.find(name);
  return found == object.end() ? nothing() : *found;
}

std::string text_at(const Json& object, const char* name) {
  const Json& value = at(object, name);
  if (!value.is_string()) return "";
  const std::string& text = value.get_ref<const std::string&>();
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) return "";
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::vector<Json> list_at(const Json& object, const char* name) {
  const Json& value = at(object, name);
  std::vector<Json> out;
  if (value.is_array())
    for (const Json& element : value) out.push_back(element);
  if (value.is_object()) out.push_back(value);
  return out;
}

std::vector<std::pair<std::string, Json>> members_of(const Json& object, const char* name) {
  std::vector<std::pair<std::string, Json>> out;
  const Json& value = at(object, name);
  if (value.is_object())
    for (const auto& [key, member] : value.items()) out.emplace_back(key, member);
  return out;
}

}  // namespace usance::documents
