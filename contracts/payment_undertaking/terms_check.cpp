#include "payment_undertaking/terms_check.h"

#include "contracts/sdk/instant.h"

namespace usance::payment_undertaking::v1 {
namespace {

constexpr std::size_t kKeySize = 32;
// Longer than any trade; keeps sums of instants far from overflow.
constexpr std::int64_t kLongestMs = 10 * 366 * sdk::kDayMs;

void require_term(bool holds, std::string_view term, std::string_view reason) {
  if (!holds) sdk::fail(errors::bad_term(term, reason));
}

void check_attestors(std::string_view obligor, const Terms& terms) {
  const AttestorCondition& condition = *terms.attestors;
  const auto& all = condition.attestors;
  require_term(condition.needed > 0 && condition.needed <= all.size(), "attestors.needed",
               "more than there are, or none");
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Attestor& attestor = all[i];
    require_term(attestor.organisation.empty() != attestor.public_key.empty(), attestor.name,
                 "an attestor is a member or a key");
    require_term(attestor.public_key.empty() || attestor.public_key.size() == kKeySize,
                 attestor.name, "an Ed25519 key has 32 bytes");
    // Who gains or loses by it is no witness.
    require_term(attestor.organisation != obligor && attestor.organisation != terms.beneficiary,
                 attestor.name, "a party cannot attest");
    for (std::size_t k = 0; k < i; ++k) {
      const bool same_member =
          !attestor.organisation.empty() && attestor.organisation == all[k].organisation;
      const bool same_key =
          !attestor.public_key.empty() && attestor.public_key == all[k].public_key;
      require_term(attestor.name != all[k].name && !same_member && !same_key, attestor.name,
                   "named twice");
    }
  }
}

}  // namespace

void check_terms(sdk::Context& ctx, std::string_view obligor, const Terms& terms) {
  require_term(terms.amount.minor_units > 0, "amount", "not positive");
  require_term(terms.account != terms.to, "to", "the account that pays");
  require_term(terms.reference.find('/') == std::string::npos, "reference", "contains a /");
  if (terms.date_ms <= ctx.now_ms())
    sdk::fail(errors::date_passed(sdk::exact_instant(terms.date_ms)));
  require_term(terms.date_ms - ctx.now_ms() <= kLongestMs, "date_ms", "more than ten years ahead");
  if (!terms.oracle && !terms.attestors) sdk::fail(errors::no_condition());
  if (terms.oracle) {
    require_term(terms.oracle->min <= terms.oracle->max, "oracle", "no value meets it");
    require_term(terms.oracle->max_age_ms > 0, "oracle.max_age_ms", "not positive");
    require_term(terms.oracle->not_before_ms <= terms.date_ms, "oracle.not_before_ms",
                 "after the date");
  }
  if (terms.attestors) check_attestors(obligor, terms);
}

}  // namespace usance::payment_undertaking::v1
