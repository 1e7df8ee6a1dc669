// The methods of the oracle aggregator.
#include "oracle_aggregator/appeals.h"
#include "oracle_aggregator/commitments.h"
#include "oracle_aggregator/devices.h"
#include "oracle_aggregator/funds.h"
#include "oracle_aggregator/order_closing.h"
#include "oracle_aggregator/orders.h"
#include "oracle_aggregator/reading.h"
#include "oracle_aggregator/reputation.h"
#include "oracle_aggregator/signed_reports.h"
#include "oracle_aggregator/waking.h"

namespace usance::oracle_aggregator::v1 {
namespace {

using sdk::Context;
using sdk::Empty;

RoundStatus status_of(const Round& round) {
  return {round.round, round.state, static_cast<std::uint32_t>(round.submissions.size()), {}};
}

Feed administered(Context& ctx, const std::string& name) {
  Feed feed = load_feed(ctx, name);
  require_administrator(ctx, feed);
  return feed;
}

// A user moves money himself: not a contract that he calls for something else.
void require_direct(Context& ctx) {
  if (!ctx.calling_contract().empty())
    sdk::fail(errors::funds_refused("a user calls this method, not a contract"));
}

// Lets an oracle report for a round, or says why not; counts the report as made.
Round admit(Context& ctx, Rounds& rounds, const std::string& feed, std::uint64_t number) {
  const std::string& name = ctx.organisation();
  std::optional<Oracle> oracle = find_oracle(ctx, feed, name);
  if (const auto why = rounds.obstacle(oracle, name, number)) sdk::fail(*why);
  Round round = rounds.open_for(*oracle, number);
  oracle->last_reported_round = number;
  store_oracle(ctx, feed, *oracle);
  return round;
}

// Two signed statements contradict each other: who signed them stakes nothing and reports no more.
void expel_for_equivocation(Context& ctx, const std::string& name, const std::string& liar) {
  constexpr std::uint32_t kWholeStake = 10'000;  // basis points
  Feed feed = load_feed(ctx, name);
  std::vector<Penalty> penalties;
  penalise(ctx, feed, liar, kWholeStake, "EQUIVOCATION", penalties);
  announce(ctx, feed, std::move(penalties));
  expel_oracle(ctx, feed, liar);
  store_feed(ctx, feed);
  ctx.emit(OracleExpelled{feed.feed, liar, ctx.actor()});
}

class OracleAggregatorContract final : public OracleAggregator {
 public:
  Empty create_feed(Context& ctx, const CreateFeedRequest& request) override {
    require_unused_name(ctx, request.feed);
    Feed feed;
    feed.feed = request.feed;
    feed.description = request.description;
    feed.unit = request.unit;
    feed.decimals = request.decimals;
    feed.rules = request.rules;
    feed.currency = request.currency;
    feed.penalty_account = request.penalty_account;
    found_feed(ctx, feed, request.oracles, ctx.actor());
    return {};
  }

  Empty change_oracles(Context& ctx, const ChangeOraclesRequest& request) override {
    Feed feed = administered(ctx, request.feed);
    for (const std::string& oracle : request.remove) remove_oracle(ctx, feed, oracle);
    for (const std::string& oracle : request.add) add_oracle(ctx, feed, oracle);
    if (request.rules) feed.rules = *request.rules;
    check_feed(feed);
    ++feed.configuration;
    store_feed(ctx, feed);
    ctx.emit(OraclesChanged{feed.feed, request.remove, request.add, ctx.actor()});
    return {};
  }

  Empty set_rules(Context& ctx, const SetRulesRequest& request) override {
    Feed feed = administered(ctx, request.feed);
    feed.rules = request.rules;
    check_feed(feed);
    ++feed.configuration;
    store_feed(ctx, feed);
    ctx.emit(RulesChanged{feed.feed, feed.rules, ctx.actor()});
    return {};
  }

