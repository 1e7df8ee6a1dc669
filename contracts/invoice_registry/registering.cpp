// Registering: the mandate, the tokens' matches, the flags on both sides.
#include "contracts/invoice_registry/book.h"
#include "contracts/invoice_registry/matching.h"

namespace usance::invoice_registry::v1 {

namespace {

// More active matches than honest trade produces; each makes two events of the 64 of a
// transaction.
constexpr std::size_t kMaxMatches = 24;
// Token uses that are looked at in all, entries that are gone included.
constexpr std::size_t kMaxUses = 512;

struct Match {
  std::string entry;
  Document document;
  SharedKinds shared;
};

class Matches {
 public:
  void add(sdk::Context& ctx, const TokenUse& use, TokenKind kind) {
    if (++uses_ > kMaxUses) fail(errors::too_many_matches(kMaxUses));
    for (Match& match : found_) {
      if (match.entry == use.entry) return match.shared.add(kind);
    }
    for (const std::string& gone : gone_)
      if (gone == use.entry) return;
    if (is_gone(load_entry(ctx, use.entry).status)) {
      gone_.push_back(use.entry);
      return;
    }
    if (found_.size() == kMaxMatches) fail(errors::too_many_matches(kMaxMatches));
    found_.push_back(Match{use.entry, {use.side, use.document_class}, {}});
    found_.back().shared.add(kind);
  }
  [[nodiscard]] const std::vector<Match>& all() const { return found_; }

 private:
  std::vector<Match> found_;
  std::vector<std::string> gone_;
  std::size_t uses_ = 0;
};

void raise(sdk::Context& ctx, const std::string& entry, const std::string& other,
           const Relation& relation) {
  Flag flag;
  flag.other = other;
  flag.colour = relation.colour;
  flag.reason = relation.reason;
  flags_of(ctx, entry).put(other, flag);
  ctx.emit(FlagRaised{entry, other, relation.colour, relation.reason});
}

void use_mandate(sdk::Context& ctx, const RegisterRequest& request) {
  const std::string& bank = ctx.organisation();
  if (!mandates_of(ctx, request.client).erase(mandate_key(bank, request.commitment)))
    fail(errors::mandate_missing(request.client, bank));
}

}  // namespace

RegisterResponse register_entry(sdk::Context& ctx, const RegisterRequest& request) {
  if (!is_reference(request.reference)) fail(errors::reference_malformed(request.reference));
  if (const char* fault = token_fault(request.tokens)) fail(errors::tokens_malformed(fault));
  const std::string name = entry_name(ctx.organisation(), request.reference);
  if (entry_record(ctx, name).exists()) fail(errors::entry_exists(name));
  use_mandate(ctx, request);

  const Document document{request.side, request.document_class};
  Matches matches;
  for (const Token& token : request.tokens) {
    const Lookups lookups = lookups_of(token.kind);
    for (std::size_t i = 0; i < lookups.count; ++i) {
      const Lookups::One& lookup = lookups.all[i];
      uses_of(ctx, Token{lookup.among, token.value})
          .each([&](const sdk::Bytes&, const TokenUse& use) {
            // It may refer to its own number.
            if (use.entry != name) matches.add(ctx, use, lookup.shared);
            return true;
          });
    }
    uses_of(ctx, token).put(name, TokenUse{name, request.side, request.document_class});
  }

  RegisterResponse response;
  response.entry = name;
  for (const Match& match : matches.all()) {
    const Relation relation = relate(match.shared, document, match.document);
    if (relation.colour == Colour::kColourUnset) continue;
    raise(ctx, name, match.entry, relation);
    raise(ctx, match.entry, name, relation);
    Flag flag;
    flag.other = match.entry;
    flag.colour = relation.colour;
    flag.reason = relation.reason;
    response.flags.push_back(flag);
  }

  Entry entry;
  entry.status = Status::kRegistered;
  entry.side = request.side;
  entry.document_class = request.document_class;
  entry.epoch = request.epoch;
  entry.client = request.client;
  entry.commitment = request.commitment;
  entry.registered_by = ctx.actor();
  entry.registered_at = ctx.now_ms();
  entry.lapse_timer =
      ctx.schedule<method::Lapse>(lapse_time(ctx.now_ms()), EntryRequest{name}).value;
  entry.has_lapse_timer = true;
  entry_record(ctx, name).put(entry);
  ctx.emit(Registered{name, ctx.actor(), request.side,
                      static_cast<std::uint32_t>(response.flags.size())});
  return response;
}

}  // namespace usance::invoice_registry::v1
