// JSON from strangers: bounded in size and depth, read by name with defaults. Shared by this
// folder's readers.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/result.h"

namespace usance::documents {

using Json = nlohmann::ordered_json;

inline constexpr std::size_t kMaxJsonBytes = 8 * 1024 * 1024;
inline constexpr int kMaxJsonDepth = 64;

// kMalformed: too large, not JSON, nested too deep.
[[nodiscard]] Result<Json> load_json(std::string_view bytes);

// The member of that name; null when `object` is no object or has none.
[[nodiscard]] const Json& at(const Json& object, const char* name);
template <class... Names>
[[nodiscard]] const Json& at(const Json& object, const char* name, Names... deeper) {
  return at(at(object, name), deeper...);
}
// Its text, trimmed; empty when it is missing or no text.
[[nodiscard]] std::string text_at(const Json& object, const char* name);
// Its elements; an object's own when it is no list but an object; none otherwise.
[[nodiscard]] std::vector<Json> list_at(const Json& object, const char* name);
// Its members by name, in their order; none when it is no object.
[[nodiscard]] std::vector<std::pair<std::string, Json>> members_of(const Json& object,
                                                                   const char* name);

}  // namespace usance::documents
