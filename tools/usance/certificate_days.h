// How long the certificates live that `usance node init` makes.
#pragma once

namespace usance::cli {

inline constexpr unsigned kAuthorityDays = 10 * 365;
inline constexpr unsigned kNodeDays = 397;  // renewed over the same key, which stays pinned
inline constexpr unsigned kUserDays = 397;

}  // namespace usance::cli
