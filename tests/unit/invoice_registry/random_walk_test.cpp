// Random sequences of valid and invalid actions by all parties. After every step: no document is
// financed twice, parts never sum above their whole, nothing moves after the close, nobody did what
// its role may not; and the same steps come to the same state again, in wasm too.
#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "contracts/testchain/native_chain.h"
#include "registry_chain.h"

namespace usance::invoice_registry::v1 {
namespace {

struct Step {
  Caller caller;
  std::string method;
  Bytes arguments;
  std::int64_t advance_ms = 0;  // a step of the clock when it is not 0
};

struct Known {
  std::string bank;
  std::string client;
  std::uint32_t document_class = 0;
  Side side{};
  std::vector<Token> tokens;
};

bool holds_money(const Entry& entry) {
  const Status standing = entry.status == Status::kDisputed ? entry.before_dispute : entry.status;
  return standing == Status::kPartFinanced || standing == Status::kFinanced ||
         standing == Status::kDefaulted || standing == Status::kSettled;
}

bool is_closed_status(Status status) {
  return status == Status::kCancelled || status == Status::kLapsed || status == Status::kSettled;
}

class Walk {
 public:
  explicit Walk(std::uint32_t seed) : random_(seed), chain_(registry_setup()) {}

  void run(int steps) {
    for (int i = 0; i < steps && !::testing::Test::HasFatalFailure(); ++i) {
      act();
      check();
    }
  }
  [[nodiscard]] const std::vector<Step>& steps() const { return steps_; }
  [[nodiscard]] const std::vector<std::uint32_t>& codes() const { return codes_; }
  [[nodiscard]] testchain::NativeChain& chain() { return chain_; }
  [[nodiscard]] const std::map<std::string, Known>& known() const { return known_; }
  [[nodiscard]] const std::map<std::string, int>& successes() const { return successes_; }

 private:
  std::uint32_t below(std::uint32_t n) { return static_cast<std::uint32_t>(random_() % n); }
  template <class T>
  const T& one_of(const std::vector<T>& from) {
    return from[below(static_cast<std::uint32_t>(from.size()))];
  }

  const Caller& anybody() {
    static const std::vector<Caller> all{kClient,    kBuyer,   kMakerA,      kCheckerA,  kMakerB,
                                         kCheckerB,  kMakerC,  kCustoms,     kWarehouse, kCarrier,
                                         kInspector, kAuditor, kOtherAuditor};
    return one_of(all);
  }
  const Caller& bank() {
    static const std::vector<Caller> all{kMakerA, kCheckerA, kMakerB, kCheckerB, kMakerC};
    return below(12) == 0 ? anybody() : one_of(all);
  }
  std::string reference() { return "R-" + std::to_string(below(14)); }
  // Mostly one that exists.
  std::string name() {
    if (known_.empty() || below(10) == 0) return "bank-a/none";
    auto at = known_.begin();
    std::advance(at, below(static_cast<std::uint32_t>(known_.size())));
    return at->first;
  }
  std::string reference_of(const std::string& name) { return name.substr(name.find('/') + 1); }
  // The entry's own bank, mostly.
  Caller bank_of(const std::string& name) {
    if (below(8) == 0) return anybody();
    return Caller{name.substr(0, name.find('/')), "maker"};
  }
  std::uint32_t share() {
    static const std::vector<std::uint32_t> shares{0,     1,     500,    1'000,  2'500,
                                                   4'000, 5'000, 10'000, 10'001, UINT32_MAX};
    return one_of(shares);
  }
  Token paper() {
    static const std::vector<TokenKind> kinds{
        TokenKind::kWarehouseReceipt, TokenKind::kBillOfLading,  TokenKind::kCustomsDeclaration,
        TokenKind::kCredit,           TokenKind::kPurchaseOrder, TokenKind::kCreditPresentation};
    return token(one_of(kinds), static_cast<std::uint8_t>(below(2)));
  }

  template <class Method>
  bool go(const Caller& caller, const typename Method::Request& request) {
    const std::string method(Method::kRules.name);
    const auto reply = chain_.call<Method>(caller, kRegistry, request);
    steps_.push_back({caller, method, contract::to_wire(request), 0});
    codes_.push_back(reply.receipt.code);
    if (reply.ok()) ++successes_[method];
    return reply.ok();
  }

