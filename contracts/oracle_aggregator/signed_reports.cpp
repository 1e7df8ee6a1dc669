#include "oracle_aggregator/signed_reports.h"

#include <utility>

#include "contracts/sdk/instant.h"
#include "oracle_aggregator/statements.h"

namespace usance::oracle_aggregator::v1 {
namespace {

sdk::Record<ReportingKey> key_of(sdk::Context& ctx, std::string_view oracle) {
  return {ctx, oracle_scope(oracle)};
}

void require_signature(sdk::Context& ctx, const std::string& feed, std::uint64_t round,
                       const SignedReport& report, const sdk::Bytes& key) {
  const SourceProof source = report.source.value_or(SourceProof{});
  const sdk::Bytes statement =
      report_statement({ctx.self(), feed, round, report.oracle, report.value, report.observed_ms,
                        source.source, source.fetched_ms, source.proof});
  if (!ctx.ed25519_verify(key, ctx.sha256(statement), report.signature))
    sdk::fail(errors::bad_report_signature(report.oracle));
}

void require_may_hand_in(sdk::Context& ctx, const Feed& feed, std::uint64_t round) {
  const std::string& name = ctx.organisation();
  if (name == feed.administrator) return;
  const std::optional<Oracle> oracle = find_oracle(ctx, feed.feed, name);
  if (!oracle || !serves(*oracle, round)) sdk::fail(errors::may_not_hand_in(name, feed.feed));
}

// What was observed long before the round says nothing about it; nothing is observed ahead of time.
void require_in_time(sdk::Context& ctx, const Round& round, const SignedReport& report) {
  const std::int64_t earliest = round.started_ms - round.rules.timeout_ms;
  if (report.observed_ms < earliest || report.observed_ms > ctx.now_ms())
    sdk::fail(errors::report_out_of_time(report.oracle, sdk::exact_instant(report.observed_ms)));
}

// Whether the key was the oracle's at some moment from when the round opened.
bool was_key_of(sdk::Context& ctx, const std::string& oracle, const sdk::Bytes& key,
                std::int64_t round_started_ms) {
  const std::optional<ReportingKey> current = key_of(ctx, oracle).find();
  if (current && current->public_key == key) return true;
  const std::optional<FormerKey> former =
      sdk::Collection<FormerKey>(ctx, oracle_scope(oracle)).find(key);
  return former && former->until_ms >= round_started_ms;
}

}  // namespace

void set_reporting_key(sdk::Context& ctx, const sdk::Bytes& public_key) {
  const std::string& oracle = ctx.organisation();
  if (public_key.size() != kPublicKeyBytes) sdk::fail(errors::key_malformed());
  sdk::Record<ReportingKey> record = key_of(ctx, oracle);
  sdk::Collection<FormerKey> former(ctx, oracle_scope(oracle));
  const std::optional<ReportingKey> known = record.find();
  if (former.exists(public_key) || (known && known->public_key == public_key))
    sdk::fail(errors::key_used(oracle));
  if (known) former.put(known->public_key, {known->from_ms, ctx.now_ms()});
  record.put({public_key, ctx.now_ms()});
  ctx.emit(ReportingKeySet{oracle, public_key, ctx.actor()});
}

Round submit_signed(sdk::Context& ctx, Feed& feed, const SubmitSignedRequest& request) {
  require_may_hand_in(ctx, feed, request.round);
  Rounds rounds(ctx, feed);
  Round round;
  SignedReportsTaken event{feed.feed, request.round, {}, ctx.actor()};
  bool values = false;
  bool out_of_range = false;
  for (const SignedReport& report : request.reports) {
    std::optional<Oracle> oracle = find_oracle(ctx, feed.feed, report.oracle);
    if (const auto why = rounds.obstacle(oracle, report.oracle, request.round)) sdk::fail(*why);
    const ReportingKey key =
        key_of(ctx, report.oracle).get([&] { return errors::no_reporting_key(report.oracle); });
    require_signature(ctx, feed.feed, request.round, report, key.public_key);
    round = rounds.open_for(*oracle, request.round);
    require_plain_reports(feed.feed, round.rules);
    require_in_time(ctx, round, report);
    oracle->last_reported_round = request.round;
    store_oracle(ctx, feed.feed, *oracle);

    const sdk::Actor by{report.oracle, {}};
    const bool above = report.value > round.rules.max_value;
    if (above || report.value < round.rules.min_value) {
      rounds.take_out_of_range(round, by, above);
      out_of_range = true;
    } else {
      Submission submission;
      submission.value = report.value;
      submission.source = report.source;
      rounds.take(round, by, std::move(submission));
      values = true;
    }
    // For the next report's obstacle: how many there are, and that this one is among them.
    rounds.store(round);
    event.oracles.push_back(report.oracle);
  }
  rounds.conclude(round, values, out_of_range);
  ctx.emit(event);
  return round;
}

void prove_report_equivocation(sdk::Context& ctx, const ReportEquivocationRequest& request) {
  const SignedReport& first = request.first;
  const SignedReport& second = request.second;
  if (first.oracle != second.oracle || first.value == second.value)
    sdk::fail(errors::no_equivocation());
  Feed feed = load_feed(ctx, request.feed);
  if (!find_oracle(ctx, feed.feed, first.oracle))
    sdk::fail(errors::not_enabled_oracle(first.oracle));
  const Round round = Rounds(ctx, feed).load(request.round);
  if (!was_key_of(ctx, first.oracle, request.public_key, round.started_ms))
    sdk::fail(errors::bad_report_signature(first.oracle));
  require_signature(ctx, feed.feed, round.round, first, request.public_key);
  require_signature(ctx, feed.feed, round.round, second, request.public_key);
}

}  // namespace usance::oracle_aggregator::v1
