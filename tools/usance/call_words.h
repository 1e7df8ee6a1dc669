// The words after "usance call" and "usance query view": contract, method, its flags, and global
// flags among them (a field of the same name as a global flag is meant, if the method has one: the
// global flag then goes before "call").
#pragma once

#include <string>
#include <vector>

#include "tools/usance/context.h"

namespace usance::cli {

struct CallWords {
  std::string contract;
  std::string method;  // empty: list the methods
  std::vector<std::string> flags;
  bool help = false;
  bool dry_run = false;
  std::uint64_t gas_limit = 0;
  std::uint64_t height = 0;  // views only
};

// Takes global flags out of the words and into the context.
[[nodiscard]] Outcome<CallWords> split_call_words(Context& context, std::vector<std::string> words);

}  // namespace usance::cli