  Empty set_group(Context& ctx, const SetGroupRequest& request) override {
    Feed feed = administered(ctx, request.feed);
    std::optional<Oracle> oracle = find_oracle(ctx, feed.feed, request.oracle);
    if (!oracle) sdk::fail(errors::oracle_not_enabled(request.oracle));
    oracle->group = request.group;
    store_oracle(ctx, feed.feed, *oracle);
    ++feed.configuration;
    store_feed(ctx, feed);
    ctx.emit(GroupSet{feed.feed, request.oracle, request.group, ctx.actor()});
    return {};
  }

  RoundNumber request_round(Context& ctx, const FeedRequest& request) override {
    Feed feed = administered(ctx, request.feed);
    Rounds(ctx, feed).request(ctx.organisation());
    store_feed(ctx, feed);
    return {feed.reporting_round};
  }

  Empty resume(Context& ctx, const FeedRequest& request) override {
    Feed feed = administered(ctx, request.feed);
    feed.halted_by_round = 0;
    store_feed(ctx, feed);
    ctx.emit(FeedResumed{feed.feed, ctx.actor()});
    return {};
  }

  Empty propose_administrator(Context& ctx, const ProposeAdministratorRequest& request) override {
    Feed feed = administered(ctx, request.feed);
    feed.proposed_administrator = request.organisation;
    store_feed(ctx, feed);
    ctx.emit(AdministratorProposed{feed.feed, request.organisation, ctx.actor()});
    return {};
  }

  Empty accept_administration(Context& ctx, const FeedRequest& request) override {
    Feed feed = load_feed(ctx, request.feed);
    if (ctx.organisation() != feed.proposed_administrator)
      sdk::fail(errors::not_proposed_administrator(feed.feed, ctx.organisation()));
    feed.administrator = ctx.organisation();
    feed.proposed_administrator.clear();
    store_feed(ctx, feed);
    ctx.emit(AdministratorChanged{feed.feed, ctx.actor()});
    return {};
  }

  RoundStatus submit(Context& ctx, const SubmitRequest& request) override {
    Feed feed = load_feed(ctx, request.feed);
    Rounds rounds(ctx, feed);
    Round round = admit(ctx, rounds, feed.feed, request.round);
    require_plain_reports(feed.feed, round.rules);
    require_in_bounds(round.rules, request.value);
    Submission submission;
    submission.value = request.value;
    submission.source = request.source;
    rounds.submit(round, std::move(submission));
    store_feed(ctx, feed);
    return status_of(round);
  }

  RoundStatus report_out_of_range(Context& ctx, const ReportOutOfRangeRequest& request) override {
    Feed feed = load_feed(ctx, request.feed);
    Rounds rounds(ctx, feed);
    Round round = admit(ctx, rounds, feed.feed, request.round);
    require_plain_reports(feed.feed, round.rules);
    rounds.report_out_of_range(round, request.above);
    store_feed(ctx, feed);
    return status_of(round);
  }

  RoundStatus commit(Context& ctx, const CommitRequest& request) override {
    Feed feed = load_feed(ctx, request.feed);
    Rounds rounds(ctx, feed);
    Round round = admit(ctx, rounds, feed.feed, request.round);
    v1::commit(ctx, rounds, round, request.commitment);
    store_feed(ctx, feed);
    ctx.emit(Committed{feed.feed, round.round, ctx.organisation()});
    return status_of(round);
  }

  RoundStatus reveal(Context& ctx, const RevealRequest& request) override {
    Feed feed = load_feed(ctx, request.feed);
    const Round round = v1::reveal(ctx, feed, request);
    store_feed(ctx, feed);
    return status_of(round);
  }

  RoundStatus testify(Context& ctx, const TestifyRequest& request) override {
    Feed feed = load_feed(ctx, request.feed);
    const Round round = v1::testify(ctx, feed, request);
    store_feed(ctx, feed);
    return status_of(round);
  }

  Empty set_reporting_key(Context& ctx, const SetReportingKeyRequest& request) override {
    v1::set_reporting_key(ctx, request.public_key);
    return {};
  }

