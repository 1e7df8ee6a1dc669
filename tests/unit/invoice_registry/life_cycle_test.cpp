// docs/contracts/invoice_registry.md, "Life cycle": every row, and what no row allows.
#include "registry_chain.h"

namespace usance::invoice_registry::v1 {
namespace {

class LifeCycle : public RegistryChain {
 protected:
  // Brings an entry of bank A under the reference to the status.
  std::string in_status(Status wanted, const std::string& reference = "A-1") {
    const std::string name = "bank-a/" + reference;
    EXPECT_THAT(enter(kMakerA, reference, {token(TokenKind::kSame, ++invoices_)}), Succeeds());
    switch (wanted) {
      case Status::kPartFinanced:
        EXPECT_THAT(finance(kMakerA, reference, 5'000), Succeeds());
        break;
      case Status::kFinanced: EXPECT_THAT(finance(kMakerA, reference), Succeeds()); break;
      case Status::kSettled:
        EXPECT_THAT(finance(kMakerA, reference), Succeeds());
        EXPECT_THAT(settle(kMakerA, name), Succeeds());
        break;
      case Status::kDefaulted:
        EXPECT_THAT(finance(kMakerA, reference), Succeeds());
        EXPECT_THAT(chain_->call<method::MarkDefaulted>(kMakerA, kRegistry, {name}), Succeeds());
        break;
      case Status::kCancelled: EXPECT_THAT(cancel(kMakerA, name), Succeeds()); break;
      case Status::kLapsed: (void)chain_->advance_by(15 * sdk::kDayMs); break;
      case Status::kDupFinanced:
        EXPECT_THAT(enter(kMakerB, reference, {token(TokenKind::kSame, invoices_)}), Succeeds());
        EXPECT_THAT(finance(kMakerB, reference), Succeeds());
        break;
      case Status::kDisputed:
        EXPECT_THAT(dispute(kAuditor, name, Ground::kAudit), Succeeds());
        break;
      default: break;
    }
    EXPECT_EQ(status(name), wanted);
    return name;
  }

 private:
  std::uint8_t invoices_ = 100;
};

constexpr Status kAll[] = {Status::kRegistered,  Status::kPartFinanced, Status::kFinanced,
                           Status::kSettled,     Status::kCancelled,    Status::kLapsed,
                           Status::kDupFinanced, Status::kDisputed,     Status::kDefaulted};

TEST_P(LifeCycle, EachActionHasItsStatusesAndNoOther) {
  const auto in = [](Status status, std::initializer_list<Status> those) {
    return std::find(those.begin(), those.end(), status) != those.end();
  };
  int n = 0;
  for (const Status from : kAll) {
    const auto fresh = [&] {
      chain_ = testchain::make_chain(GetParam(), registry_setup());
      return in_status(from, "R-" + std::to_string(++n));
    };
    const auto reference = [&] { return "R-" + std::to_string(n); };
    SCOPED_TRACE(to_text(from));

    std::string name = fresh();
    EXPECT_EQ(finance(kMakerA, reference(), 1).ok(),
              in(from, {Status::kRegistered, Status::kPartFinanced}));
    name = fresh();
    EXPECT_EQ(settle(kMakerA, name).ok(), in(from, {Status::kPartFinanced, Status::kFinanced}));
    name = fresh();
    EXPECT_EQ(chain_->call<method::MarkDefaulted>(kMakerA, kRegistry, {name}).ok(),
              in(from, {Status::kPartFinanced, Status::kFinanced}));
    name = fresh();
    EXPECT_EQ(cancel(kMakerA, name).ok(), from == Status::kRegistered);
    name = fresh();
    EXPECT_EQ(chain_->call<method::SetReserve>(kMakerA, kRegistry, {reference(), 100}).ok(),
              in(from, {Status::kRegistered, Status::kPartFinanced, Status::kFinanced}));
    name = fresh();
    EXPECT_EQ(chain_->call<method::RecordPayment>(kMakerA, kRegistry, {reference(), 100, 0}).ok(),
              in(from, {Status::kRegistered, Status::kPartFinanced, Status::kFinanced}));
    name = fresh();
    EXPECT_EQ(
        dispute(kOtherAuditor, name, Ground::kAudit).ok(),
        !in(from, {Status::kSettled, Status::kCancelled, Status::kLapsed, Status::kDisputed}));
    name = fresh();
    EXPECT_EQ(decide(kOtherAuditor, name, false).ok(), from == Status::kDisputed);
    name = fresh();
    EXPECT_EQ(
        chain_->call<method::AttestRepayment>(kClient, kRegistry, {name, sdk::Bytes(32, 1)}).ok(),
        in(from, {Status::kPartFinanced, Status::kFinanced, Status::kDefaulted}));
  }
}

TEST_P(LifeCycle, AfterPayoutOnlyARepaymentThatTheClientAttestsCancels) {
  for (const Status from : {Status::kPartFinanced, Status::kFinanced, Status::kDefaulted}) {
    const std::string name = in_status(from, "A-" + std::to_string(static_cast<int>(from)));
    const sdk::Bytes proof(32, 9);
    EXPECT_THAT(cancel(kMakerA, name), FailsWith(Error::kRepaymentUnproven));
    EXPECT_THAT(cancel(kMakerA, name, proof), FailsWith(Error::kRepaymentUnproven));
    EXPECT_THAT(chain_->call<method::AttestRepayment>(kBuyer, kRegistry, {name, proof}),
                FailsWith(Error::kNotTheClient));
    ASSERT_THAT(chain_->call<method::AttestRepayment>(kClient, kRegistry, {name, proof}),
                Succeeds());
    EXPECT_THAT(cancel(kMakerA, name, sdk::Bytes(32, 8)), FailsWith(Error::kRepaymentUnproven));
    EXPECT_THAT(cancel(kMakerA, name), FailsWith(Error::kRepaymentUnproven));
    EXPECT_THAT(cancel(kMakerB, name, proof), FailsWith(Error::kNotTheBank));
    EXPECT_THAT(cancel(kMakerA, name, proof), Succeeds());
    EXPECT_EQ(status(name), Status::kCancelled);
  }
}

// B.5: "first financed wins"; who was late may come again when the first is out.
TEST_P(LifeCycle, AfterTheFirstIsCancelledTheInvoiceMayBeRegisteredAnew) {
  ASSERT_THAT(enter(kMakerA, "A-1"), Succeeds());
  ASSERT_THAT(enter(kMakerB, "B-1"), Succeeds());
  ASSERT_THAT(finance(kMakerA, "A-1"), Succeeds());
  EXPECT_EQ(status("bank-b/B-1"), Status::kDupFinanced);
  const sdk::Bytes proof(32, 9);
  ASSERT_THAT(chain_->call<method::AttestRepayment>(kClient, kRegistry, {"bank-a/A-1", proof}),
              Succeeds());
  ASSERT_THAT(cancel(kMakerA, "bank-a/A-1", proof), Succeeds());
  EXPECT_THAT(finance(kMakerB, "B-1"), FailsWith(Error::kWrongStatus));
  const auto again = enter(kMakerB, "B-2");
  ASSERT_THAT(again, Succeeds());
  ASSERT_EQ(again.response.flags.size(), 1u);  // B-1 is not gone: it was late
  EXPECT_THAT(finance(kMakerB, "B-2"), Succeeds());
}

TEST_P(LifeCycle, ADefaultedInvoiceStaysTakenForEveryOther) {
  const std::string name = in_status(Status::kDefaulted);
  ASSERT_THAT(enter(kMakerB, "B-1", {token(TokenKind::kSame, 101)}), Succeeds());
  EXPECT_THAT(finance(kMakerB, "B-1"), FailsWith(Error::kDupFinancedElsewhere));
}

TEST_P(LifeCycle, RegisteredLapsesByItselfAlsoWhileItIsDisputed) {
  const std::string name = in_status(Status::kDisputed);
  // The dispute was raised on the same day and has the same term: both timers fire.
  (void)chain_->advance_by(15 * sdk::kDayMs);
  EXPECT_EQ(status(name), Status::kLapsed);
  EXPECT_TRUE(enter(kMakerB, "B-1", {token(TokenKind::kSame, 101)}).response.flags.empty());
}

// B.5: sum of active <= eligible = amount - credit notes - payments - dilution reserve.
TEST_P(LifeCycle, EligibleIsTheFaceWithoutCreditNotesPaymentsAndReserve) {
  ASSERT_THAT(enter(kMakerA, "A-1"), Succeeds());
  ASSERT_THAT(enter_note(kMakerA, "N-1", {token(TokenKind::kNumber, 7)}, 1'000), Succeeds());
  EXPECT_EQ(remaining("bank-a/A-1"), 9'000u);
  const auto reserved = chain_->call<method::SetReserve>(kMakerA, kRegistry, {"A-1", 500});
  EXPECT_EQ(reserved.response.remaining, 8'500u);
  const auto paid = chain_->call<method::RecordPayment>(kMakerA, kRegistry, {"A-1", 2'500, 0});
  EXPECT_EQ(paid.response.remaining, 6'000u);
  EXPECT_THAT(finance(kMakerA, "A-1", 6'001), FailsWith(Error::kOverFinanced));
  ASSERT_THAT(finance(kMakerA, "A-1", 4'000), Succeeds());
  EXPECT_EQ(status("bank-a/A-1"), Status::kPartFinanced);
  // The reserve grows until nothing remains, and shrinks again.
  ASSERT_THAT(chain_->call<method::SetReserve>(kMakerA, kRegistry, {"A-1", 2'500}), Succeeds());
  EXPECT_EQ(status("bank-a/A-1"), Status::kFinanced);
  EXPECT_THAT(finance(kMakerA, "A-1", 1), FailsWith(Error::kOverFinanced));
  ASSERT_THAT(chain_->call<method::SetReserve>(kMakerA, kRegistry, {"A-1", 0}), Succeeds());
  EXPECT_EQ(remaining("bank-a/A-1"), 2'500u);
  // The buyer pays a part, half of which repays the advance: that half may not be financed again.
  ASSERT_THAT(chain_->call<method::RecordPayment>(kMakerA, kRegistry, {"A-1", 2'000, 1'000}),
              Succeeds());
  EXPECT_EQ(entry("bank-a/A-1").financed, 3'000u);
  EXPECT_EQ(remaining("bank-a/A-1"), 1'500u);
  for (const auto& [share, repaid] : {std::pair{4'501u, 0u}, {100u, 101u}, {4'000u, 3'001u}})
    EXPECT_THAT(chain_->call<method::RecordPayment>(kMakerA, kRegistry, {"A-1", share, repaid}),
                FailsWith(Error::kOverPaid));
}

TEST_P(LifeCycle, ACreditNoteCountsWhicheverCameFirstAndOnce) {
  ASSERT_THAT(
      enter_note(kMakerA, "N-1", {token(TokenKind::kSame, 9), token(TokenKind::kNumber, 7)}, 3'000),
      Succeeds());
  ASSERT_THAT(enter(kMakerA, "A-1"), Succeeds());
  EXPECT_EQ(remaining("bank-a/A-1"), 7'000u);
  // Its copy at another bank is red and takes nothing more.
  const auto copy =
      enter_note(kMakerB, "N-1", {token(TokenKind::kSame, 9), token(TokenKind::kNumber, 7)}, 3'000);
  ASSERT_THAT(copy, Succeeds());
  EXPECT_EQ(remaining("bank-a/A-1"), 7'000u);
  // A second note by reference.
  ASSERT_THAT(enter_note(kMakerA, "N-2",
                         {token(TokenKind::kNumber, 55), token(TokenKind::kReference, 7)}, 8'000),
              Succeeds());
  EXPECT_EQ(remaining("bank-a/A-1"), 0u);
  EXPECT_EQ(entry("bank-a/A-1").credited, 10'000u);
  ASSERT_THAT(cancel(kMakerA, "bank-a/N-2"), Succeeds());
  EXPECT_EQ(remaining("bank-a/A-1"), 7'000u);
}

TEST_P(LifeCycle, ACreditNoteAfterPayoutLeavesLessThanNothingAndTellsIt) {
  ASSERT_THAT(enter(kMakerA, "A-1"), Succeeds());
  ASSERT_THAT(finance(kMakerA, "A-1", 8'000), Succeeds());
  const auto note = enter_note(kMakerA, "N-1", {token(TokenKind::kNumber, 7)}, 5'000);
  const auto told = note.event<EligibleChanged>();
  ASSERT_TRUE(told);
  EXPECT_EQ(told->eligible, 5'000u);
  EXPECT_EQ(told->financed, 8'000u);
  EXPECT_EQ(status("bank-a/A-1"), Status::kFinanced);
}

TEST_P(LifeCycle, ACreditNoteOfAnotherClientTellsAndTakesNothing) {
  ASSERT_THAT(enter(kMakerA, "A-1"), Succeeds());
  RegisterRequest foreign = request(kMakerB, "N-1", {token(TokenKind::kNumber, 7)}, 381);
  foreign.client = kBuyer.organisation;
  foreign.credits = 9'000;
  foreign.commitment = mandate("bank-b", kBuyer);
  ASSERT_THAT(enter(kMakerB, foreign), Succeeds());
  EXPECT_EQ(view("bank-a/A-1").flags.size(), 1u);
  EXPECT_EQ(remaining("bank-a/A-1"), 10'000u);
}

TEST_P(LifeCycle, ACreditNoteIsNotFinancedAndDoesNotLapse) {
  ASSERT_THAT(enter_note(kMakerA, "N-1", {token(TokenKind::kNumber, 7)}, 100), Succeeds());
  EXPECT_THAT(finance(kMakerA, "N-1"), FailsWith(Error::kNotFinanceable));
  EXPECT_TRUE(chain_->advance_by(30 * sdk::kDayMs).empty());
  EXPECT_THAT(enter_note(kMakerA, "N-2", {token(TokenKind::kNumber, 8)}, 0),
              FailsWith(Error::kCreditsMisplaced));
  RegisterRequest request_380 = request(kMakerA, "A-2", {token(TokenKind::kNumber, 8)});
  request_380.credits = 1;
  EXPECT_THAT(enter(kMakerA, request_380), FailsWith(Error::kCreditsMisplaced));
}

// B.4: epochs by year, looked back for 24 months.
TEST_P(LifeCycle, EntriesOfEarlierYearsAreFoundByTheTokensOfTheirEpoch) {
  ASSERT_THAT(enter(kMakerA, "A-1", {token(TokenKind::kSame, 26)}), Succeeds());
  ASSERT_THAT(finance(kMakerA, "A-1"), Succeeds());
  (void)chain_->advance_by(200 * sdk::kDayMs);  // 2027
  const auto epochs = chain_->view<method::GetEpochs>(kMakerB, kRegistry, {});
  EXPECT_EQ(epochs.response.current, 2027u);
  EXPECT_EQ(epochs.response.look_back, std::vector<std::uint32_t>{2026});

  RegisterRequest now = request(kMakerB, "B-1", {token(TokenKind::kSame, 27)});
  EXPECT_THAT(enter(kMakerB, now), FailsWith(Error::kWrongEpoch));
  now.epoch = 2027;
  EXPECT_THAT(enter(kMakerB, now), FailsWith(Error::kLookBackMissing));
  now.look_back = {{2026, {token(TokenKind::kNumber, 26)}}};  // other kinds than now
  EXPECT_THAT(enter(kMakerB, now), FailsWith(Error::kLookBackMissing));
  now.look_back = {{2026, {token(TokenKind::kSame, 26)}}};
  const auto found = enter(kMakerB, now);
  ASSERT_THAT(found, Succeeds());
  ASSERT_EQ(found.response.flags.size(), 1u);
  EXPECT_EQ(found.response.flags[0].colour, Colour::kRed);
  EXPECT_THAT(finance(kMakerB, "B-1"), FailsWith(Error::kDupFinancedElsewhere));

  // What was looked up is not kept: the next one has the tokens of both years, too.
  (void)chain_->advance_by(800 * sdk::kDayMs);  // 2029
  EXPECT_EQ(chain_->view<method::GetEpochs>(kMakerB, kRegistry, {}).response.look_back,
            (std::vector<std::uint32_t>{2027, 2028}));
}

USANCE_ON_EVERY_CHAIN(LifeCycle);

}  // namespace
}  // namespace usance::invoice_registry::v1