  void enter() {
    const Caller who = bank();
    RegisterRequest request;
    request.reference = reference();
    request.client = below(4) == 0 ? kBuyer.organisation : kClient.organisation;
    request.side = below(4) == 0 ? Side::kBuyerPayable : Side::kSellerReceivable;
    request.document_class = below(6) == 0 ? 381 : below(3) == 0 ? 0 : 380;
    request.commitment = sdk::Bytes(32, static_cast<std::uint8_t>(below(4)));
    const auto id = static_cast<std::uint8_t>(below(5));
    if (request.document_class == 381) {
      request.credits = share();
      request.tokens = {token(TokenKind::kSame, static_cast<std::uint8_t>(100 + id)),
                        token(TokenKind::kNumber, id)};
    } else if (request.document_class == 380) {
      request.tokens = {token(TokenKind::kSame, id), token(TokenKind::kNumber, id)};
      if (below(4) == 0) request.tokens.pop_back();
    }
    std::set<std::pair<TokenKind, sdk::Bytes>> papers;
    for (std::uint32_t i = below(3) + (request.document_class == 0 ? 1 : 0); i > 0; --i) {
      const Token one = paper();
      papers.emplace(one.kind, one.value);
    }
    for (const auto& [kind, value] : papers) request.tokens.push_back({kind, value});
    // The years' tokens are alike here: what matters is that they must be there.
    const auto epochs = chain_.view<method::GetEpochs>(who, kRegistry, {}).response;
    request.epoch = epochs.current;
    for (const std::uint32_t epoch : epochs.look_back)
      request.look_back.push_back({epoch, request.tokens});
    if (below(8) != 0)
      (void)go<method::GrantMandate>({request.client, "clerk"},
                                     {who.organisation, request.commitment});
    const bool done = go<method::Register>(who, request);
    if (!done) return;
    EXPECT_TRUE(who.organisation.starts_with("bank-"));
    known_[who.organisation + "/" + request.reference] = Known{
        who.organisation, request.client, request.document_class, request.side, request.tokens};
  }

