// Random actions by everybody, thousands of them, and the clock: money is conserved, an undertaking
// pays or returns its amount exactly once, what has ended stays as it is, and the same actions come
// to the same state.
#include <map>
#include <random>

#include "undertaking_fixture.h"

namespace usance::payment_undertaking::v1 {
namespace {

class RandomUndertakings : public UndertakingTest {
 protected:
  static constexpr int kUndertakings = 4;
  static constexpr std::int64_t kEach = kAmount / kUndertakings;

  std::uint32_t below(std::uint32_t bound) { return static_cast<std::uint32_t>(random_() % bound); }
  std::string name() { return names_[below(static_cast<std::uint32_t>(names_.size()))]; }
  const Caller& anybody() {
    const std::array<const Caller*, 7> all{&maker,      &checker,  &grower, &surveyor,
                                           &laboratory, &outsider, &carrier};
    return *all[below(all.size())];
  }
  // Mostly who usually does it, so that sequences get far.
  const Caller& mostly(const Caller& usual) { return below(4) == 0 ? anybody() : usual; }

  void begin() {
    ++series_;
    names_.clear();
    for (int i = 0; i < kUndertakings; ++i) {
      Terms next = i % 2 == 0 ? terms() : attested_terms();
      if (i == 3) next.oracle = terms().oracle;
      next.reference = "R" + std::to_string(series_) + "-" + std::to_string(i);
      next.amount = usd(kEach);
      next.date_ms = chain->now_ms() + kDayMs * (1 + below(5));
      ASSERT_THAT(draft(next), Succeeds());
      names_.push_back("juice-maker/" + next.reference);
    }
  }
  void act_once() {
    const std::string which = name();
    switch (below(12)) {
      case 0:
      case 1: (void)chain->call<method::Issue>(mostly(checker), kContract, {which, 1}); break;
      case 2: {
        const Caller& who = below(2) == 0 ? surveyor : laboratory;
        (void)chain->call<method::Attest>(who, kContract, {which, mostly(who).organisation, {}});
        break;
      }
      case 3: (void)chain->call<method::CheckCondition>(anybody(), kContract, {which}); break;
      case 4: (void)chain->call<method::PayAgain>(anybody(), kContract, {which}); break;
      case 5:
        if (below(4) == 0)
          (void)chain->call<method::AgreeToCancel>(mostly(grower), kContract, {which});
        break;
      case 6: (void)chain->call<method::Cancel>(mostly(checker), kContract, {which}); break;
      case 7:
        if (below(8) == 0) (void)chain->call<method::Withdraw>(mostly(maker), kContract, {which});
        break;
      case 8: grant(below(2) == 0 ? kEach : 10 * kAmount); break;
      case 9: chain->advance_by(below(3) == 0 ? kDayMs / 2 : kHourMs / 4); break;
      default: report(); break;
    }
  }
  void report() {
    const std::uint64_t round = feed().reporting_round + below(2);
    const int who = static_cast<int>(below(5)) + 1;
    if (below(20) == 0)
      (void)chain->call<oracle::method::Appeal>(mostly(maker), kOracle, {kFeed, round, "doubt"});
    else if (below(20) == 0)
      (void)chain->call<oracle::method::DecideAppeal>(surveyor, kOracle,
                                                      {kFeed, round, below(2) == 0});
    else
      (void)submit(who, round, who == 5 ? 300 : 60 + static_cast<int>(below(30)));
  }
  Undertaking at(const std::string& which) {
    return chain->view<method::GetUndertaking>(outsider, kContract, {which}).response;
  }
  void expect_sound() {
    std::int64_t held_for = 0;
    for (const std::string& which : names_) {
      const Undertaking now = at(which);
      if (now.state == State::kIssued || now.state == State::kPayable) held_for += kEach;
      const auto before = ended_.find(which);
      if (before != ended_.end()) {
        EXPECT_EQ(now, before->second) << which << " has changed after its end";
      } else if (now.state > State::kPayable) {
        ended_.emplace(which, now);
        if (now.state == State::kPaid) paid_ += kEach;
      }
    }
    EXPECT_EQ(held(kObligorAccount), held_for);
    EXPECT_EQ(available(kBeneficiaryAccount), paid_);
    EXPECT_EQ(available(kObligorAccount) + held(kObligorAccount) + paid_, minted_);
  }
  // Returns what the end of each series was.
  std::vector<Undertaking> run(std::uint32_t seed, int series, int actions) {
    random_.seed(seed);
    std::vector<Undertaking> ends;
    for (int i = 0; i < series && !HasFailure(); ++i) {
      begin();
      for (int k = 0; k < actions && !HasFailure(); ++k) {
        act_once();
        if (k % 5 == 0) expect_sound();
      }
      grant(10 * kAmount);
      chain->advance_by(8 * kDayMs);
      chain->advance_by(kHourMs);
      expect_sound();
      for (const std::string& which : names_) {
        ends.push_back(at(which));
        EXPECT_TRUE(ends.back().state > State::kPayable || ends.back().state == State::kDraft);
      }
      top_up();
    }
    return ends;
  }
  // So that the next series can be issued in full.
  void top_up() {
    const std::int64_t missing = kAmount - available(kObligorAccount);
    if (missing == 0) return;
    ASSERT_THAT(chain->call<deposit::v1::method::Mint>(gulf, "deposit",
                                                       {kObligorAccount, usd(missing), ""}),
                Succeeds());
    minted_ += missing;
  }
  void start_again() {
    ended_.clear();
    paid_ = 0;
    minted_ = kAmount;
    series_ = 0;
    SetUp();
  }

  std::mt19937 random_;
  std::vector<std::string> names_;
  std::map<std::string, Undertaking> ended_;
  std::int64_t paid_ = 0;
  std::int64_t minted_ = kAmount;
  int series_ = 0;
};
USANCE_ON_EVERY_CHAIN(RandomUndertakings);

TEST_P(RandomUndertakings, ConserveMoneyAndPayOnce) {
  const auto ends = run(20'261'122, 20, 150);
  std::map<State, int> seen;
  for (const Undertaking& end : ends) ++seen[end.state];
  // The sequences get everywhere.
  for (const State state : {State::kPaid, State::kRefunded, State::kCancelled, State::kWithdrawn})
    EXPECT_GT(seen[state], 0) << static_cast<int>(state);
}

TEST_P(RandomUndertakings, ComeToTheSameWhenReplayed) {
  const auto first = run(7, 3, 150);
  start_again();
  EXPECT_EQ(first, run(7, 3, 150));
}

}  // namespace
}  // namespace usance::payment_undertaking::v1
