#include "contracts/letter_of_credit/terms_check.h"

#include "contracts/letter_of_credit/amounts.h"
#include "contracts/letter_of_credit/bounds.h"
#include "contracts/letter_of_credit/calendar.h"
#include "contracts/letter_of_credit/tenor.h"
#include "contracts/letter_of_credit/words.h"
#include "contracts/sdk/money.h"

namespace usance::letter_of_credit::v1 {
namespace {

using contract::Failure;
using Problem = std::optional<Failure>;

constexpr std::uint32_t kMaxToleranceBp = 9'900;     // (39A) has two digits
constexpr std::uint32_t kMaxPresentationDays = 999;  // (48) has three

// SWIFT's charset x without the space, no slash at an end and no two in a row (field 20).
bool is_reference(std::string_view text) {
  constexpr std::string_view kPunctuation = "/-?:().,'+";
  if (text.empty() || text.size() > 16 || text.front() == '/' || text.back() == '/') return false;
  if (text.find("//") != std::string_view::npos) return false;
  for (const char c : text) {
    const bool alphanumeric =
        (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    if (!alphanumeric && kPunctuation.find(c) == std::string_view::npos) return false;
  }
  return true;
}

// A UN/LOCODE by its form: two letters of the country, three letters or digits 2 to 9.
bool is_place(std::string_view text) {
  if (text.size() != 5) return false;
  for (std::size_t i = 0; i < 5; ++i) {
    const bool letter = text[i] >= 'A' && text[i] <= 'Z';
    const bool digit = i >= 2 && text[i] >= '2' && text[i] <= '9';
    if (!letter && !digit) return false;
  }
  return true;
}

// Pointers to literals: there are many calls, and each is smaller so.
Problem missing(const char* term, const char* article) {
  return errors::missing_term(term, article);
}
Problem bad(const char* term, const char* reason) {
  return errors::bad_term(term, reason);
}
Problem unsupported(std::string_view term, std::string_view value) {
  return errors::unsupported_term(term, value);
}

Problem check_stated(const Terms& terms) {
  if (terms.number.empty()) return missing("its number", "tag 20");
  if (!is_reference(terms.number))
    return bad("number", "1 to 16 of SWIFT's characters, no // and no slash at an end");
  if (terms.form == Form::kFormNotStated) return missing("its form", "tag 40A");
  if (terms.rules == Rules::kRulesNotStated) return missing("the rules it is subject to", "Art. 1");
  if (!terms.expiry_date.is_set()) return missing("an expiry date", "Art. 6(d)");
  if (terms.expiry_place.empty()) return missing("a place of expiry", "Art. 6(d)");
  if (terms.available_with.organisation.empty() && !terms.available_with_any_bank) {
    return missing("the bank with which it is available", "Art. 6(a)");
  }
  if (terms.available_by == AvailableBy::kAvailabilityNotStated) {
    return missing("how it is available", "Art. 6(b)");
  }
  if (terms.issuing_bank.place.empty()) return missing("the place of the issuing bank", "tag 52a");
  if (terms.applicant.name.empty()) return missing("the applicant", "tag 50");
  if (terms.beneficiary.name.empty()) return missing("the beneficiary", "tag 59");
  if (terms.beneficiary_bank.empty()) return missing("the beneficiary's bank", "tag 59");
  if (terms.amount.currency.empty() || terms.amount.minor_units == 0) {
    return missing("its amount", "tag 32B");
  }
  if (terms.goods.empty()) return missing("the goods", "tag 45A");
  if (terms.documents.empty()) return missing("any required document", "tag 46A");
  return std::nullopt;
}

Problem check_parties(const Terms& terms, std::string_view issuing_bank) {
  if (terms.issuing_bank.organisation != issuing_bank) {
    return bad("issuing_bank", "a bank issues its own credits only");
  }
  if (!is_place(terms.issuing_bank.place))
    return bad("issuing_bank.place", "a UN/LOCODE such as DEHAM");
  if (!is_place(terms.expiry_place)) return bad("expiry_place", "a UN/LOCODE such as DEHAM");
  if (terms.available_with_any_bank) {
    if (!terms.available_with.organisation.empty()) {
      return bad("available_with", "either this bank or any bank");
    }
  } else if (terms.expiry_place != terms.available_with.place) {
    return bad("expiry_place",
               "the place of the bank with which the credit is available (Art. 6(d))");
  }
  if (terms.advising_bank.organisation == issuing_bank) {
    return bad("advising_bank", "another bank than the issuing bank");
  }
  if (terms.available_by == AvailableBy::kNegotiation &&
      terms.available_with.organisation == issuing_bank) {
    return bad("available_with", "a bank negotiates the drafts on another (Art. 2)");
  }
  if (terms.confirmation != Confirmation::kWithout && requested_confirming_bank(terms).empty()) {
    return missing("the bank that is asked to confirm", "tag 58a");
  }
  if (requested_confirming_bank(terms) == issuing_bank) {
    return bad("requested_confirming_bank", "another bank than the issuing bank");
  }
  // Somebody on the ledger must be able to speak for the beneficiary.
  if (terms.beneficiary.organisation.empty() && terms.advising_bank.organisation.empty()) {
    return missing("an advising bank for a beneficiary that is no member", "Art. 9");
  }
  const bool drawn_on_applicant =
      (!terms.drawee.organisation.empty() &&
       terms.drawee.organisation == terms.applicant.organisation) ||
      (!terms.drawee.name.empty() && same_words(terms.drawee.name, terms.applicant.name));
  if (drawn_on_applicant) return errors::draft_on_applicant(terms.applicant.name);
  if (terms.available_by == AvailableBy::kAcceptance && terms.drawee.name.empty() &&
      terms.drawee.organisation.empty()) {
    return missing("the bank on which drafts are drawn", "tag 42a");
  }
  return check_payment(terms);
}

Problem check_numbers(const Terms& terms) {
  if (!contract::is_currency(terms.amount.currency)) {
    return bad("amount", "an ISO 4217 currency");
  }
  if (terms.amount.minor_units < 0) return bad("amount", "not a positive amount");
  if (terms.plus_tolerance > kMaxToleranceBp || terms.minus_tolerance > kMaxToleranceBp) {
    return bad("tolerance", "at most 99 %");
  }
  if (!ceiling(terms)) return bad("amount", "the amount with its tolerance does not fit");
  if (terms.presentation_days > kMaxPresentationDays)
    return bad("presentation_days", "at most 999");
  if (!terms.quantity.value.empty() && !parse_thousandths(terms.quantity.value)) {
    return bad("quantity", "a decimal number with at most three places");
  }
  if (!terms.unit_price.value.empty() || !terms.unit_price.unit.empty()) {
    if (parse_unit_price(terms.unit_price.value).value_or(0) == 0) {
      return bad("unit_price", "a decimal number above zero with at most six places");
    }
    if (terms.unit_price.unit.empty()) return bad("unit_price", "of which unit it is the price");
  }
  if (terms.latest_shipment.is_set() && terms.latest_shipment > terms.expiry_date) {
    return errors::shipment_after_expiry(terms.latest_shipment, terms.expiry_date);
  }
  return std::nullopt;
}

// Instalments by period (44D): one after the other, instead of a latest date of shipment (44C).
Problem check_instalments(const Terms& terms) {
  contract::Date after;
  for (const ShipmentPeriod& period : terms.shipment_periods) {
    if (period.from <= after || period.to < period.from || period.minor_units < 0) {
      return bad("shipment_periods", "each has its dates, after those of the one before");
    }
    after = period.to;
  }
  if (terms.shipment_periods.empty()) return std::nullopt;
  if (terms.latest_shipment.is_set()) {
    return bad("shipment_periods", "either periods (44D) or a latest date (44C)");
  }
  if (after > terms.expiry_date) return errors::shipment_after_expiry(after, terms.expiry_date);
  // One period is no instalment: it says when all of the goods are shipped.
  const bool in_parts = terms.shipment_periods.size() > 1;
  if (in_parts && terms.partial_shipments == Allowed::kNotAllowed) {
    return bad("partial_shipments", "instalments are partial shipments");
  }
  return std::nullopt;
}

Problem check_documents(const Terms& terms) {
  if (terms.documents.size() > kMaxRequiredDocuments) {
    return bad("documents", "a credit requires at most 32");
  }
  for (std::size_t i = 0; i < terms.documents.size(); ++i) {
    const RequiredDocument& document = terms.documents[i];
    if (document.title.empty()) return bad("documents", "every required document has a title");
    if (document.kind == DocumentKind::kDocumentKindNotStated) {
      return bad(document.title.c_str(), "which kind of document it is");
    }
    for (std::size_t j = 0; j < i; ++j) {
      if (same_words(terms.documents[j].title, document.title)) {
        return bad(document.title.c_str(), "is required twice under one title");
      }
    }
  }
  if (terms.conditions.size() > kMaxConditions) {
    return bad("conditions", "a credit has at most 32");
  }
  for (const Condition& condition : terms.conditions) {
    if (required_document(terms, condition.shown_by) == nullptr) {
      return errors::non_documentary_condition(condition.text);
    }
  }
  return std::nullopt;
}

// What a credit may say but this version of the contract does not carry out.
Problem check_supported(const Terms& terms) {
  if (terms.form != Form::kIrrevocable && terms.form != Form::kIrrevocableTransferable) {
    return unsupported("form", to_text(terms.form));
  }
  if (terms.rules != Rules::kUcp && terms.rules != Rules::kUcpurr) {
    return unsupported("rules", to_text(terms.rules));
  }
  if (terms.available_with.organisation == terms.issuing_bank.organisation &&
      terms.available_with.place != terms.issuing_bank.place) {
    return unsupported("available_with", "another place of the issuing bank");
  }
  return std::nullopt;
}

}  // namespace

Problem check_terms(const Terms& terms, std::string_view issuing_bank) {
  if (Problem problem = check_stated(terms)) return problem;
  if (Problem problem = check_parties(terms, issuing_bank)) return problem;
  if (Problem problem = check_numbers(terms)) return problem;
  if (Problem problem = check_instalments(terms)) return problem;
  if (Problem problem = check_documents(terms)) return problem;
  if (contract::to_wire(terms).size() > kMaxTermsBytes) return bad("terms", "longer than 48 KiB");
  return check_supported(terms);
}

std::int32_t presentation_period(const Terms& terms) {
  return terms.presentation_days == 0 ? kUsualPresentationDays
                                      : static_cast<std::int32_t>(terms.presentation_days);
}

std::optional<std::int64_t> ceiling(const Terms& terms) {
  return ceiling_of(
      terms.amount.minor_units,
      amount_tolerance(terms.about_amount, {terms.plus_tolerance, terms.minus_tolerance}));
}

const std::string& requested_confirming_bank(const Terms& terms) {
  return terms.requested_confirming_bank.organisation.empty()
             ? terms.advising_bank.organisation
             : terms.requested_confirming_bank.organisation;
}

const RequiredDocument* required_document(const Terms& terms, std::string_view title) {
  for (const RequiredDocument& document : terms.documents) {
    if (!title.empty() && same_words(document.title, title)) return &document;
  }
  return nullptr;
}

}  // namespace usance::letter_of_credit::v1
