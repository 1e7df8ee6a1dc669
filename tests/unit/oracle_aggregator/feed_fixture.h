// A container's temperature in tenths of a degree, reported by five oracles; one liar is borne.
#pragma once

#include <gtest/gtest.h>

#include "contracts/testchain/chain.h"
#include "contracts/testchain/matchers.h"
#include "deposit/deposit.usance.h"
#include "oracle_aggregator/oracle_aggregator.usance.h"
#include "probe/probe.usance.h"

namespace usance::oracle_aggregator::v1 {

using testchain::Caller;
using testchain::Emits;
using testchain::FailsWith;
using testchain::Succeeds;

class FeedTest : public ::testing::TestWithParam<testchain::Kind> {
 protected:
  static constexpr const char* kContract = "oracle_aggregator";
  static constexpr const char* kFeed = "MSKU1234565/temperature";
  static constexpr std::int64_t kTimeoutMs = 60'000;
  static constexpr std::int64_t kMaxAgeMs = 300'000;

  const Caller carrier{"carrier", "carla"};
  const Caller insurer{"insurer", "ines"};
  const Caller bank{"bank", "berta"};
  const Caller inspector{"inspector", "ivan"};

  static Caller oracle(int number) { return {"oracle-" + std::to_string(number), "gateway"}; }

  static Rules rules() {
    Rules out;
    out.tolerated_liars = 1;
    out.min_submissions = 3;
    out.max_submissions = 5;
    out.timeout_ms = kTimeoutMs;
    out.min_value = -500;
    out.max_value = 600;
    out.outlier_factor_permille = 3'500;
    out.tolerance = 5;
    return out;
  }

  // How many organisations are oracles, in feeds or not.
  [[nodiscard]] virtual int oracles_there_are() const { return 7; }

  void SetUp() override {
    testchain::Setup setup;
    setup.members = {{carrier, {"carrier"}, {"maker", "checker"}},
                     {insurer, {"corporate"}, {"checker"}},
                     {bank, {"bank"}, {"maker", "checker"}},
                     {inspector, {"inspector"}, {"maker", "checker"}}};
    for (int i = 1; i <= oracles_there_are(); ++i)
      setup.members.push_back({oracle(i), {"oracle"}, {"maker", "checker"}});
    setup.contracts = {{kContract, &invoke, {}},
                       {"deposit", &deposit::v1::invoke, {}},
                       {"probe", &probe::v1::invoke, USANCE_BINARY_DIR "/wasm/test/probe.wasm"}};
    chain = testchain::make_chain(GetParam(), setup);
    ASSERT_THAT(create(rules(), 5), Succeeds());
  }

  testchain::Outcome create(const Rules& with, int oracles, const std::string& feed = kFeed) {
    CreateFeedRequest request{feed, "reefer supply air", "degrees Celsius", 1, with, {}, {}, {}};
    for (int i = 1; i <= oracles; ++i) request.oracles.push_back(oracle(i).organisation);
    return chain->call<method::CreateFeed>(carrier, kContract, request);
  }
  testchain::Reply<RoundStatus> submit(int who, std::uint64_t round, std::int64_t value) {
    return chain->call<method::Submit>(oracle(who), kContract, {kFeed, round, value, {}});
  }
  void submit_all(std::uint64_t round, const std::vector<std::int64_t>& values) {
    for (std::size_t i = 0; i < values.size(); ++i)
      ASSERT_THAT(submit(static_cast<int>(i) + 1, round, values[i]), Succeeds());
  }
  testchain::Outcome set_rules(const Rules& with) {
    return chain->call<method::SetRules>(carrier, kContract, {kFeed, with});
  }
  testchain::Outcome change(std::vector<std::string> remove, std::vector<std::string> add,
                            std::optional<Rules> with = {}) {
    return chain->call<method::ChangeOracles>(
        carrier, kContract, {kFeed, std::move(remove), std::move(add), std::move(with)});
  }
  Answer read(std::int64_t max_age_ms = kMaxAgeMs) {
    return chain->view<method::Read>(insurer, kContract, {kFeed, max_age_ms, false}).response;
  }
  Round round(std::uint64_t number) {
    return chain->view<method::GetRound>(insurer, kContract, {kFeed, number}).response;
  }
  Feed feed() { return chain->view<method::GetFeed>(insurer, kContract, {kFeed}).response; }
  Eligibility eligibility(int who) {
    return chain
        ->view<method::GetEligibility>(insurer, kContract, {kFeed, oracle(who).organisation})
        .response;
  }

  std::unique_ptr<testchain::Chain> chain;
};

}  // namespace usance::oracle_aggregator::v1