  RoundStatus submit_signed(Context& ctx, const SubmitSignedRequest& request) override {
    Feed feed = load_feed(ctx, request.feed);
    const Round round = v1::submit_signed(ctx, feed, request);
    store_feed(ctx, feed);
    return status_of(round);
  }

  Empty prove_report_equivocation(Context& ctx, const ReportEquivocationRequest& request) override {
    v1::prove_report_equivocation(ctx, request);
    expel_for_equivocation(ctx, request.feed, request.first.oracle);
    return {};
  }

  Empty post_order(Context& ctx, const PostOrderRequest& request) override {
    require_direct(ctx);
    v1::post_order(ctx, request);
    return {};
  }

  Empty cancel_order(Context& ctx, const OrderRequest& request) override {
    v1::cancel_order(ctx, request.feed);
    return {};
  }

  Empty place_bid(Context& ctx, const PlaceBidRequest& request) override {
    require_direct(ctx);
    v1::place_bid(ctx, request);
    return {};
  }

  Empty reveal_bid(Context& ctx, const RevealBidRequest& request) override {
    v1::reveal_bid(ctx, request);
    return {};
  }

  Empty match_order(Context& ctx, const OrderRequest& request) override {
    v1::match_order(ctx, request.feed);
    return {};
  }

  Empty give_back(Context& ctx, const SettleOrderRequest& request) override {
    v1::give_back(ctx, request);
    return {};
  }

  Empty settle_order(Context& ctx, const SettleOrderRequest& request) override {
    v1::settle_order(ctx, request);
    return {};
  }

  OrderView get_order(Context& ctx, const OrderRequest& request) override {
    return v1::view_order(ctx, request.feed);
  }

  Empty register_manufacturer(Context& ctx, const RegisterManufacturerRequest& request) override {
    v1::register_manufacturer(ctx, request);
    return {};
  }

  Empty register_device(Context& ctx, const RegisterDeviceRequest& request) override {
    v1::register_device(ctx, request);
    return {};
  }

  Empty calibrate(Context& ctx, const CalibrateRequest& request) override {
    v1::calibrate(ctx, request);
    return {};
  }

  RoundStatus submit_reading(Context& ctx, const SubmitReadingRequest& request) override {
    Feed feed = load_feed(ctx, request.feed);
    Rounds rounds(ctx, feed);
    // What a device says of itself is kept even if it is no report.
    if (!take_reading(ctx, feed, request)) {
      const bool opened = request.round <= feed.reporting_round;
      RoundStatus kept = opened ? status_of(rounds.load(request.round)) : RoundStatus{};
      kept.not_counted = "the device says that it was tampered with";
      return kept;
    }
    Round round = admit(ctx, rounds, feed.feed, request.round);
    require_in_time(ctx, round, request.reading);
    Submission submission;
    submission.value = request.reading.value;
    submission.device = request.serial;
    rounds.report(round, std::move(submission));
    store_feed(ctx, feed);
    return status_of(round);
  }

  Empty backfill(Context& ctx, const BackfillRequest& request) override {
    v1::backfill(ctx, request);
    return {};
  }

  Device get_device(Context& ctx, const DeviceRequest& request) override {
    return load_device(ctx, request.oracle, request.serial);
  }

  Empty fund(Context& ctx, const FundRequest& request) override {
    require_direct(ctx);
    Feed feed = administered(ctx, request.feed);
    v1::fund(ctx, feed, request);
    store_feed(ctx, feed);
    return {};
  }

  Empty withdraw_funds(Context& ctx, const WithdrawFundsRequest& request) override {
    require_direct(ctx);
    Feed feed = administered(ctx, request.feed);
    v1::withdraw_funds(ctx, feed, request);
    store_feed(ctx, feed);
    return {};
  }

  Empty collect(Context& ctx, const CollectRequest& request) override {
    require_direct(ctx);
    Feed feed = load_feed(ctx, request.feed);
    v1::collect(ctx, feed, request.to);
    store_feed(ctx, feed);
    return {};
  }

