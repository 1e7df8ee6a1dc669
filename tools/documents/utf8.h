// UTF-8 from strangers: is it any, and where may it be cut.
#pragma once

#include <string>
#include <string_view>

namespace usance::documents {

[[nodiscard]] bool is_utf8(std::string_view text);
// At most `bytes` from the beginning, no character cut in two.
[[nodiscard]] std::string cut(std::string_view text, std::size_t bytes);

}  // namespace usance::documents
