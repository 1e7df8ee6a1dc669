#include "contracts/letter_of_credit/amending.h"

#include <algorithm>

#include "contracts/letter_of_credit/terms_check.h"
#include "contracts/letter_of_credit/words.h"

namespace usance::letter_of_credit::v1 {
namespace {

using Problem = std::optional<contract::Failure>;

void replace(std::string& term, const std::string& with) {
  if (!with.empty()) term = with;
}

// 0 of these enumerations says that nothing is stated.
template <class Code>
void replace(Code& term, Code with) {
  if (with != Code{}) term = with;
}

template <class Term>
void replace(Term& term, const std::optional<Term>& with) {
  if (with) term = *with;
}

Problem change_amount(Terms& terms, const TermsChange& change) {
  if (change.increase < 0 || change.decrease < 0) {
    return errors::bad_term("amount", "increase and decrease are not negative");
  }
  if (change.increase != 0 && change.decrease != 0) {
    return errors::bad_term("amount", "an amendment increases or decreases, not both");
  }
  if (change.increase > INT64_MAX - terms.amount.minor_units) {
    return errors::bad_term("amount", "the increased amount does not fit");
  }
  terms.amount.minor_units += change.increase - change.decrease;
  if (change.plus_tolerance || change.minus_tolerance) terms.about_amount = false;
  replace(terms.plus_tolerance, change.plus_tolerance);
  replace(terms.minus_tolerance, change.minus_tolerance);
  return std::nullopt;
}

// A latest date (44C) and periods (44D) take each other's place.
Problem change_shipment(Terms& terms, const TermsChange& change, std::uint64_t made) {
  const bool to_date = change.latest_shipment.is_set();
  const auto& periods = change.shipment_periods;
  if (!to_date && periods.empty()) return std::nullopt;
  if (to_date && !periods.empty()) {
    return errors::bad_term("shipment_periods", "either periods (44D) or a latest date (44C)");
  }
  for (std::size_t i = 0; i < 64 && !to_date; ++i) {
    if ((made >> i & 1U) == 0) continue;
    if (i < periods.size() && i < terms.shipment_periods.size() &&
        periods[i] == terms.shipment_periods[i]) {
      continue;
    }
    return errors::bad_term("shipment_periods", "an instalment that was made stays as it is");
  }
  terms.latest_shipment = change.latest_shipment;
  terms.shipment_periods = periods;
  terms.shipment_period.clear();
  return std::nullopt;
}

// Who a party is on the ledger has rights and duties there.
Problem change_party(const char* term, Party& party, const Party& with) {
  if (!with.organisation.empty() && with.organisation != party.organisation) {
    return errors::bad_term(term, "another organisation takes another credit");
  }
  replace(party.name, with.name);
  replace(party.address, with.address);
  replace(party.country, with.country);
  replace(party.lei, with.lei);
  replace(party.account, with.account);
  return std::nullopt;
}

void change_payment(Terms& terms, const TermsChange& change) {
  if (!change.payment.empty()) terms.payment = change.payment;
  replace(terms.drafts_at, change.drafts_at);
  replace(terms.mixed_payment, change.mixed_payment);
  replace(terms.deferred_payment, change.deferred_payment);
}

// Documents are found by their titles, conditions by their texts. The text to be deleted that none
// of them has, or null.
template <class Part>
const std::string* change_list(std::vector<Part>& parts, std::string Part::* text, bool replace_all,
                               const std::vector<std::string>& deleted,
                               const std::vector<Part>& added) {
  if (replace_all) parts.clear();
  for (const std::string& one : deleted) {
    const auto is_it = [&](const Part& part) { return same_words(part.*text, one); };
    if (std::erase_if(parts, is_it) == 0) return &one;
  }
  parts.insert(parts.end(), added.begin(), added.end());
  return nullptr;
}

}  // namespace

std::optional<contract::Failure> apply_change(Terms& terms, const TermsChange& change,
                                              std::uint64_t instalments_made) {
  if (auto problem = change_amount(terms, change)) return problem;
  if (auto problem = change_shipment(terms, change, instalments_made)) return problem;
  if (change.expiry_date.is_set()) terms.expiry_date = change.expiry_date;
  if (change.presentation_days != 0) terms.presentation_days = change.presentation_days;
  replace(terms.place_of_receipt, change.place_of_receipt);
  replace(terms.port_of_loading, change.port_of_loading);
  replace(terms.port_of_discharge, change.port_of_discharge);
  replace(terms.final_destination, change.final_destination);
  replace(terms.goods, change.goods);
  if (!change.quantity.value.empty()) terms.quantity = change.quantity;
  if (!change.unit_price.value.empty()) terms.unit_price = change.unit_price;
  replace(terms.partial_shipments, change.partial_shipments);
  replace(terms.transhipment, change.transhipment);
  replace(terms.form, change.form);
  replace(terms.rules, change.rules);
  replace(terms.confirmation, change.confirmation);
  replace(terms.charges, change.charges);
  change_payment(terms, change);
  if (auto problem = change_party("applicant", terms.applicant, change.applicant)) return problem;
  if (auto problem = change_party("beneficiary", terms.beneficiary, change.beneficiary)) {
    return problem;
  }
  if (const std::string* unknown =
          change_list(terms.documents, &RequiredDocument::title, change.replace_documents,
                      change.delete_documents, change.add_documents)) {
    return errors::bad_term("delete_documents", "the credit does not require " + *unknown);
  }
  if (const std::string* unknown =
          change_list(terms.conditions, &Condition::text, change.replace_conditions,
                      change.delete_conditions, change.add_conditions)) {
    return errors::bad_term("delete_conditions", "the credit has no condition " + *unknown);
  }
  return check_terms(terms, terms.issuing_bank.organisation);
}

}  // namespace usance::letter_of_credit::v1
