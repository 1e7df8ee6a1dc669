// docs/contracts/invoice_registry.md, "The course of things", on both kinds of chain.
#include "registry_chain.h"

namespace usance::invoice_registry::v1 {
namespace {

class Registry : public RegistryChain {};

TEST_P(Registry, AUniqueInvoiceIsRegisteredFinancedAndSettled) {
  const auto reply = enter(kMakerA, "A-1", invoice());
  ASSERT_THAT(reply, Succeeds());
  EXPECT_EQ(reply.response.entry, "bank-a/A-1");
  EXPECT_TRUE(reply.response.flags.empty());
  ASSERT_THAT(finance(kMakerA, "A-1"), Succeeds());
  EXPECT_EQ(status("bank-a/A-1"), Status::kFinanced);
  ASSERT_THAT(chain_->call<method::Settle>(kMakerA, kRegistry, {"bank-a/A-1"}), Succeeds());
  EXPECT_EQ(status("bank-a/A-1"), Status::kSettled);
}

TEST_P(Registry, TheSameInvoiceIsRedAtBothAndTheFirstFinancedWins) {
  ASSERT_THAT(enter(kMakerA, "A-1", invoice()), Succeeds());
  const auto second = enter(kMakerB, "B-1", invoice());
  ASSERT_THAT(second, Succeeds());
  ASSERT_EQ(second.response.flags.size(), 1u);
  EXPECT_EQ(second.response.flags[0].colour, Colour::kRed);
  EXPECT_EQ(second.response.flags[0].other, "bank-a/A-1");
  EXPECT_EQ(second.count(FlagRaised::kEvent), 2u);

  // Red against an entry that is only registered blocks nobody; B pays first.
  ASSERT_THAT(finance(kMakerB, "B-1"), Succeeds());
  EXPECT_EQ(status("bank-a/A-1"), Status::kDupFinanced);
  EXPECT_THAT(finance(kMakerA, "A-1"), FailsWith(Error::kDupFinancedElsewhere));

  ASSERT_THAT(chain_->call<method::Settle>(kMakerB, kRegistry, {"bank-b/B-1"}), Succeeds());
  ASSERT_THAT(enter(kMakerA, "A-2", invoice()), Succeeds());
  EXPECT_THAT(finance(kMakerA, "A-2"), FailsWith(Error::kAlreadySettled));
}

TEST_P(Registry, AChangedAmountIsAmberUntilTwoPeopleHaveLooked) {
  ASSERT_THAT(enter(kMakerA, "A-1", invoice(1)), Succeeds());
  const auto second = enter(kMakerB, "B-1", invoice(2));
  ASSERT_THAT(second, Succeeds());
  ASSERT_EQ(second.response.flags.size(), 1u);
  EXPECT_EQ(second.response.flags[0].colour, Colour::kAmber);
  EXPECT_EQ(second.response.flags[0].reason, Reason::kNumberReused);

  EXPECT_THAT(finance(kMakerB, "B-1"), FailsWith(Error::kAmberOpen));
  EXPECT_THAT(chain_->call<method::ReleaseFlag>(kCheckerB, kRegistry, {"B-1", "bank-a/A-1"}),
              FailsWith(Error::kNotExplained));
  ASSERT_THAT(
      chain_->call<method::Explain>(kCheckerB, kRegistry, {"B-1", "bank-a/A-1", "an instalment"}),
      Succeeds());
  EXPECT_THAT(chain_->call<method::ReleaseFlag>(kCheckerB, kRegistry, {"B-1", "bank-a/A-1"}),
              FailsWith(Error::kSamePerson));
  ASSERT_THAT(
      chain_->call<method::Explain>(kMakerB, kRegistry, {"B-1", "bank-a/A-1", "an instalment"}),
      Succeeds());
  EXPECT_THAT(finance(kMakerB, "B-1"), FailsWith(Error::kAmberOpen));
  ASSERT_THAT(chain_->call<method::ReleaseFlag>(kCheckerB, kRegistry, {"B-1", "bank-a/A-1"}),
              Succeeds());
  EXPECT_THAT(finance(kMakerB, "B-1"), Succeeds());
}

TEST_P(Registry, NobodyExplainsAFlagOfWhatIsFinancedElsewhere) {
  ASSERT_THAT(enter(kMakerB, "B-1", invoice(1)), Succeeds());
  ASSERT_THAT(finance(kMakerB, "B-1"), Succeeds());
  ASSERT_THAT(enter(kMakerA, "A-1", invoice(2)), Succeeds());
  const auto third = enter(kMakerA, "A-2", invoice(1));  // amber with A-1, and red with B-1
  ASSERT_EQ(third.response.flags.size(), 2u);
  EXPECT_THAT(finance(kMakerA, "A-2"), FailsWith(Error::kDupFinancedElsewhere));
}

TEST_P(Registry, ACreditNoteLinksAndBlocksNothing) {
  ASSERT_THAT(enter(kMakerA, "A-1", invoice()), Succeeds());
  const auto note = enter_note(kMakerA, "A-2", {token(TokenKind::kNumber, 7)}, 500);
  ASSERT_THAT(note, Succeeds());
  ASSERT_EQ(note.response.flags.size(), 1u);
  EXPECT_EQ(note.response.flags[0].colour, Colour::kLink);
  EXPECT_THAT(finance(kMakerA, "A-1", 9'500), Succeeds());
}

TEST_P(Registry, ACorrectedInvoiceIsLinkedToTheFirstAndAsks) {
  ASSERT_THAT(enter(kMakerA, "A-1", invoice()), Succeeds());
  const auto corrected = chain_->call<method::Register>(
      kMakerB, kRegistry,
      request(kMakerB, "B-1", {token(TokenKind::kNumber, 8), token(TokenKind::kReference, 7)},
              384));
  ASSERT_THAT(corrected, Succeeds());
  ASSERT_EQ(corrected.response.flags.size(), 1u);
  EXPECT_EQ(corrected.response.flags[0].colour, Colour::kLink);
  EXPECT_EQ(corrected.response.flags[0].reason, Reason::kRefersTo);
  EXPECT_THAT(finance(kMakerB, "B-1"), FailsWith(Error::kAmberOpen));
  ASSERT_THAT(chain_->call<method::Explain>(kMakerB, kRegistry, {"B-1", "bank-a/A-1", "replaces"}),
              Succeeds());
  ASSERT_THAT(chain_->call<method::ReleaseFlag>(kCheckerB, kRegistry, {"B-1", "bank-a/A-1"}),
              Succeeds());
  EXPECT_THAT(finance(kMakerB, "B-1"), Succeeds());

  // The other order: the named one is registered later. Two that name a third are not alike.
  const auto third = enter(kMakerA, "A-2", {token(TokenKind::kNumber, 8)});
  EXPECT_EQ(third.response.flags.size(), 1u);
  EXPECT_TRUE(enter(kMakerA, "A-3", {token(TokenKind::kReference, 9)}).response.flags.empty());
  EXPECT_TRUE(enter(kMakerB, "B-3", {token(TokenKind::kReference, 9)}).response.flags.empty());
  const auto named = enter(kMakerA, "A-4", {token(TokenKind::kNumber, 9)});
  EXPECT_EQ(named.response.flags.size(), 2u);
  EXPECT_THAT(
      enter(kMakerA, "A-5", {token(TokenKind::kNumber, 10), token(TokenKind::kReference, 10)}),
      Succeeds());
}

TEST_P(Registry, SharesNeverSumAboveTheWhole) {
  ASSERT_THAT(enter(kMakerA, "A-1", invoice()), Succeeds());
  ASSERT_THAT(finance(kMakerA, "A-1", 6'000), Succeeds());
  EXPECT_EQ(status("bank-a/A-1"), Status::kPartFinanced);
  EXPECT_THAT(finance(kMakerA, "A-1", 4'001), FailsWith(Error::kOverFinanced));
  EXPECT_THAT(finance(kMakerA, "A-1", UINT32_MAX), FailsWith(Error::kOverFinanced));
  ASSERT_THAT(finance(kMakerA, "A-1", 4'000), Succeeds());
  EXPECT_THAT(finance(kMakerA, "A-1", 1), FailsWith(Error::kOverFinanced));
}

TEST_P(Registry, WithoutAMandateNothingIsRegistered) {
  RegisterRequest forged = request(kMakerA, "A-1", invoice());
  forged.commitment = sdk::Bytes(32, 99);
  EXPECT_THAT(chain_->call<method::Register>(kMakerA, kRegistry, forged),
              FailsWith(Error::kMandateMissing));
  // A mandate is for one bank and serves once.
  RegisterRequest real = request(kMakerA, "A-1", invoice());
  EXPECT_THAT(chain_->call<method::Register>(kMakerB, kRegistry, real),
              FailsWith(Error::kMandateMissing));
  ASSERT_THAT(chain_->call<method::Register>(kMakerA, kRegistry, real), Succeeds());
  real.reference = "A-2";
  EXPECT_THAT(chain_->call<method::Register>(kMakerA, kRegistry, real),
              FailsWith(Error::kMandateMissing));
}

TEST_P(Registry, WhatNobodyFinancesLapsesByItselfAndRaisesNoMoreFlags) {
  ASSERT_THAT(enter(kMakerA, "A-1", invoice()), Succeeds());
  const auto fired = chain_->advance_by(15 * sdk::kDayMs);
  ASSERT_EQ(fired.size(), 1u);
  EXPECT_THAT(fired[0], Succeeds());
  EXPECT_EQ(status("bank-a/A-1"), Status::kLapsed);
  EXPECT_TRUE(enter(kMakerB, "B-1", invoice()).response.flags.empty());
  EXPECT_THAT(finance(kMakerA, "A-1"), FailsWith(Error::kWrongStatus));
}

TEST_P(Registry, AFinancedEntryDoesNotLapse) {
  ASSERT_THAT(enter(kMakerA, "A-1", invoice()), Succeeds());
  ASSERT_THAT(finance(kMakerA, "A-1"), Succeeds());
  EXPECT_TRUE(chain_->advance_by(30 * sdk::kDayMs).empty());
  EXPECT_EQ(status("bank-a/A-1"), Status::kFinanced);
}

TEST_P(Registry, OnlyTheBankItselfActsOnItsEntries) {
  ASSERT_THAT(enter(kMakerA, "A-1", invoice()), Succeeds());
  EXPECT_THAT(cancel(kMakerB, "bank-a/A-1"), FailsWith(Error::kNotTheBank));
  EXPECT_THAT(finance(kMakerB, "A-1"), FailsWith(Error::kEntryNotFound));
  ASSERT_THAT(cancel(kMakerA, "bank-a/A-1"), Succeeds());
  EXPECT_THAT(cancel(kMakerA, "bank-a/A-1"), FailsWith(Error::kWrongStatus));
}

TEST_P(Registry, CustomsFindsWhereADocumentWasOffered) {
  ASSERT_THAT(enter(kMakerA, "A-1", invoice()), Succeeds());
  ASSERT_THAT(enter(kMakerB, "B-1", invoice()), Succeeds());
  const auto found =
      chain_->view<method::FindByToken>(kCustoms, kRegistry, {token(TokenKind::kSame, 1)});
  ASSERT_THAT(found, Succeeds());
  ASSERT_EQ(found.response.found.size(), 2u);
  EXPECT_EQ(found.response.found[0].entry, "bank-a/A-1");
  EXPECT_EQ(found.response.found[1].entry, "bank-b/B-1");
  EXPECT_FALSE(
      chain_->view<method::FindByToken>(kClient, kRegistry, {token(TokenKind::kSame, 1)}).ok());
}

// Several tokens of one kind, in the order of unsigned bytes.
TEST_P(Registry, TokensOfOneKindAscendByValue) {
  std::vector<Token> tokens;
  for (const int n : {0x01, 0x7f, 0x80, 0xff})
    tokens.push_back(token(TokenKind::kNearNumber, static_cast<std::uint8_t>(n)));
  EXPECT_THAT(enter(kMakerA, "A-1", tokens), Succeeds());
  std::swap(tokens[1], tokens[2]);
  EXPECT_THAT(enter(kMakerA, "A-2", tokens), FailsWith(Error::kTokensMalformed));

  // Across kinds the values' order does not matter.
  EXPECT_THAT(enter(kMakerA, "A-4",
                    {token(TokenKind::kNearNumberName, 0xf6), token(TokenKind::kNumber, 0xa1)}),
              Succeeds());

  std::vector<Token> many;
  std::uint32_t state = 1;
  for (int i = 0; i < 40; ++i) {
    Token next{TokenKind::kNearNumber, {}};
    for (int byte = 0; byte < 32; ++byte) {
      state = state * 1'664'525u + 1'013'904'223u;
      next.value.push_back(static_cast<std::uint8_t>(state >> 24));
    }
    many.push_back(next);
  }
  std::sort(many.begin(), many.end(),
            [](const Token& a, const Token& b) { return a.value < b.value; });
  EXPECT_THAT(enter(kMakerA, "A-3", many), Succeeds());
}

// The longest list of tokens in three epochs stays far below what a transaction may cost.
TEST_P(Registry, TheLongestRegistrationFitsATransaction) {
  ASSERT_THAT(enter(kMakerA, "A-1", {token(TokenKind::kNumber, 1)}), Succeeds());
  (void)chain_->advance_by(800 * sdk::kDayMs);
  const auto tokens_of = [](std::uint8_t epoch) {
    std::vector<Token> tokens;
    for (std::uint8_t i = 0; i < 128; ++i) {
      Token one = token(TokenKind::kNearNumber, i);
      one.value[31] = epoch;
      tokens.push_back(one);
    }
    return tokens;
  };
  RegisterRequest request = this->request(kMakerA, "A-2", tokens_of(28));
  const auto epochs = chain_->view<method::GetEpochs>(kMakerA, kRegistry, {}).response;
  ASSERT_EQ(epochs.look_back.size(), 2u);
  request.epoch = epochs.current;
  for (const std::uint32_t epoch : epochs.look_back)
    request.look_back.push_back({epoch, tokens_of(static_cast<std::uint8_t>(epoch - 2'000))});
  const auto reply = enter(kMakerA, request);
  ASSERT_THAT(reply, Succeeds());
  EXPECT_LT(reply.receipt.gas_used, 25'000'000u);
}

TEST_P(Registry, ManyMatchesAreBounded) {
  for (int i = 0; i < 24; ++i)
    ASSERT_THAT(enter(kMakerA, "A-" + std::to_string(i), invoice()), Succeeds()) << i;
  const auto last = enter(kMakerB, "B-1", invoice());
  ASSERT_THAT(last, Succeeds());
  EXPECT_EQ(last.response.flags.size(), 24u);
  EXPECT_THAT(enter(kMakerB, "B-2", invoice()), FailsWith(Error::kTooManyMatches));
}

USANCE_ON_EVERY_CHAIN(Registry);

}  // namespace
}  // namespace usance::invoice_registry::v1
