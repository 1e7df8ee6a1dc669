#include "tools/documents/misinvoicing.h"

#include <algorithm>

namespace usance::documents {

namespace {

using Wide = __int128;

constexpr std::int64_t kMostAmount = INT64_MAX / 4;
constexpr std::int64_t kMostUnits = 1'000'000'000'000;  // keeps products within 128 bits
// A normal distribution's standard deviation is 1.4826 medians of the absolute deviations.
constexpr Wide kDeviationPerMad = 14'826;

std::int64_t median(std::vector<std::int64_t> values) {
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  if (values.size() % 2 == 1) return values[middle];
  return values[middle - 1] + (values[middle] - values[middle - 1]) / 2;
}

class Comparison {
 public:
  Comparison(const CustomsLine& line, const MisinvoicingRules& rules)
      : line_(line), rules_(rules), declared_(cif(line.declared)) {}

  void with_value(const std::optional<Value>& value, const char* name) {
    if (!value) return;
    const Wide other = cif(*value);
    if (Wide{declared_} * 10'000 < other * rules_.least_ratio)
      flag(Misinvoicing::kUnder, name);
    else if (other * 10'000 < Wide{declared_} * rules_.least_ratio)
      flag(Misinvoicing::kOver, name);
  }
  // |unit price - median| > 3.5 x 1.4826 x MAD, without dividing.
  void with_prices() {
    if (line_.unit_prices.size() < rules_.least_observations) return;
    const std::int64_t middle = median(line_.unit_prices);
    std::vector<std::int64_t> apart;
    apart.reserve(line_.unit_prices.size());
    for (const std::int64_t price : line_.unit_prices)
      apart.push_back(price < middle ? middle - price : price - middle);
    const Wide far = Wide{median(std::move(apart))} * kDeviationPerMad * rules_.deviations;
    const Wide difference = Wide{declared_} - Wide{middle} * line_.quantity;
    const Wide scaled = (difference < 0 ? -difference : difference) * 10'000 * 10'000;
    if (scaled <= far * line_.quantity) return;
    flag(difference < 0 ? Misinvoicing::kUnder : Misinvoicing::kOver, "unit prices");
  }
  void with_facts() {
    if (line_.transport_weight_grams) {
      const Wide there = *line_.transport_weight_grams;
      const Wide apart = there > line_.net_weight_grams ? there - line_.net_weight_grams
                                                        : line_.net_weight_grams - there;
      if (apart * 10'000 > there * rules_.weight_tolerance)
        flag(Misinvoicing::kQuantity, "transport document");
    }
    if (line_.shipment_events && *line_.shipment_events == 0)
      flag(Misinvoicing::kPhantom, "shipment");
    if (std::uint64_t{line_.invoice_share_here} + line_.invoice_share_elsewhere > 10'000)
      flag(Misinvoicing::kMultiple, "other declarations");
    if (line_.certificate_origin && *line_.certificate_origin != line_.origin)
      flag(Misinvoicing::kOrigin, "certificate");
  }
  std::vector<MisinvoicingFlag> take() { return std::move(flags_); }

 private:
  [[nodiscard]] std::int64_t cif(const Value& value) const {
    return value.basis == Basis::kCif ? value.amount
                                      : value.amount + line_.freight + line_.insurance;
  }
  void flag(Misinvoicing what, const char* against) { flags_.push_back({what, against}); }

  const CustomsLine& line_;
  const MisinvoicingRules& rules_;
  std::int64_t declared_;
  std::vector<MisinvoicingFlag> flags_;
};

bool is_amount(std::int64_t amount) {
  return amount > 0 && amount < kMostAmount;
}

bool is_count(std::int64_t number) {
  return number > 0 && number <= kMostUnits;
}

Result<void> check(const CustomsLine& line, const MisinvoicingRules& rules) {
  const auto refuse = [](const char* what) {
    return fail(ErrorCode::kInvalidArgument, std::string(what) + " is not a positive number");
  };
  if (!is_amount(line.declared.amount)) return refuse("the declared value");
  for (const auto* value : {&line.invoice, &line.financed, &line.mirror})
    if (*value && !is_amount((*value)->amount)) return refuse("a value to compare with");
  for (const std::int64_t cost : {line.freight, line.insurance})
    if (cost < 0 || cost >= kMostAmount) return refuse("freight or insurance");
  if (line.transport_weight_grams &&
      (!is_amount(*line.transport_weight_grams) || !is_amount(line.net_weight_grams)))
    return refuse("a weight");
  if (!line.unit_prices.empty() && !is_count(line.quantity)) return refuse("the quantity");
  for (const std::int64_t price : line.unit_prices)
    if (!is_count(price)) return refuse("a unit price");
  if (rules.least_ratio > 10'000 || rules.deviations > 1'000'000)
    return fail(ErrorCode::kInvalidArgument, "a threshold is out of its range");
  return {};
}

}  // namespace

const char* name_of(Misinvoicing flag) {
  switch (flag) {
    case Misinvoicing::kUnder: return "UNDER";
    case Misinvoicing::kOver: return "OVER";
    case Misinvoicing::kQuantity: return "QUANTITY";
    case Misinvoicing::kPhantom: return "PHANTOM";
    case Misinvoicing::kMultiple: return "MULTI";
    case Misinvoicing::kOrigin: return "ORIGIN";
  }
  return "";
}

Result<std::vector<MisinvoicingFlag>> misinvoicing_flags(const CustomsLine& line,
                                                         const MisinvoicingRules& rules) {
  USANCE_TRY(check(line, rules));
  Comparison comparison(line, rules);
  comparison.with_value(line.invoice, "invoice");
  comparison.with_value(line.financed, "financed");
  comparison.with_value(line.mirror, "mirror");
  comparison.with_prices();
  comparison.with_facts();
  return comparison.take();
}

std::vector<std::string> not_compared(const CustomsLine& line, const MisinvoicingRules& rules) {
  std::vector<std::string> out;
  const auto missing = [&](bool is_missing, const char* what) {
    if (is_missing) out.emplace_back(what);
  };
  missing(!line.invoice, "invoice");
  missing(!line.financed, "financed");
  missing(!line.mirror, "mirror");
  if (line.unit_prices.size() < rules.least_observations)
    out.push_back("unit prices (" + std::to_string(line.unit_prices.size()) + " of " +
                  std::to_string(rules.least_observations) + ")");
  missing(!line.transport_weight_grams, "transport document");
  missing(!line.shipment_events, "shipment");
  missing(line.invoice_share_here == 0 && line.invoice_share_elsewhere == 0, "other declarations");
  missing(!line.certificate_origin, "certificate");
  return out;
}

}  // namespace usance::documents
