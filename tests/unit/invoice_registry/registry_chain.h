// A chain with the register and its parties, for this folder's tests.
#pragma once

#include <gtest/gtest.h>

#include "contracts/sdk/date.h"
#include "contracts/testchain/chain.h"
#include "contracts/testchain/matchers.h"
#include "invoice_registry/invoice_registry.usance.h"

namespace usance::invoice_registry::v1 {

using testchain::Caller;
using testchain::FailsWith;
using testchain::Succeeds;

inline const Caller kClient{"exporter", "clerk"};
inline const Caller kBuyer{"importer", "clerk"};
inline const Caller kMakerA{"bank-a", "maker"};
inline const Caller kCheckerA{"bank-a", "checker"};
inline const Caller kMakerB{"bank-b", "maker"};
inline const Caller kCheckerB{"bank-b", "checker"};
inline const Caller kMakerC{"bank-c", "maker"};
inline const Caller kCustoms{"customs", "officer"};
inline const Caller kWarehouse{"qingdao-port", "keeper"};
inline const Caller kCarrier{"ocean-line", "clerk"};
inline const Caller kInspector{"inspector", "surveyor"};
inline const Caller kAuditor{"auditor", "partner"};
inline const Caller kOtherAuditor{"supervisor", "officer"};
inline const std::string kRegistry = "invoice_registry";

[[nodiscard]] inline testchain::Setup registry_setup() {
  testchain::Setup setup;
  setup.members = {{kClient, {"corporate"}, {"maker"}},    {kBuyer, {"corporate"}, {"maker"}},
                   {kMakerA, {"bank"}, {"maker"}},         {kCheckerA, {}, {"checker"}},
                   {kMakerB, {"bank"}, {"maker"}},         {kCheckerB, {}, {"checker"}},
                   {kMakerC, {"bank"}, {"maker"}},         {kCustoms, {"customs"}, {"maker"}},
                   {kWarehouse, {"warehouse"}, {"maker"}}, {kCarrier, {"carrier"}, {"maker"}},
                   {kInspector, {"inspector"}, {"maker"}}, {kAuditor, {"auditor"}, {"maker"}},
                   {kOtherAuditor, {"auditor"}, {"maker"}}};
  setup.contracts = {{kRegistry, &invoke, ""}};
  return setup;
}

[[nodiscard]] inline Token token(TokenKind kind, std::uint8_t n) {
  return Token{kind, sdk::Bytes(32, n)};
}

// The same invoice: same and number token; a changed amount: only the number token agrees.
[[nodiscard]] inline std::vector<Token> invoice(std::uint8_t same = 1) {
  return {token(TokenKind::kSame, same), token(TokenKind::kNumberInYear, 7),
          token(TokenKind::kNumber, 7)};
}

class RegistryChain : public ::testing::TestWithParam<testchain::Kind> {
 protected:
  RegistryChain() : chain_(testchain::make_chain(GetParam(), registry_setup())) {}

  sdk::Bytes mandate(const std::string& bank, const Caller& client = kClient) {
    const sdk::Bytes commitment(32, ++commitments_);
    EXPECT_THAT(chain_->call<method::GrantMandate>(client, kRegistry, {bank, commitment}),
                Succeeds());
    return commitment;
  }
  RegisterRequest request(const Caller& who, const std::string& reference,
                          std::vector<Token> tokens, std::uint32_t document_class = 380,
                          Side side = Side::kSellerReceivable) {
    RegisterRequest out;
    out.reference = reference;
    out.client = kClient.organisation;
    out.side = side;
    out.document_class = document_class;
    out.epoch = 2026;
    out.commitment = mandate(who.organisation);
    out.tokens = std::move(tokens);
    return out;
  }
  testchain::Reply<RegisterResponse> enter(const Caller& who, const RegisterRequest& request) {
    return chain_->call<method::Register>(who, kRegistry, request);
  }
  testchain::Reply<RegisterResponse> enter(const Caller& who, const std::string& reference,
                                           std::vector<Token> tokens = invoice()) {
    return enter(who, request(who, reference, std::move(tokens)));
  }
  // Documents without an invoice.
  testchain::Reply<RegisterResponse> pledge(const Caller& who, const std::string& reference,
                                            std::vector<Token> tokens) {
    return enter(who, request(who, reference, std::move(tokens), 0));
  }
  testchain::Reply<RegisterResponse> enter_note(const Caller& who, const std::string& reference,
                                                std::vector<Token> tokens, std::uint32_t credits) {
    RegisterRequest note = request(who, reference, std::move(tokens), 381);
    note.credits = credits;
    return enter(who, note);
  }
  testchain::Reply<FinanceResponse> finance(const Caller& who, const std::string& reference,
                                            std::uint32_t share = 10'000,
                                            std::vector<Draw> draws = {}) {
    return chain_->call<method::Finance>(who, kRegistry, {reference, share, std::move(draws)});
  }
  testchain::Outcome settle(const Caller& who, const std::string& name) {
    return chain_->call<method::Settle>(who, kRegistry, {name});
  }
  testchain::Outcome cancel(const Caller& who, const std::string& name, sdk::Bytes proof = {}) {
    return chain_->call<method::Cancel>(who, kRegistry, {name, std::move(proof)});
  }
  testchain::Outcome dispute(const Caller& who, const std::string& name, Ground ground,
                             sdk::Bytes salt = {}) {
    return chain_->call<method::RaiseDispute>(who, kRegistry,
                                              {name, ground, sdk::Bytes(32, 5), std::move(salt)});
  }
  testchain::Outcome decide(const Caller& who, const std::string& name, bool uphold) {
    return chain_->call<method::DecideDispute>(who, kRegistry, {name, uphold});
  }
  GetEntryResponse view(const std::string& name) {
    const auto reply = chain_->view<method::GetEntry>(kCustoms, kRegistry, {name});
    EXPECT_THAT(reply, Succeeds());
    return reply.response;
  }
  Entry entry(const std::string& name) { return view(name).entry; }
  Status status(const std::string& name) { return entry(name).status; }
  std::uint32_t remaining(const std::string& name) { return view(name).remaining; }
  Holding holding(const Token& token) {
    return chain_->view<method::GetDocument>(kCustoms, kRegistry, {token}).response.holding;
  }

  std::unique_ptr<testchain::Chain> chain_;
  std::uint8_t commitments_ = 0;
};

}  // namespace usance::invoice_registry::v1
