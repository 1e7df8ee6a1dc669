#include "contracts/letter_of_credit/transferring.h"

#include "contracts/letter_of_credit/amounts.h"
#include "contracts/letter_of_credit/terms_check.h"

namespace usance::letter_of_credit::v1 {
namespace {

std::optional<contract::Failure> changed(const char* term, const char* rule) {
  return errors::transfer_term_changed(term, rule);
}

}  // namespace

std::uint32_t insurance_cover(const Terms& terms) {
  return terms.insurance_cover == 0 ? kInsuranceCoverBp : terms.insurance_cover;
}

std::optional<contract::Failure> check_within(const Terms& original, const Terms& cut) {
  if (cut.amount.currency != original.amount.currency) return changed("currency", "stays");
  if (cut.amount.minor_units <= 0 || cut.amount.minor_units > original.amount.minor_units) {
    return changed("amount", "may only be cut");
  }
  if (cut.unit_price.value != original.unit_price.value) {
    const std::int64_t price = parse_unit_price(cut.unit_price.value).value_or(0);
    const std::int64_t most = parse_unit_price(original.unit_price.value).value_or(0);
    if (price == 0 || price > most) return changed("unit_price", "may only be cut");
  }
  if (cut.expiry_date > original.expiry_date) return changed("expiry_date", "may only be earlier");
  const bool shipped_later =
      original.latest_shipment.is_set() && cut.latest_shipment > original.latest_shipment;
  if (shipped_later) return changed("latest_shipment", "may only be earlier");
  if (presentation_period(cut) > presentation_period(original)) {
    return changed("presentation_days", "may only be fewer");
  }
  if (insurance_cover(cut) < insurance_cover(original)) {
    return changed("insurance_cover", "may only be raised");
  }
  return std::nullopt;
}

Cut cut_terms(const Terms& original, const TransferRequest& request) {
  Cut cut{original, std::nullopt};
  Terms& terms = cut.terms;
  terms.amount = request.amount;
  if (!request.unit_price.empty()) terms.unit_price.value = request.unit_price;
  if (request.expiry_date.is_set()) terms.expiry_date = request.expiry_date;
  if (request.latest_shipment.is_set()) terms.latest_shipment = request.latest_shipment;
  if (request.presentation_days != 0) terms.presentation_days = request.presentation_days;
  if (request.insurance_cover != 0) terms.insurance_cover = request.insurance_cover;
  if (request.replace_applicant) terms.applicant = original.beneficiary;
  terms.beneficiary = request.second_beneficiary;
  terms.beneficiary_bank = request.second_beneficiary_bank;
  cut.problem = check_within(original, terms);
  if (!cut.problem && terms.latest_shipment > terms.expiry_date) {
    cut.problem = errors::shipment_after_expiry(terms.latest_shipment, terms.expiry_date);
  }
  return cut;
}

bool takes_part(const Transfer& transfer) {
  if (transfer.state == TransferState::kDeclined) return false;
  return transfer.state != TransferState::kGivenBack || transfer.drawn != 0;
}

std::int64_t transferred_amount(const Transfer& transfer) {
  return ceiling(transfer.terms).value_or(0);
}

std::int64_t left_of(const Transfer& transfer) {
  return transferred_amount(transfer) - transfer.drawn;
}

}  // namespace usance::letter_of_credit::v1
