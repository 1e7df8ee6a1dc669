// The words after "usance call", "query view" and "contract trace": contract, method, its flags,
// and global flags among them (a field of the same name as a global flag is meant, if the method
// has one: the global flag then goes before "call").
#pragma once

#include <string>
#include <vector>

#include "tools/usance/context.h"

namespace usance::cli {

// The flags of a verb itself. Those that it does not take are the method's, if it has them, and
// otherwise mistakes: nothing that was asked for is silently left out.
struct VerbFlags {
  bool dry_run = false;    // --simulate, --dry-run
  bool gas_limit = false;  // --gas-limit N, at least 1
  bool height = false;     // --height H, at least 1
};
inline constexpr VerbFlags kCallFlags{.dry_run = true, .gas_limit = true};
inline constexpr VerbFlags kViewFlags{.height = true};
inline constexpr VerbFlags kTraceFlags{.gas_limit = true, .height = true};

struct CallWords {
  std::string contract;  // empty: help on the verb itself
  std::string method;    // empty: list the methods
  std::vector<std::string> flags;
  bool help = false;
  bool dry_run = false;
  std::uint64_t gas_limit = 0;  // 0: not given
  std::uint64_t height = 0;     // 0: not given, the latest
};

// Takes global flags out of the words and into the context. No contract is a mistake unless help
// was asked for.
[[nodiscard]] Outcome<CallWords> split_call_words(Context& context, std::vector<std::string> words,
                                                  const VerbFlags& takes);

}  // namespace usance::cli
