// The closed lists of membership: the same words in a genesis and in every later proposal
// (docs/spec/governance.md).
#pragma once

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <string_view>

namespace usance {

// What an organisation may be, and what its users may do; ascending.
inline constexpr std::array<std::string_view, 8> kRoles = {
    "auditor", "bank", "carrier", "corporate", "customs", "inspector", "oracle", "warehouse"};
inline constexpr std::array<std::string_view, 4> kPermissions = {"admin", "checker", "maker",
                                                                 "viewer"};

[[nodiscard]] constexpr bool is_role(std::string_view word) {
  return std::find(kRoles.begin(), kRoles.end(), word) != kRoles.end();
}
[[nodiscard]] constexpr bool is_permission(std::string_view word) {
  return std::find(kPermissions.begin(), kPermissions.end(), word) != kPermissions.end();
}
// For messages: "admin, checker, maker, viewer".
[[nodiscard]] inline std::string listed(std::span<const std::string_view> words) {
  std::string out;
  for (const std::string_view word : words) out.append(out.empty() ? "" : ", ").append(word);
  return out;
}
// Of the form of an ISO 3166-1 alpha-2 code.
[[nodiscard]] constexpr bool is_country(std::string_view code) {
  return code.size() == 2 &&
         std::all_of(code.begin(), code.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

}  // namespace usance
