// A line of a declaration, and what to compare it with, from customs' own JSON (docs/documents.md).
// What is misspelt or of another kind is refused: passed over, it would be a comparison that nobody
// has made and nobody misses.
#include <algorithm>
#include <array>
#include <limits>

#include "base/membership.h"
#include "contracts/sdk/currency.h"
#include "tools/documents/invoice.h"
#include "tools/documents/json_reader.h"
#include "tools/documents/misinvoicing.h"

namespace usance::documents {

namespace {

class LineReader {
 public:
  explicit LineReader(const Json& json) : json_(json) {}

  Result<CustomsLine> read() {
    USANCE_TRY(check_names(json_, kFields, ""));
    const std::string currency = text_at(json_, "currency");
    exponent_ = contract::currency_exponent(currency);
    if (exponent_ < 0)
      return fail(ErrorCode::kInvalidArgument,
                  "currency: '" + currency + "' is no ISO 4217 currency");
    CustomsLine line;
    USANCE_ASSIGN(const std::optional<Value> declared, value("declared"));
    if (!declared) return fail(ErrorCode::kInvalidArgument, "there is no declared value");
    line.declared = *declared;
    USANCE_ASSIGN(line.freight, cost("freight"));
    USANCE_ASSIGN(line.insurance, cost("insurance"));
    USANCE_ASSIGN(line.invoice, value("invoice"));
    USANCE_ASSIGN(line.financed, value("financed"));
    USANCE_ASSIGN(line.mirror, value("mirror"));
    USANCE_ASSIGN(const auto quantity, number("quantity"));
    line.quantity = quantity.value_or(0);
    USANCE_ASSIGN(const auto net_weight, number("net_weight_grams"));
    line.net_weight_grams = net_weight.value_or(0);
    USANCE_ASSIGN(line.transport_weight_grams, number("transport_weight_grams"));
    USANCE_ASSIGN(const auto origin, country("origin"));
    line.origin = origin.value_or("");
    USANCE_ASSIGN(line.certificate_origin, country("certificate_origin"));
    USANCE_ASSIGN(line.shipment_events, small("shipment_events"));
    USANCE_ASSIGN(const auto share_here, small("invoice_share_here"));
    line.invoice_share_here = share_here.value_or(0);
    USANCE_ASSIGN(const auto share_elsewhere, small("invoice_share_elsewhere"));
    line.invoice_share_elsewhere = share_elsewhere.value_or(0);
    const Json& prices = at(json_, "unit_prices");
    if (!prices.is_null() && !prices.is_array())
      return fail(ErrorCode::kInvalidArgument, "unit_prices: not a list");
    for (const Json& price : prices) {
      if (!price.is_string())
        return fail(ErrorCode::kInvalidArgument, "a unit price is not a text such as \"12.50\"");
      USANCE_ASSIGN(const std::int64_t amount, parse_amount(price.get<std::string>(), exponent_));
      line.unit_prices.push_back(amount);
    }
    return line;
  }

 private:
  static constexpr std::array kFields{"currency",
                                      "declared",
                                      "freight",
                                      "insurance",
                                      "invoice",
                                      "financed",
                                      "mirror",
                                      "quantity",
                                      "net_weight_grams",
                                      "transport_weight_grams",
                                      "origin",
                                      "certificate_origin",
                                      "shipment_events",
                                      "invoice_share_here",
                                      "invoice_share_elsewhere",
                                      "unit_prices"};
  static constexpr std::array kValueFields{"value", "basis"};

  template <class Names>
  static Result<void> check_names(const Json& object, const Names& names,
                                  const std::string& where) {
    if (!object.is_object())
      return fail(ErrorCode::kInvalidArgument, where + "not an object with fields");
    for (const auto& [name, ignored] : object.items()) {
      if (std::ranges::find(names, name) != names.end()) continue;
      std::string known;
      for (const char* one : names) known += (known.empty() ? "" : ", ") + std::string(one);
      return fail(ErrorCode::kInvalidArgument,
                  where + "there is no field '" + name + "'; there are " + known);
    }
    return {};
  }
  Result<std::optional<Value>> value(const char* name) {
    const Json& object = at(json_, name);
    if (object.is_null()) return std::optional<Value>{};
    USANCE_TRY(check_names(object, kValueFields, std::string(name) + ": "));
    Value out;
    USANCE_ASSIGN(out.amount, parse_amount(text_at(object, "value"), exponent_));
    const std::string basis = text_at(object, "basis");
    if (basis != "FOB" && basis != "CIF")
      return fail(ErrorCode::kInvalidArgument, std::string(name) + ": the basis is FOB or CIF");
    out.basis = basis == "FOB" ? Basis::kFob : Basis::kCif;
    return std::optional<Value>{out};
  }
  Result<std::int64_t> cost(const char* name) {
    if (at(json_, name).is_null()) return 0;
    return parse_amount(text_at(json_, name), exponent_);
  }
  Result<std::optional<std::int64_t>> number(const char* name) {
    const Json& found = at(json_, name);
    if (found.is_null()) return std::nullopt;
    const bool fits =
        !found.is_number_unsigned() ||
        found.get<std::uint64_t>() <= std::uint64_t{std::numeric_limits<std::int64_t>::max()};
    if (!found.is_number_integer() || !fits || found.get<std::int64_t>() < 0)
      return fail(ErrorCode::kInvalidArgument,
                  std::string(name) + ": not a whole number such as 7");
    return found.get<std::int64_t>();
  }
  Result<std::optional<std::uint32_t>> small(const char* name) {
    USANCE_ASSIGN(const std::optional<std::int64_t> found, number(name));
    if (!found) return std::nullopt;
    if (*found > std::numeric_limits<std::uint32_t>::max())
      return fail(ErrorCode::kInvalidArgument, std::string(name) + ": too large");
    return static_cast<std::uint32_t>(*found);
  }
  Result<std::optional<std::string>> country(const char* name) {
    if (at(json_, name).is_null()) return std::nullopt;
    std::string text = text_at(json_, name);
    if (!usance::is_country(text))
      return fail(ErrorCode::kInvalidArgument,
                  std::string(name) + ": not a country of ISO 3166-1 such as \"IN\"");
    return text;
  }

  const Json& json_;
  int exponent_ = 0;
};

}  // namespace

Result<CustomsLine> read_customs_line(std::string_view bytes) {
  USANCE_ASSIGN(const Json json, load_json(bytes));
  return LineReader(json).read();
}

}  // namespace usance::documents
