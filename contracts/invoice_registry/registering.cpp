// Registering: the mandate, the tokens' matches, the flags on both sides.
#include <algorithm>

#include "contracts/invoice_registry/book.h"
#include "contracts/invoice_registry/matching.h"

namespace usance::invoice_registry::v1 {

namespace {

// More active matches than honest trade produces; each makes two events of the 64 of a
// transaction.
constexpr std::size_t kMaxMatches = 24;
// Documents of title and with a balance that one entry names.
constexpr std::size_t kMaxDocuments = 8;
// Entries are found for two years.
constexpr std::uint32_t kLookBackYears = 2;
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
    if (is_gone(standing_of(load_entry(ctx, use.entry)))) {
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

void check_tokens(const RegisterRequest& request) {
  if (const char* fault = token_fault(request.tokens)) fail(errors::tokens_malformed(fault));
  const bool invoice = is_of_invoice(request.tokens.front().kind);
  if (invoice != (request.document_class != 0))
    fail(errors::tokens_malformed("an invoice, and nothing else, has a class"));
  if ((request.credits != 0) != is_credit_note(request.document_class) || request.credits > kWhole)
    fail(errors::credits_misplaced());
}

std::uint32_t year_of(sdk::Context& ctx) {
  return static_cast<std::uint32_t>(ctx.today().year());
}

sdk::Record<Epochs> epochs_record(sdk::Context& ctx) {
  return sdk::Record<Epochs>(ctx, "register");
}

// The year and the years before it that are looked back for.
GetEpochsResponse epochs_in(std::uint32_t current, const Epochs& epochs) {
  GetEpochsResponse out;
  out.current = current;
  for (std::uint32_t year = std::max(epochs.first, current - kLookBackYears); year < current;
       ++year)
    out.look_back.push_back(year);
  return out;
}

// Whoever could choose the epoch of its tokens, or leave out the years before, would not be found.
void check_epochs(sdk::Context& ctx, const RegisterRequest& request) {
  sdk::Record<Epochs> record = epochs_record(ctx);
  const std::uint32_t current = year_of(ctx);
  std::optional<Epochs> known = record.find();
  if (!known) record.put(known.emplace(Epochs{current}));
  const GetEpochsResponse now = epochs_in(current, *known);
  if (request.epoch != now.current) fail(errors::wrong_epoch(now.current, request.epoch));
  if (request.look_back.size() > now.look_back.size())
    fail(errors::wrong_epoch(now.current, request.look_back.back().epoch));
  for (std::size_t i = 0; i < now.look_back.size(); ++i) {
    const std::uint32_t epoch = now.look_back[i];
    if (i >= request.look_back.size() || request.look_back[i].epoch != epoch ||
        token_fault(request.look_back[i].tokens) != nullptr ||
        !same_kinds(request.tokens, request.look_back[i].tokens))
      fail(errors::look_back_missing(epoch));
  }
}

void look_up(sdk::Context& ctx, const std::string& name, const std::vector<Token>& tokens,
             Matches& matches) {
  for (const Token& token : tokens) {
    if (has_balance(token.kind) || token.kind == TokenKind::kSimilarAmount) continue;
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
  }
}

// Counts the entry under the token; returns how many there were.
std::uint32_t count_similar(sdk::Context& ctx, const Token& token) {
  sdk::Record<Count> record(ctx, token_scope(token));
  const std::uint32_t before = record.find().value_or(Count{}).entries;
  record.put(Count{before + 1});
  return before;
}

Balance balance_of(sdk::Context& ctx, const Token& token) {
  const Holding holding = holding_of(ctx, token);
  const std::uint32_t left = balance_left(holding);
  const Colour colour = left == 0            ? Colour::kRed
                        : holding.drawn != 0 ? Colour::kLink
                                             : Colour::kColourUnset;
  return Balance{token, left, colour};
}

void keep_tokens(sdk::Context& ctx, const std::string& name, const RegisterRequest& request,
                 Entry& entry, RegisterResponse& response) {
  for (const Token& token : request.tokens) {
    if (token.kind == TokenKind::kSimilarAmount) {
      response.similar = std::max(response.similar, count_similar(ctx, token));
      continue;
    }
    uses_of(ctx, token).put(name, TokenUse{name, request.side, request.document_class});
    if (has_balance(token.kind)) response.balances.push_back(balance_of(ctx, token));
    if (has_balance(token.kind) || is_title(token.kind)) entry.documents.push_back({token, 0});
  }
  if (entry.documents.size() > kMaxDocuments)
    fail(errors::tokens_malformed("it names more than 8 documents"));
}

void raise_flags(sdk::Context& ctx, const std::string& name, const Document& document,
                 const Matches& matches, RegisterResponse& response) {
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
}

// Credit notes lower what may be financed of their invoice, whichever came first; a note that is
// registered twice counts once.
void settle_credits(sdk::Context& ctx, const std::string& name, Entry& entry,
                    const std::vector<Flag>& flags) {
  const bool note = is_credit_note(entry.document_class);
  for (const Flag& flag : flags)
    if (note && flag.colour == Colour::kRed) entry.credits = 0;
  entry_record(ctx, name).put(entry);
  for (const Flag& flag : flags) {
    if (flag.reason != Reason::kCreditNote) continue;
    if (note) {
      apply_credit(ctx, flag.other, name, entry);
    } else {
      apply_credit(ctx, name, flag.other, load_entry(ctx, flag.other));
    }
  }
}

}  // namespace

GetEpochsResponse epochs_now(sdk::Context& ctx) {
  const std::uint32_t current = year_of(ctx);
  return epochs_in(current, epochs_record(ctx).find().value_or(Epochs{current}));
}

RegisterResponse register_entry(sdk::Context& ctx, const RegisterRequest& request) {
  if (!is_reference(request.reference)) fail(errors::reference_malformed(request.reference));
  check_tokens(request);
  check_epochs(ctx, request);
  refuse_barred(ctx);
  const std::string name = entry_name(ctx.organisation(), request.reference);
  if (entry_record(ctx, name).exists()) fail(errors::entry_exists(name));
  use_mandate(ctx, request);

  Matches matches;
  look_up(ctx, name, request.tokens, matches);
  for (const EpochTokens& earlier : request.look_back) look_up(ctx, name, earlier.tokens, matches);

  Entry entry;
  entry.status = Status::kRegistered;
  entry.side = request.side;
  entry.document_class = request.document_class;
  entry.epoch = request.epoch;
  entry.client = request.client;
  entry.commitment = request.commitment;
  entry.buyer_seal = request.buyer_seal;
  entry.credits = request.credits;
  entry.registered_by = ctx.actor();
  entry.registered_at = ctx.now_ms();
  // A credit note is not there to be financed: it stays.
  if (!is_credit_note(request.document_class)) start_lapse(ctx, name, entry);

  RegisterResponse response;
  response.entry = name;
  keep_tokens(ctx, name, request, entry, response);
  raise_flags(ctx, name, Document{request.side, request.document_class}, matches, response);
  settle_credits(ctx, name, entry, response.flags);
  ctx.emit(Registered{name, ctx.actor(), request.side,
                      static_cast<std::uint32_t>(response.flags.size())});
  return response;
}

}  // namespace usance::invoice_registry::v1
