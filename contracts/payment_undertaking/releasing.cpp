#include "payment_undertaking/releasing.h"

#include "contracts/sdk/instant.h"
#include "oracle_aggregator/oracle_aggregator.usance.h"
#include "payment_undertaking/ending.h"
#include "payment_undertaking/statements.h"

namespace usance::payment_undertaking::v1 {
namespace {

namespace oracle = oracle_aggregator::v1;

const Attestor* find_attestor(const Terms& terms, std::string_view name) {
  if (!terms.attestors) return nullptr;
  for (const Attestor& attestor : terms.attestors->attestors)
    if (attestor.name == name) return &attestor;
  return nullptr;
}

bool has_signed(OpenUndertaking& open, const Attestor& attestor, const sdk::Bytes& signature) {
  if (!attestor.organisation.empty())
    return signature.empty() && open.ctx.organisation() == attestor.organisation;
  const sdk::Bytes statement =
      attestation_statement({open.ctx.self(), open.name, open.record.terms_hash});
  return open.ctx.ed25519_verify(attestor.public_key, open.ctx.sha256(statement), signature);
}

}  // namespace

std::string shortfall(const Terms& terms, const oracle::Answer& answer) {
  const OracleCondition& condition = *terms.oracle;
  if (answer.no_data) return "the feed has no answer";
  if (answer.disputed) return "the answer is disputed";
  if (!answer.fresh) return "the answer is too old";
  const oracle::Reading& reading = *answer.fresh;
  if (reading.appealable_until_ms != 0) return "the answer may still be appealed against";
  if (reading.unit != condition.unit || reading.decimals != condition.decimals)
    return "the answer is in another unit";
  if (reading.answered_ms < condition.not_before_ms) return "the answer is from before";
  if (reading.answered_ms > terms.date_ms) return "the answer came after the date";
  if (reading.accepted < condition.min_accepted) return "too few reports agree";
  if (condition.configuration != 0 && reading.configuration != condition.configuration)
    return "the feed's rules or oracles have changed";
  if (reading.value < condition.min || reading.value > condition.max)
    return "the answer is " + sdk::decimal(reading.value);
  return {};
}

sdk::CallResult<oracle::Answer> ask_now(OpenUndertaking& open) {
  const OracleCondition& condition = *open.record.terms.oracle;
  return oracle::OracleAggregatorClient(open.ctx, condition.contract)
      .read({condition.feed, condition.max_age_ms, true});
}

void release_for(OpenUndertaking& open, const oracle::Answer& answer) {
  const oracle::Reading& reading = *answer.fresh;
  become_payable(open, {reading.round, reading.value, reading.answered_ms, open.ctx.now_ms()});
}

void attest(OpenUndertaking& open, const AttestRequest& request) {
  open.require(State::kIssued, "attested");
  Undertaking& record = open.record;
  const Attestor* const attestor = find_attestor(record.terms, request.attestor);
  if (attestor == nullptr) sdk::fail(errors::not_an_attestor(request.attestor, open.name));
  if (open.ctx.now_ms() > record.terms.date_ms)
    sdk::fail(errors::date_passed(sdk::exact_instant(record.terms.date_ms)));
  for (const std::string& before : record.attested)
    if (before == attestor->name) sdk::fail(errors::already_attested(attestor->name));
  if (!has_signed(open, *attestor, request.signature))
    sdk::fail(errors::bad_signature(attestor->name));
  record.attested.push_back(attestor->name);
  open.changed(Action::kAttested, attestor->name);
  if (record.attested.size() < record.terms.attestors->needed) return;
  become_payable(open, {0, 0, 0, open.ctx.now_ms()});
  stop_asking(open);
}

}  // namespace usance::payment_undertaking::v1
