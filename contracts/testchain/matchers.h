// GoogleTest matchers for what calls come to.
#pragma once

#include <gmock/gmock.h>

#include "contracts/testchain/chain.h"

// Runs a suite that is parametrised over Kind on every kind of chain that this build has.
#define USANCE_ON_EVERY_CHAIN(suite)                                                             \
  INSTANTIATE_TEST_SUITE_P(Chains, suite, ::testing::ValuesIn(::usance::testchain::kinds()),     \
                           [](const ::testing::TestParamInfo<::usance::testchain::Kind>& kind) { \
                             return ::usance::testchain::name_of(kind.param);                    \
                           })

namespace usance::testchain {

// EXPECT_THAT(chain->call<...>(...), Succeeds());
MATCHER(Succeeds, negation ? "fails" : "succeeds") {
  return arg.ok();
}

// EXPECT_THAT(..., FailsWith(Error::kInsufficientFunds));
template <class Error>
auto FailsWith(Error error) {
  return ::testing::Truly([error](const Outcome& outcome) {
    return outcome.receipt.status == ReceiptStatus::kContractError &&
           outcome.receipt.code == static_cast<std::uint32_t>(error);
  });
}

MATCHER_P(IsRejected, code, "is rejected") {
  return arg.receipt.status == ReceiptStatus::kRejected &&
         arg.receipt.code == static_cast<std::uint32_t>(code);
}

MATCHER_P(Traps, code, "traps") {
  return arg.receipt.status == ReceiptStatus::kTrap &&
         arg.receipt.code == static_cast<std::uint32_t>(code);
}

// EXPECT_THAT(..., Emits(Transferred{...}));
template <class T>
auto Emits(const T& event) {
  return ::testing::Truly([event](const Outcome& outcome) { return outcome.event<T>() == event; });
}

}  // namespace usance::testchain
