// What customs compares for a line of a declaration: the declared value with the invoice, the
// amount that banks financed, the exporter's declaration and the prices of others. A flag justifies
// a query and a release against a guarantee; it never replaces the declared value by a reference
// price. Thresholds and flags are customs' own: nothing of this goes on the ledger but a case
// number.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace usance::documents {

enum class Misinvoicing : std::uint8_t {
  kUnder,     // declared for less than the evidence says
  kOver,      // declared for more
  kQuantity,  // the weight is not that of the transport document
  kPhantom,   // no event of a shipment
  kMultiple,  // one invoice declared for more than it is, under several numbers
  kOrigin,    // another origin than the certificate's
};
[[nodiscard]] const char* name_of(Misinvoicing flag);

enum class Basis : std::uint8_t { kFob, kCif };

// An amount in minor units of the declaration's currency, on a basis. Freight and insurance bring
// FOB to CIF (WTO valuation agreement, article 8).
struct Value {
  std::int64_t amount = 0;
  Basis basis = Basis::kCif;
};

struct CustomsLine {
  Value declared;
  std::int64_t freight = 0;
  std::int64_t insurance = 0;
  std::int64_t quantity = 0;  // in the unit of the reference prices
  std::int64_t net_weight_grams = 0;
  std::string origin;  // ISO 3166-1 alpha-2

  // What is there to compare with.
  std::optional<Value> invoice;
  std::optional<Value> financed;  // or the letter of credit's amount
  std::optional<Value> mirror;    // the exporter's declaration
  std::optional<std::int64_t> transport_weight_grams;
  std::optional<std::string> certificate_origin;
  std::optional<std::uint32_t> shipment_events;
  std::uint32_t invoice_share_elsewhere = 0;  // basis points, under other declarations
  std::uint32_t invoice_share_here = 0;
  // CIF, of others: one heading of six digits, origin, unit and month.
  std::vector<std::int64_t> unit_prices;
};

struct MisinvoicingRules {
  std::uint32_t least_ratio = 8'000;     // basis points; the most is its reciprocal
  std::uint32_t deviations = 35'000;     // ten-thousandths of a standard deviation: 3.5
  std::uint32_t weight_tolerance = 500;  // basis points
  std::size_t least_observations = 8;    // fewer prices say nothing
};

struct MisinvoicingFlag {
  Misinvoicing flag = Misinvoicing::kUnder;
  std::string against;  // "invoice", "financed", "mirror", "unit prices", ...

  friend bool operator==(const MisinvoicingFlag&, const MisinvoicingFlag&) = default;
};

// From JSON; docs/documents.md has the fields. kMalformed, kInvalidArgument: also for a field that
// is none.
[[nodiscard]] Result<CustomsLine> read_customs_line(std::string_view json);

// In the order of the fields above. kInvalidArgument: an amount that is not positive, a quantity of
// zero where prices are given, sums that do not fit.
[[nodiscard]] Result<std::vector<MisinvoicingFlag>> misinvoicing_flags(
    const CustomsLine& line, const MisinvoicingRules& rules = {});

// What a line without flags does not say: "invoice", "unit prices (7 of 8)", ...; in that order.
[[nodiscard]] std::vector<std::string> not_compared(const CustomsLine& line,
                                                    const MisinvoicingRules& rules = {});

}  // namespace usance::documents
