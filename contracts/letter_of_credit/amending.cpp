#include "contracts/letter_of_credit/amending.h"

#include <algorithm>

#include "contracts/letter_of_credit/terms_check.h"
#include "contracts/letter_of_credit/words.h"

namespace usance::letter_of_credit::v1 {
namespace {

void replace(std::string& term, const std::string& with) {
  if (!with.empty()) term = with;
}

std::optional<contract::Failure> change_amount(Terms& terms, const TermsChange& change) {
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
  return std::nullopt;
}

// A latest date (44C) and periods (44D) take each other's place.
std::optional<contract::Failure> change_shipment(Terms& terms, const TermsChange& change,
                                                 std::uint64_t made) {
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

}  // namespace

bool changes_nothing(const TermsChange& change) {
  return change == TermsChange{};
}

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
  for (const std::string& title : change.delete_documents) {
    const auto names_it = [&title](const RequiredDocument& document) {
      return same_words(document.title, title);
    };
    if (std::erase_if(terms.documents, names_it) == 0) {
      return errors::bad_term("delete_documents", "the credit does not require " + title);
    }
  }
  terms.documents.insert(terms.documents.end(), change.add_documents.begin(),
                         change.add_documents.end());
  return check_terms(terms, terms.issuing_bank.organisation);
}

}  // namespace usance::letter_of_credit::v1
