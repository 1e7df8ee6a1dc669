// What calls cost, kept in a file beside the tests: a change of code or compiler that makes a call
// dearer or cheaper is seen when it is made, and reviewed as a line of a diff.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include <gmock/gmock.h>

#include "contracts/testchain/chain.h"

namespace usance::testchain {

// Lines of "GAS  NAME", ascending by name. One process writes a file at a time.
class GasBook {
 public:
  // A file that is not there is an empty book. With `update` (what USANCE_UPDATE_GAS in the
  // environment asks for, as `usance contract test --update-gas` does) an entry that differs is
  // written instead of reported.
  GasBook(std::string file, bool update);

  // Nothing when the gas is as recorded; a name without an entry gets one. Else what differs and
  // what to do about it.
  [[nodiscard]] std::optional<std::string> compare(const std::string& name, std::uint64_t gas);

 private:
  [[nodiscard]] bool save() const;

  std::string file_;
  bool update_;
  std::map<std::string, std::uint64_t> entries_;
};

[[nodiscard]] bool gas_update_wanted();

#ifdef USANCE_GAS_FILE
// EXPECT_THAT(chain->call<...>(...), CostsAsRecorded("Transfer"));
// Native contracts are not metered and always agree.
MATCHER_P(CostsAsRecorded, name, "costs as recorded") {
  static GasBook book(USANCE_GAS_FILE, gas_update_wanted());
  if (arg.receipt.gas_used == 0) return true;
  const std::optional<std::string> difference = book.compare(name, arg.receipt.gas_used);
  if (difference) *result_listener << *difference;
  return !difference;
}
#endif

}  // namespace usance::testchain
