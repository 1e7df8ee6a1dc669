// "did you mean" for names that a person mistyped.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace usance::render {

// Without case, hyphens and underscores: what people confuse in names.
[[nodiscard]] std::string folded(std::string_view text);

// The candidate that differs least from what was typed, if it is close; empty otherwise. Upper and
// lower case and '-', '_' count as equal.
[[nodiscard]] std::string closest(std::string_view typed,
                                  const std::vector<std::string>& candidates);

// "; did you mean 'issue'?" or nothing.
[[nodiscard]] std::string did_you_mean(std::string_view typed,
                                       const std::vector<std::string>& candidates);

}  // namespace usance::render
