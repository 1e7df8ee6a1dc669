// Rounds: opening, reporting, answering, closing.
#pragma once

#include "oracle_aggregator/feeds.h"

namespace usance::oracle_aggregator::v1 {

// For a timer that ends a round: it marks up to 64 oracles and takes of the stakes of all of them.
constexpr std::int64_t kSettleGas = 60'000'000;

// VALUE_BELOW_MIN, VALUE_ABOVE_MAX.
void require_in_bounds(const Rules& rules, std::int64_t value);
// The time for appeals, or for the arbiters, does not end by itself any more.
void stop_final_timer(sdk::Context& ctx, Round& round);

// The rounds of one feed. Rounds are stored by the functions that change them; the feed, which they
// change too, by the caller.
class Rounds {
 public:
  Rounds(sdk::Context& ctx, Feed& feed) : ctx_(ctx), feed_(feed) {}

  // The round as it stands now: one whose time is over is closed, stored or not. NO_ROUND.
  [[nodiscard]] Round load(std::uint64_t round);

  // Why an oracle may not report for a round; nothing when it may. The order of the checks and
  // the names of the errors are those that oracles' operators know.
  [[nodiscard]] std::optional<sdk::Failure> obstacle(const std::optional<Oracle>& oracle,
                                                     std::string_view name, std::uint64_t round);

  // Why nothing can be revealed in a round any more.
  [[nodiscard]] static std::optional<sdk::Failure> reveal_obstacle(const Round& round);

  // Why nobody can open the next round: FEED_HALTED, TOO_FEW_ORACLES.
  [[nodiscard]] std::optional<sdk::Failure> opening_obstacle();

  // Opens the round after the newest; PREVIOUS_ROUND_NOT_SUPERSEDABLE unless that one has ended or
  // is answered.
  void request(std::string_view starter);
  // The round for a report of this oracle, opened if it is the next one.
  Round open_for(Oracle& oracle, std::uint64_t round);
  // By the calling oracle: value, device and source are set.
  void submit(Round& round, Submission submission);
  void report_out_of_range(Round& round, bool above);
  // One of these two, as the rules' bounds have it.
  void report(Round& round, Submission submission);
  // The same for reports that are handed in together: each is taken, then all are concluded from,
  // which stores the round.
  void take(Round& round, const sdk::Actor& oracle, Submission submission);
  void take_out_of_range(Round& round, const sdk::Actor& oracle, bool above);
  void conclude(Round& round, bool values, bool out_of_range);
  // For the round's timer.
  void close(Round round);
  void store(const Round& round);
  // Gives the newest round, which ended without one, the answer of its arbiters.
  void answer_by_testimony(Round& round, std::int64_t value, std::uint32_t arbiters);

 private:
  void require_supersedable();
  Round open(std::string_view starter);
  [[nodiscard]] bool is_over(const Round& round) const;
  [[nodiscard]] std::optional<sdk::Failure> not_accepting(const Round& round);
  [[nodiscard]] std::int64_t stake_for(std::uint64_t round);
  void end(Round& round) const;
  [[nodiscard]] std::uint32_t independent(const Round& round);
  void update_answer(Round& round);
  void withdraw_answer(Round& round);
  void record_end(const Round& round);
  void start_final_timer(Round& round);
  void finish(Round& round);

  sdk::Context& ctx_;
  Feed& feed_;
};

}  // namespace usance::oracle_aggregator::v1
