#include "contracts/letter_of_credit/data_checks.h"

#include <algorithm>
#include <string>

#include "contracts/letter_of_credit/amounts.h"
#include "contracts/letter_of_credit/calendar.h"
#include "contracts/letter_of_credit/date_words.h"
#include "contracts/letter_of_credit/findings.h"
#include "contracts/letter_of_credit/terms_check.h"
#include "contracts/letter_of_credit/transferring.h"
#include "contracts/letter_of_credit/transport_checks.h"
#include "contracts/letter_of_credit/words.h"
#include "contracts/sdk/money.h"

namespace usance::letter_of_credit::v1 {
namespace {

using contract::Date;
using contract::to_text;

const Document* presented_for(const RequiredDocument& required,
                              const std::vector<Document>& documents) {
  for (const Document& document : documents) {
    if (same_words(document.title, required.title)) return &document;
  }
  for (const Document& document : documents) {
    if (document.title.empty() && document.kind == required.kind) return &document;
  }
  return nullptr;
}

void check_dates(const Terms& terms, const Calendar& calendar, const Drawing& drawing,
                 Findings& findings) {
  const Date expiry = extended_if_closed(calendar, terms.expiry_date);
  if (drawing.received > expiry) {
    findings.add(DiscrepancyCode::kCreditExpired, "6(d)", "", "received on", to_text(expiry),
                 to_text(drawing.received));
  }
  const Date shipment = latest_original_shipment(drawing.documents);
  if (!shipment.is_set()) return;  // copies only: no period for presentation (Art. 14(c))
  const Date last = extended_if_closed(calendar, shipment.plus_days(presentation_period(terms)));
  if (drawing.received > last) {
    findings.add(DiscrepancyCode::kLatePresentation, "14(c)", "", "received on", to_text(last),
                 to_text(drawing.received));
  }
}

void check_amount(const Terms& terms, const Drawing& drawing, Findings& findings) {
  if (drawing.claimed.currency != terms.amount.currency) {
    findings.add(DiscrepancyCode::kWrongCurrency, "18(a)", "", "claimed", terms.amount.currency,
                 drawing.claimed.currency);
    return;
  }
  if (drawing.claimed.minor_units > drawing.balance) {
    findings.add(DiscrepancyCode::kCreditOverdrawn, "30(a)", "", "claimed",
                 to_text(contract::money(terms.amount.currency, drawing.balance)),
                 to_text(drawing.claimed));
  }
  if (terms.partial_shipments == Allowed::kAllowed) return;
  if (!drawing.first_drawing) {
    findings.add(DiscrepancyCode::kPartialShipment, "31(a)", "", "drawings", "one drawing",
                 "a further one");
  }
  const std::optional<std::int64_t> least =
      floor_of(terms.amount.minor_units,
               amount_tolerance(terms.about_amount, {terms.plus_tolerance, terms.minus_tolerance}),
               {terms.quantity.about, terms.unit_price.about});
  if (least && drawing.claimed.minor_units < *least) {
    findings.add(DiscrepancyCode::kUnderdrawn, "30(c)", "", "claimed",
                 "at least " + to_text(contract::money(terms.amount.currency, *least)),
                 to_text(drawing.claimed));
  }
}

// A period missed ends the credit for it and for all later ones (Art. 32).
void check_instalment(const Terms& terms, const Drawing& drawing, Findings& findings) {
  if (terms.shipment_periods.empty()) return;
  const auto period = instalment_of(terms, drawing.documents);
  if (!period) {
    const ShipmentPeriod& only = terms.shipment_periods.front();
    const bool one = terms.shipment_periods.size() == 1;
    findings.add(DiscrepancyCode::kLateShipment, one ? "14(a)" : "32", "", "on board",
                 one ? to_text(only.from) + " to " + to_text(only.to) : "in a shipment period",
                 to_text(latest_shipment_date(drawing.documents)));
    return;
  }
  const std::uint64_t before = (std::uint64_t{1} << *period) - 1;
  if ((drawing.instalments_made & before) != before) {
    findings.add(DiscrepancyCode::kInstalmentLapsed, "32", "", "instalment",
                 "every earlier one shipped", contract::decimal(std::uint64_t{*period} + 1));
  }
  const std::int64_t most = terms.shipment_periods[*period].minor_units;
  if (most != 0 && drawing.claimed.minor_units > most) {
    findings.add(DiscrepancyCode::kCreditOverdrawn, "32", "", "claimed",
                 to_text(contract::money(terms.amount.currency, most)), to_text(drawing.claimed));
  }
}

// Goods on more than one vessel are a partial shipment, even on the same day (Art. 31(b)).
void check_one_shipment(const Terms& terms, const Drawing& drawing, Findings& findings) {
  if (terms.partial_shipments == Allowed::kAllowed) return;
  std::string vessel;
  for (const Document& document : drawing.documents) {
    const std::string& other = document.transport.vessel;
    if (!is_transport_document(document.kind) || other.empty()) continue;
    if (!vessel.empty() && !same_words(vessel, other)) {
      findings.add(DiscrepancyCode::kPartialShipment, "31(b)", document.title, "vessel", vessel,
                   other);
      return;
    }
    vessel = other;
  }
}

void check_quantity(const Terms& terms, const RequiredDocument& required,
                    const InvoiceData& invoice, Findings& findings) {
  if (terms.quantity.value.empty() || invoice.quantity.empty()) return;
  const auto stated = parse_thousandths(terms.quantity.value);
  const auto shipped = parse_thousandths(invoice.quantity);
  const Tolerance tolerance = quantity_tolerance(terms.quantity.about, terms.quantity.counts_items);
  const std::string expected = terms.quantity.value + " " + terms.quantity.unit;
  const std::string found = invoice.quantity + " " + invoice.unit;
  bool fits = stated && shipped && invoice.unit == terms.quantity.unit;
  if (fits) {
    const auto most = share_floor(*stated, kWholeBp + tolerance.plus_bp);
    const auto least = share_ceil(*stated, kWholeBp - tolerance.minus_bp);
    // Less than the whole is a partial shipment where those are allowed.
    const bool may_be_less = terms.partial_shipments == Allowed::kAllowed;
    fits = most && least && *shipped <= *most && (may_be_less || *shipped >= *least);
  }
  if (!fits) {
    findings.add(DiscrepancyCode::kQuantityDiffers, "30(b)", required.title, "quantity", expected,
                 found);
  }
}

// "about" allows 10 % of the unit price and of nothing else (Art. 30(a)); an invoice shows the unit
// price that the credit states (ISBP 745, C6).
void check_unit_price(const Terms& terms, const RequiredDocument& required,
                      const InvoiceData& invoice, Findings& findings) {
  const UnitPrice& price = terms.unit_price;
  if (price.value.empty()) return;
  const std::string& unit = invoice.price_unit.empty() ? invoice.unit : invoice.price_unit;
  const auto stated = parse_unit_price(price.value);
  const auto charged = parse_unit_price(invoice.unit_price);
  if (stated && charged && unit == price.unit) {
    const Tolerance tolerance = unit_price_tolerance(price.about);
    const auto most = share_floor(*stated, kWholeBp + tolerance.plus_bp);
    const auto least = share_ceil(*stated, kWholeBp - tolerance.minus_bp);
    if (most && least && *charged <= *most && *charged >= *least) return;
  }
  const bool shown = !invoice.unit_price.empty();
  findings.add(
      DiscrepancyCode::kUnitPriceDiffers, shown ? "30(a)" : "ISBP C6", required.title, "unit price",
      terms.amount.currency + " " + price.value + " per " + price.unit,
      shown ? invoice.total.currency + " " + invoice.unit_price + " per " + unit : "not shown");
}

void check_invoice(const Terms& terms, const RequiredDocument& required, const Document& document,
                   const Drawing& drawing, Findings& findings) {
  const InvoiceData& invoice = document.invoice;
  const std::string& issuer = invoice.issued_by.empty() ? document.issuer : invoice.issued_by;
  if (!same_words(issuer, terms.beneficiary.name)) {
    findings.add(DiscrepancyCode::kWrongIssuer, "18(a)(i)", required.title, "issued by",
                 terms.beneficiary.name, issuer);
  }
  if (!same_words(invoice.issued_to, terms.applicant.name)) {
    findings.add(DiscrepancyCode::kWrongAddressee, "18(a)(ii)", required.title, "issued to",
                 terms.applicant.name, invoice.issued_to);
  }
  if (invoice.total.currency != terms.amount.currency) {
    findings.add(DiscrepancyCode::kWrongCurrency, "18(a)(iii)", required.title, "total",
                 terms.amount.currency, invoice.total.currency);
  } else if (drawing.claimed.currency == invoice.total.currency &&
             drawing.claimed.minor_units > invoice.total.minor_units) {
    findings.add(DiscrepancyCode::kCreditOverdrawn, "18(b)", required.title, "total",
                 "at least " + to_text(drawing.claimed), to_text(invoice.total));
  }
  if (!words_agree(terms.goods, invoice.goods)) {
    findings.add(DiscrepancyCode::kGoodsDiffer, "18(c)", required.title, "goods", terms.goods,
                 invoice.goods);
  }
  check_quantity(terms, required, invoice, findings);
  check_unit_price(terms, required, invoice, findings);
}

void check_insurance(const Terms& terms, const RequiredDocument& required, const Document& document,
                     const Drawing& drawing, Findings& findings) {
  const InsuranceData& insurance = document.insurance;
  if (insurance.cover_note) {
    findings.add(DiscrepancyCode::kCoverNote, "28(c)", required.title, "kind",
                 "policy or certificate", "cover note");
  }
  const Date shipment = latest_shipment_date(drawing.documents);
  const Date effective = insurance.effective.is_set() ? insurance.effective : document.date;
  if (shipment.is_set() && effective > shipment) {
    findings.add(DiscrepancyCode::kInsuredLate, "28(e)", required.title, "effective",
                 "not after " + to_text(shipment), to_text(effective));
  }
  if (insurance.cover.currency != terms.amount.currency) {
    findings.add(DiscrepancyCode::kWrongCurrency, "28(f)(i)", required.title, "cover",
                 terms.amount.currency, insurance.cover.currency);
    return;
  }
  // The value of the goods is not known here: the larger of the claim and the gross invoices.
  std::int64_t value = drawing.claimed.minor_units;
  for (const Document& other : drawing.documents) {
    if (other.kind == DocumentKind::kCommercialInvoice) {
      value = std::max(value, other.invoice.total.minor_units);
    }
  }
  const std::optional<std::int64_t> least = share_ceil(value, insurance_cover(terms));
  if (!least || insurance.cover.minor_units < *least) {
    findings.add(DiscrepancyCode::kUnderinsured, "28(f)(ii)", required.title, "cover",
                 to_text(contract::money(terms.amount.currency, least.value_or(INT64_MAX))),
                 to_text(insurance.cover));
  }
}

void check_document(const Terms& terms, const RequiredDocument& required, const Document& document,
                    const Drawing& drawing, Findings& findings) {
  const std::uint32_t originals =
      required.originals == 0 && required.copies == 0 ? 1 : required.originals;
  if (document.originals < originals) {
    findings.add(DiscrepancyCode::kTooFewOriginals, "17(a)", required.title, "originals",
                 contract::decimal(std::uint64_t{originals}),
                 contract::decimal(std::uint64_t{document.originals}));
  }
  // Originals beyond those required serve as copies (Art. 17(d)).
  const std::uint64_t spare = document.originals > originals ? document.originals - originals : 0;
  if (document.copies + spare < required.copies) {
    findings.add(DiscrepancyCode::kTooFewOriginals, "17(d)", required.title, "copies",
                 contract::decimal(std::uint64_t{required.copies}),
                 contract::decimal(std::uint64_t{document.copies}));
  }
  if (!required.issuer.empty() && !words_agree(required.issuer, document.issuer)) {
    findings.add(DiscrepancyCode::kWrongIssuer, "14(f)", required.title, "issuer", required.issuer,
                 document.issuer);
  }
  if (document.date > drawing.received) {
    findings.add(DiscrepancyCode::kDatedAfterPresentation, "14(i)", required.title, "date",
                 "not after " + to_text(drawing.received), to_text(document.date));
  }
  if (required.kind == DocumentKind::kCommercialInvoice) {
    check_invoice(terms, required, document, drawing, findings);
  } else if (required.kind == DocumentKind::kInsuranceDocument) {
    check_insurance(terms, required, document, drawing, findings);
  } else if (is_transport_document(required.kind)) {
    check_transport(terms, required, document, findings);
  }
}

}  // namespace

std::optional<std::uint32_t> instalment_of(const Terms& terms,
                                           const std::vector<Document>& documents) {
  const Date shipment = latest_shipment_date(documents);
  for (std::uint32_t i = 0; i < terms.shipment_periods.size(); ++i) {
    const ShipmentPeriod& period = terms.shipment_periods[i];
    if (between(period.from, period.to).contains(shipment)) return i;
  }
  return std::nullopt;
}

bool in_extended_time(const Terms& terms, const Calendar& calendar, const Drawing& drawing) {
  Findings late(1);
  check_dates(terms, calendar, drawing, late);
  if (!late.take().empty()) return false;
  const Date shipment = latest_original_shipment(drawing.documents);
  return drawing.received > terms.expiry_date ||
         (shipment.is_set() && drawing.received > shipment.plus_days(presentation_period(terms)));
}

std::vector<Discrepancy> examine(const Terms& terms, const Calendar& calendar,
                                 const Drawing& drawing) {
  Findings findings(kMaxFindings);
  check_dates(terms, calendar, drawing, findings);
  check_amount(terms, drawing, findings);
  check_instalment(terms, drawing, findings);
  check_one_shipment(terms, drawing, findings);
  for (const RequiredDocument& required : terms.documents) {
    const Document* document = presented_for(required, drawing.documents);
    if (document == nullptr) {
      findings.add(DiscrepancyCode::kDocumentMissing, "14(a)", required.title, "", required.title,
                   "not presented");
      continue;
    }
    check_document(terms, required, *document, drawing, findings);
  }
  return findings.take();
}

}  // namespace usance::letter_of_credit::v1