  Empty stake(Context& ctx, const StakeRequest& request) override {
    require_direct(ctx);
    v1::stake(ctx, load_feed(ctx, request.feed), request);
    return {};
  }

  Empty unstake(Context& ctx, const UnstakeRequest& request) override {
    require_direct(ctx);
    v1::unstake(ctx, load_feed(ctx, request.feed));
    return {};
  }

  Empty collect_penalties(Context& ctx, const CollectPenaltiesRequest& request) override {
    v1::collect_penalties(ctx, load_feed(ctx, request.feed), request.oracle);
    return {};
  }

  Empty prove_equivocation(Context& ctx, const EquivocationRequest& request) override {
    expel_for_equivocation(ctx, v1::prove_equivocation(ctx, request), request.oracle);
    return {};
  }

  Empty certify(Context& ctx, const CertifyRequest& request) override {
    v1::certify(ctx, request);
    return {};
  }

  OracleProfile get_oracle(Context& ctx, const OracleRequest& request) override {
    return profile_of(ctx, request.oracle);
  }

  Empty close_round(Context& ctx, const CloseRoundRequest& request) override {
    Feed feed = load_feed(ctx, request.feed);
    Rounds rounds(ctx, feed);
    rounds.close(rounds.load(request.round));
    store_feed(ctx, feed);
    return {};
  }

  SubscribeReply subscribe(Context& ctx, const SubscribeRequest& request) override {
    Feed feed = load_feed(ctx, request.feed);
    v1::subscribe(ctx, feed, request);
    store_feed(ctx, feed);
    return {feed.decimals, feed.unit, feed.rules.appeal_ms};
  }

  Empty unsubscribe(Context& ctx, const UnsubscribeRequest& request) override {
    Feed feed = load_feed(ctx, request.feed);
    v1::unsubscribe(ctx, feed, request.reference);
    store_feed(ctx, feed);
    return {};
  }

  Empty deliver(Context& ctx, const DeliverRequest& request) override {
    Feed feed = load_feed(ctx, request.feed);
    v1::deliver(ctx, feed, request);
    store_feed(ctx, feed);
    return {};
  }

  Empty appeal(Context& ctx, const AppealRequest& request) override {
    Feed feed = load_feed(ctx, request.feed);
    v1::appeal(ctx, feed, request);
    store_feed(ctx, feed);
    return {};
  }

  Empty decide_appeal(Context& ctx, const DecideAppealRequest& request) override {
    Feed feed = load_feed(ctx, request.feed);
    v1::decide_appeal(ctx, feed, request);
    store_feed(ctx, feed);
    return {};
  }

  Empty finalise(Context& ctx, const CloseRoundRequest& request) override {
    Feed feed = load_feed(ctx, request.feed);
    v1::finalise(ctx, feed, request.round);
    store_feed(ctx, feed);
    return {};
  }

  Answer read(Context& ctx, const ReadRequest& request) override {
    if (request.max_age_ms < 0)
      sdk::fail(errors::rule_out_of_range("max_age_ms", request.max_age_ms));
    Feed feed = load_feed(ctx, request.feed);
    return read_answer(ctx, feed, request.max_age_ms, request.final_only);
  }

  Feed get_feed(Context& ctx, const FeedRequest& request) override {
    return load_feed(ctx, request.feed);
  }

  Round get_round(Context& ctx, const GetRoundRequest& request) override {
    Feed feed = load_feed(ctx, request.feed);
    return Rounds(ctx, feed).load(request.round == 0 ? feed.reporting_round : request.round);
  }

  Eligibility get_eligibility(Context& ctx, const EligibilityRequest& request) override {
    Feed feed = load_feed(ctx, request.feed);
    return eligibility(ctx, feed, request.oracle);
  }
};

}  // namespace

void invoke(Context& ctx) {
  OracleAggregatorContract contract;
  dispatch(ctx, contract);
}

}  // namespace usance::oracle_aggregator::v1
