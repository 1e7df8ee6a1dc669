#include "contracts/letter_of_credit/tenor.h"

#include <algorithm>

#include "contracts/letter_of_credit/amounts.h"
#include "contracts/letter_of_credit/transport_checks.h"

namespace usance::letter_of_credit::v1 {
namespace {

using contract::Date;

constexpr std::uint32_t kMaxTenorDays = 3'650;

std::optional<contract::Failure> bad(std::string_view reason) {
  return errors::bad_term("payment", reason);
}

bool is_tenor(const Tenor& tenor) {
  switch (tenor.from) {
    case TenorFrom::kAtSight: return tenor == Tenor{};
    case TenorFrom::kOnFixedDate: return tenor.on.is_set() && tenor.days == 0;
    default: return tenor.days >= 1 && tenor.days <= kMaxTenorDays && !tenor.on.is_set();
  }
}

Date invoice_date(const std::vector<Document>& documents) {
  Date date;
  for (const Document& document : documents) {
    if (document.kind == DocumentKind::kCommercialInvoice) date = std::max(date, document.date);
  }
  return date;
}

// The day from which a tenor counts; not set when the documents do not show it.
Date counts_from(const Tenor& tenor, const std::vector<Document>& documents, Date sight_on) {
  switch (tenor.from) {
    case TenorFrom::kAfterShipment: return latest_shipment_date(documents);
    case TenorFrom::kAfterInvoiceDate: return invoice_date(documents);
    case TenorFrom::kOnFixedDate: return tenor.on;
    default: return sight_on;
  }
}

}  // namespace

std::optional<contract::Failure> check_payment(const Terms& terms) {
  std::uint64_t shares = 0;
  for (const PaymentPart& part : terms.payment) {
    if (!is_tenor(part.tenor)) return bad("a tenor has 1 to 3650 days from a day, or its own date");
    if (terms.payment.size() > 1 && part.share == 0) return bad("a part of it has no share");
    shares += part.share;
  }
  if (shares != kWholeBp && (shares != 0 || terms.payment.size() > 1)) {
    return bad("its parts are not the whole");
  }
  switch (terms.available_by) {
    case AvailableBy::kSightPayment:
      if (has_tenor(terms)) return bad("payment at sight has no tenor");
      break;
    case AvailableBy::kDeferredPayment:
    case AvailableBy::kAcceptance:
      if (terms.payment.size() != 1 || !has_tenor(terms)) return bad("one part with a tenor");
      break;
    case AvailableBy::kMixedPayment:
      if (terms.payment.size() < 2) return bad("mixed payment has at least two parts");
      break;
    default:
      if (terms.payment.size() > 1) return bad("a drawing is negotiated as a whole");
      break;
  }
  return std::nullopt;
}

bool has_tenor(const Terms& terms) {
  return std::any_of(terms.payment.begin(), terms.payment.end(), [](const PaymentPart& part) {
    return part.tenor.from != TenorFrom::kAtSight;
  });
}

DueParts due_parts(const Terms& terms, const std::vector<Document>& documents, Date sight_on,
                   std::int64_t amount) {
  DueParts due;
  if (!has_tenor(terms)) {
    due.parts.push_back({amount, Date{}});
    return due;
  }
  std::int64_t rest = amount;
  for (const PaymentPart& part : terms.payment) {
    const bool last = &part == &terms.payment.back();
    DuePart out{last ? rest : share_floor(amount, part.share).value_or(0), Date{}};
    rest -= out.amount;
    if (part.tenor.from != TenorFrom::kAtSight) {
      const Date from = counts_from(part.tenor, documents, sight_on);
      if (!from.is_set()) {
        due.problem = errors::maturity_unknown(part.tenor.from);
        return due;
      }
      // The day itself does not count (Art. 3): a day after 1 March is 2 March.
      out.maturity = from.plus_days(static_cast<std::int32_t>(part.tenor.days));
    }
    due.parts.push_back(out);
  }
  return due;
}

}  // namespace usance::letter_of_credit::v1