  void finance() {
    const std::string who = name();
    const Caller caller = bank_of(who);
    FinanceRequest request{reference_of(who), share(), {}};
    const std::string target = caller.organisation + "/" + request.reference;
    const auto known = known_.find(target);
    std::uint32_t remaining = 0;
    if (known != known_.end()) {
      remaining = view(target).remaining;
      if (below(3) != 0) request.share = remaining == 0 ? 1 : 1 + below(remaining);
      for (const Token& one : known->second.tokens)
        if (one.kind == TokenKind::kCustomsDeclaration || one.kind == TokenKind::kCredit ||
            one.kind == TokenKind::kPurchaseOrder)
          request.draws.push_back({one, below(6) == 0 ? share() : 1 + below(2'500)});
    }
    if (go<method::Finance>(caller, request)) {
      ASSERT_NE(known, known_.end());
      EXPECT_NE(known->second.document_class, 381u);
      EXPECT_LE(request.share, remaining);
    }
  }

  void act() {
    const std::string who = name();
    const Caller caller = bank_of(who);
    switch (below(22)) {
      case 0:
      case 1:
      case 2:
      case 3: return enter();
      case 4:
      case 5:
      case 6:
      case 7: return finance();
      case 8: {
        const auto view_before = known_.count(who) != 0 ? view(who) : GetEntryResponse{};
        if (view_before.flags.empty()) return;
        const std::string other = one_of(view_before.flags).other;
        (void)go<method::Explain>(caller, {reference_of(who), other, "looked at"});
        (void)go<method::ReleaseFlag>({caller.organisation, "checker"}, {reference_of(who), other});
        return;
      }
      case 9:
        (void)go<method::RecordPayment>(caller, {reference_of(who), share(), share()});
        return;
      case 10: (void)go<method::SetReserve>(caller, {reference_of(who), share()}); return;
      case 11:
        if (go<method::Settle>(caller, {who})) {
          EXPECT_EQ(caller.organisation, known_[who].bank);
        }
        return;
      case 12:
        if (go<method::MarkDefaulted>(caller, {who})) {
          EXPECT_EQ(caller.organisation, known_[who].bank);
        }
        return;
      case 13: {
        const Caller client = below(3) == 0 ? anybody() : kClient;
        if (go<method::AttestRepayment>(client, {who, sdk::Bytes(32, 1)})) {
          EXPECT_EQ(client.organisation, known_[who].client);
        }
        return;
      }
      case 14: {
        const bool proven = below(2) == 0;
        if (go<method::Cancel>(caller, {who, proven ? sdk::Bytes(32, 1) : sdk::Bytes{}})) {
          EXPECT_EQ(caller.organisation, known_[who].bank);
        }
        return;
      }
      case 15: {
        const std::string participant = name();
        (void)go<method::OfferParticipation>(caller, {reference_of(who), participant, share()});
        (void)go<method::AcceptParticipation>(bank_of(participant),
                                              {reference_of(participant), who});
        return;
      }
      case 16: {
        const Token one = paper();
        const Caller maker = anybody();
        (void)go<method::IssueDocument>(maker, {one, sdk::Bytes(32, 2)});
        (void)go<method::IssueDocument>(
            kWarehouse, {token(TokenKind::kWarehouseReceipt, 0), sdk::Bytes(32, 2)});
        return;
      }
      case 17: {
        const Caller maker = below(2) == 0 ? anybody() : kInspector;
        if (go<method::InspectDocument>(maker, {paper(), 10'000 - below(3) * 2'000})) {
          EXPECT_EQ(maker, kInspector);
        }
        return;
      }
      case 18: {
        const Token one = paper();
        const Caller maker = anybody();
        const Holding before =
            chain_.view<method::GetDocument>(maker, kRegistry, {one}).response.holding;
        if (go<method::RedeemDocument>(maker, {one, 1 + below(300)})) {
          EXPECT_EQ(maker.organisation, before.issuer);
        }
        return;
      }
      case 19: {
        const Caller claimant = anybody();
        const auto ground = static_cast<Ground>(1 + below(3));
        if (go<method::RaiseDispute>(claimant,
                                     {who, ground, sdk::Bytes(32, 1), sdk::Bytes(32, 1)})) {
          EXPECT_NE(ground, Ground::kGoods);  // nobody here has a seal's salt
        }
        return;
      }
      case 20: {
        const Caller judge = anybody();
        const std::string claimant = known_.count(who) != 0 ? view(who).entry.disputed_by : "";
        if (below(2) == 0) {
          if (go<method::DecideDispute>(judge, {who, below(2) == 0})) {
            EXPECT_TRUE(judge == kAuditor || judge == kOtherAuditor);
            EXPECT_NE(judge.organisation, claimant);
          }
        } else if (go<method::WithdrawDispute>(judge, {who})) {
          EXPECT_EQ(judge.organisation, claimant);
        }
        return;
      }
      default: {
        // Nobody calls what is a timer's.
        EXPECT_FALSE(go<method::Lapse>(caller, {who}));
        EXPECT_FALSE(go<method::EndDispute>(caller, {who}));
        const std::int64_t ms = static_cast<std::int64_t>(below(60)) * 3'600'000 + 1;
        (void)chain_.advance_by(ms);
        steps_.push_back({{}, "", {}, ms});
        codes_.push_back(0);
        return;
      }
    }
  }

  GetEntryResponse view(const std::string& name) {
    return chain_.view<method::GetEntry>(kCustoms, kRegistry, {name}).response;
  }

  void check() {
    std::map<std::string, Entry> entries;
    for (const auto& [name, known] : known_)
      entries[name] = chain_.record<Entry>(kRegistry, "entry/" + name).value_or(Entry{});
    std::map<std::pair<TokenKind, sdk::Bytes>, std::uint32_t> drawn;
    std::map<std::string, std::uint32_t> of_group;
    for (const auto& [name, entry] : entries) {
      SCOPED_TRACE(name);
      ASSERT_LE(entry.financed, 10'000u);
      ASSERT_LE(entry.financed + entry.granted, 10'000u);
      if (holds_money(entry)) of_group[entry.lead.empty() ? name : entry.lead] += entry.financed;
      for (const Draw& one : entry.documents) drawn[{one.token.kind, one.token.value}] += one.share;
      const auto closed = closed_.find(name);
      if (closed != closed_.end()) {
        ASSERT_EQ(closed->second, entry) << "it moved after its close";
      } else if (is_closed_status(entry.status)) {
        closed_[name] = entry;
      }
    }
    for (const auto& [lead, sum] : of_group) ASSERT_LE(sum, 10'000u) << lead;
    for (const auto& [document, sum] : drawn) {
      std::string scope = "token/";
      scope.push_back(static_cast<char>(document.first));
      scope.push_back('/');
      scope.append(document.second.begin(), document.second.end());
      Holding whole;
      whole.outstanding = 10'000;
      const Holding holding = chain_.record<Holding>(kRegistry, scope).value_or(whole);
      ASSERT_EQ(sum, holding.drawn);
      ASSERT_LE(holding.drawn, holding.outstanding);
    }
    check_pairs(entries);
  }

  // No document secures two financings but by agreement.
  void check_pairs(const std::map<std::string, Entry>& entries) {
    for (auto a = known_.begin(); a != known_.end(); ++a) {
      if (!holds_money(entries.at(a->first))) continue;
      for (auto b = std::next(a); b != known_.end(); ++b) {
        if (!holds_money(entries.at(b->first))) continue;
        if (!same_document(a->second, b->second)) continue;
        const std::string& lead_a = entries.at(a->first).lead;
        const std::string& lead_b = entries.at(b->first).lead;
        ASSERT_EQ(lead_a.empty() ? a->first : lead_a, lead_b.empty() ? b->first : lead_b)
            << "financed twice: " << a->first << " and " << b->first;
      }
    }
  }
  static bool same_document(const Known& a, const Known& b) {
    for (const Token& one : a.tokens) {
      if (std::find(b.tokens.begin(), b.tokens.end(), one) == b.tokens.end()) continue;
      if (one.kind == TokenKind::kWarehouseReceipt) return true;
      if (a.side == b.side &&
          (one.kind == TokenKind::kSame || one.kind == TokenKind::kBillOfLading ||
           one.kind == TokenKind::kCreditPresentation))
        return true;
    }
    return false;
  }

  std::mt19937 random_;
  testchain::NativeChain chain_;
  std::vector<Step> steps_;
  std::vector<std::uint32_t> codes_;
  std::map<std::string, Known> known_;
  std::map<std::string, Entry> closed_;
  std::map<std::string, int> successes_;
};

std::vector<std::uint32_t> replay(testchain::Chain& chain, const std::vector<Step>& steps) {
  std::vector<std::uint32_t> codes;
  for (const Step& step : steps) {
    if (step.advance_ms != 0) {
      (void)chain.advance_by(step.advance_ms);
      codes.push_back(0);
    } else {
      codes.push_back(
          chain.submit(step.caller, kRegistry, step.method, step.arguments).receipt.code);
    }
  }
  return codes;
}

class RandomWalk : public ::testing::TestWithParam<std::uint32_t> {};

TEST_P(RandomWalk, KeepsTheInvariantsAndComesToTheSameAgain) {
  Walk walk(GetParam());
  walk.run(1'500);
  for (const char* method : {"Register", "Finance", "Settle", "Cancel", "RaiseDispute"})
    EXPECT_GT(walk.successes().count(method), 0u)
        << method << " never succeeded: a walk of refusals";
  testchain::NativeChain again(registry_setup());
  EXPECT_EQ(replay(again, walk.steps()), walk.codes());
  EXPECT_EQ(again.world().state, walk.chain().world().state);
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomWalk, ::testing::Range(1u, 5u));

TEST(RandomWalkInWasm, ComesToTheSame) {
  const std::vector<testchain::Kind> kinds = testchain::kinds();
  if (std::find(kinds.begin(), kinds.end(), testchain::Kind::kWasm) == kinds.end()) GTEST_SKIP();
  Walk walk(99);
  walk.run(400);
  const auto wasm = testchain::make_chain(testchain::Kind::kWasm, registry_setup());
  EXPECT_EQ(replay(*wasm, walk.steps()), walk.codes());
  for (const auto& [key, value] : walk.chain().world().state)
    EXPECT_EQ(wasm->state(key), value) << std::string(key.scope.begin(), key.scope.end());
}

}  // namespace
}  // namespace usance::invoice_registry::v1
