// The tuples of docs/contracts/invoice_registry.md, "Tokens".
#include <algorithm>

#include "contracts/sdk/date.h"
#include "tools/documents/tokens.h"

namespace usance::documents {

namespace {

// Numbers longer than this have no near-number tokens: each character makes one.
constexpr std::size_t kMaxNearNumber = 24;

std::vector<std::string> deletion_neighbours(const std::string& number) {
  std::vector<std::string> out{number};
  for (std::size_t i = 0; i < number.size(); ++i) {
    std::string shorter = number;
    shorter.erase(i, 1);
    out.push_back(std::move(shorter));
  }
  return out;
}

// Amounts within a hundredth of each other stand in one step of this ladder or in two neighbours.
std::uint32_t amount_step(std::int64_t minor_units) {
  std::uint32_t step = 0;
  const std::int64_t amount = minor_units < 0 ? 0 : minor_units;
  for (std::int64_t bound = 100; bound <= amount && bound < INT64_MAX / 2; bound += bound / 100)
    ++step;
  return step;
}

// ISO 8601: the week belongs to the year of its Thursday. "2026W10".
std::string week_of(std::int32_t iso_date) {
  const contract::Date day{iso_date};
  const contract::Date thursday = day.plus_days(day.weekday() == 0 ? -3 : 4 - day.weekday());
  const std::int32_t week =
      contract::days_between(contract::Date::of(thursday.year(), 1, 1), thursday) / 7 + 1;
  return std::to_string(thursday.year()) + "W" + std::to_string(week);
}

// India's goods and services tax: two digits of the state, the holder's ten-character tax number,
// an entity number, Z, a check character. An invoice number is unique in the fiscal year, April to
// March (rule 46 of its rules).
bool is_gstin(const std::string& id) {
  constexpr std::string_view kForm = "99AAAAA9999AXZX";
  if (id.size() != kForm.size()) return false;
  for (std::size_t i = 0; i < id.size(); ++i) {
    const bool digit = id[i] >= '0' && id[i] <= '9';
    const bool letter = id[i] >= 'A' && id[i] <= 'Z';
    const char form = kForm[i];
    const bool fits = form == '9'   ? digit
                      : form == 'A' ? letter
                      : form == 'X' ? digit || letter
                                    : id[i] == form;
    if (!fits) return false;
  }
  return true;
}
std::string indian_year(std::int32_t iso_date) {
  const contract::Date day{iso_date};
  return std::to_string(day.month() < 4 ? day.year() - 1 : day.year());
}

class Inputs {
 public:
  void add(TokenKind kind, std::vector<std::string> tuple) {
    if (std::any_of(tuple.begin(), tuple.end(), [](const auto& f) { return f.empty(); })) return;
    inputs_.push_back({kind, std::move(tuple)});
  }
  std::vector<TokenInput> take() { return std::move(inputs_); }

 private:
  std::vector<TokenInput> inputs_;
};

}  // namespace

std::vector<std::string_view> document_fields(TokenKind kind) {
  switch (kind) {
    case TokenKind::kBillOfLading: return {"number", "carrier"};
    case TokenKind::kWarehouseReceipt: return {"number", "operator"};
    case TokenKind::kContainer: return {"number", "voyage"};
    case TokenKind::kPurchaseOrder: return {"number", "buyer"};
    case TokenKind::kCredit: return {"issuing bank", "number"};
    case TokenKind::kCustomsDeclaration: return {"number"};
    case TokenKind::kCreditPresentation:
      return {"issuing bank", "number of the credit", "number of the presentation"};
    default: return {};
  }
}

std::vector<TokenInput> invoice_inputs(const NormalisedInvoice& i) {
  const std::string date = std::to_string(i.date);
  const std::string year = std::to_string(i.date / 10'000);
  const std::string amount = std::to_string(i.amount);
  Inputs make;
  const auto same = [&](TokenKind kind, const std::string& seller, const std::string& buyer) {
    make.add(kind, {i.document_class, seller, buyer, i.number, date, i.currency, amount});
  };
  // A party without an identifier is its name: an invoice whose two copies both lack it is one.
  const std::string& seller = i.seller_id.empty() ? i.seller_name : i.seller_id;
  const std::string& buyer = i.buyer_id.empty() ? i.buyer_name : i.buyer_id;
  same(TokenKind::kSame, seller, buyer);
  same(TokenKind::kSameSellerId, i.seller_id, i.buyer_name);
  same(TokenKind::kSameBuyerId, i.seller_name, i.buyer_id);
  same(TokenKind::kSameNames, i.seller_name, i.buyer_name);
  make.add(TokenKind::kNumberInYear, {i.document_class, i.seller_id, i.number, year});
  make.add(TokenKind::kNumberInYearName, {i.document_class, i.seller_name, i.number, year});
  make.add(TokenKind::kSkeleton, {i.seller_id, i.skeleton});
  make.add(TokenKind::kSkeletonName, {i.seller_name, i.skeleton});
  make.add(TokenKind::kRenumbered, {seller, buyer, i.currency, amount, date});
  make.add(TokenKind::kRenumberedNames, {i.seller_name, i.buyer_name, i.currency, amount, date});
  if (i.number.size() > 2 && i.number.size() <= kMaxNearNumber) {
    for (const std::string& near : deletion_neighbours(i.number)) {
      make.add(TokenKind::kNearNumber, {i.seller_id, near});
      make.add(TokenKind::kNearNumberName, {i.seller_name, near});
    }
  }
  make.add(TokenKind::kNumber, {i.seller_id, i.number});
  make.add(TokenKind::kNumberName, {i.seller_name, i.number});
  for (const std::string& preceding : i.preceding) {
    make.add(TokenKind::kReference, {i.seller_id, preceding});
    make.add(TokenKind::kReferenceName, {i.seller_name, preceding});
  }
  const std::uint32_t step = amount_step(i.amount);
  for (const std::uint32_t near : {step, step + 1})
    make.add(TokenKind::kSimilarAmount, {buyer, i.currency, std::to_string(near), week_of(i.date)});
  if (is_gstin(i.seller_id))
    make.add(TokenKind::kNumberByLaw,
             {i.document_class, i.seller_id, i.number, indian_year(i.date)});
  return make.take();
}

Result<TokenInput> document_input(TokenKind kind, const std::vector<std::string>& fields) {
  const std::vector<std::string_view> wanted = document_fields(kind);
  if (wanted.empty()) return fail(ErrorCode::kInvalidArgument, "no kind of document");
  if (fields.size() != wanted.size()) {
    std::string names;
    for (const std::string_view name : wanted) names.append(names.empty() ? "" : ", ").append(name);
    return fail(ErrorCode::kInvalidArgument, "needs " + names + ", each a word of its own");
  }
  TokenInput out{kind, {}};
  for (const std::string& field : fields) {
    out.tuple.push_back(alphanumeric_key(field));
    if (out.tuple.back().empty())
      return fail(ErrorCode::kInvalidArgument, "a field has no letter and no digit");
  }
  return out;
}

}  // namespace usance::documents
