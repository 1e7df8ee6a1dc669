// A development network of real processes, with the deposit contract on it: what a person and a
// script meet.
#pragma once

#include "devnet_suite.h"

namespace usance::test {

using Words = std::vector<std::string>;

// One network for all tests of the suite, with the deposit contract and one funded account.
class DepositNetwork : public DevnetSuite {
 protected:
  static void SetUpTestSuite() {
    begin();
    const Said deployed =
        as("harbour-bank.maker", {"contract", "deploy", module("deposit").string()});
    ASSERT_EQ(deployed.exit, 0) << deployed;
    for (const char* holder : {"roaster", "exporter"})
      ASSERT_EQ(as("harbour-bank.maker",
                   {"call", "deposit", "OpenAccount", "--holder", holder, "--currency", "USD"})
                    .exit,
                0);
    ASSERT_EQ(as("harbour-bank.maker",
                 {"call", "deposit", "Mint", "--account", kRoaster, "--amount", "USD:1000.00"})
                  .exit,
              0);
  }
  static Said pay(const std::string& amount) {
    return as("roaster.clerk", {"call", "deposit", "Transfer", "--from", kRoaster, "--to",
                                kExporter, "--amount", amount, "--output", "json"});
  }
  static std::uint64_t height() {
    const nlohmann::json status = as("harbour-bank.admin", {"node", "status", "-o", "json"}).json();
    return status.value("certified_height", std::uint64_t{0});
  }

  static constexpr const char* kRoaster = "harbour-bank/roaster/USD";
  static constexpr const char* kExporter = "harbour-bank/exporter/USD";
};

}  // namespace usance::test
