// Transitions 4 to 8: proposing, accepting and rejecting amendments, by words and by presenting.
#include "contracts/letter_of_credit/amending.h"
#include "credit_fixture.h"

namespace usance::letter_of_credit::v1::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class AmendmentTest : public CreditTest {
 protected:
  void SetUp() override {
    CreditTest::SetUp();
    issue_and_advise();
  }

  AmendmentState amendment_state(std::uint32_t number) {
    return view<method::GetAmendment>({std::string(kCredit), number}).state;
  }
  Terms terms() { return view<method::GetCredit>({std::string(kCredit)}).terms; }

  static TermsChange later_shipment() {
    TermsChange change;
    change.latest_shipment = day(2027, 3, 20);
    return change;
  }
  static TermsChange other_port() {
    TermsChange change;
    change.port_of_discharge = "Bremerhaven";
    return change;
  }
};
USANCE_ON_EVERY_CHAIN(AmendmentTest);

TEST_P(AmendmentTest, BindsTheBankWhenProposedAndTheBeneficiaryWhenAccepted) {
  TermsChange change;
  change.increase = 20'000'00;
  change.expiry_date = day(2027, 4, 15);
  const auto proposed = amend(change);
  ASSERT_THAT(proposed, Succeeds()) << proposed.receipt.detail;
  EXPECT_EQ(proposed.response.state, AmendmentState::kPending);
  EXPECT_EQ(credit().ceiling, usd(100'000'00));
  EXPECT_THAT(tasks(kExporter), ElementsAre(Task::kAnswerAmendment));

  const auto accepted = call<method::AcceptAmendment>(exporter, {std::string(kCredit), 1, {}});
  ASSERT_THAT(accepted, Succeeds());
  EXPECT_EQ(credit().ceiling, usd(120'000'00));
  EXPECT_EQ(terms().expiry_date, day(2027, 4, 15));
  EXPECT_EQ(credit().expires_at, day(2027, 4, 15).start_ms() + 15 * kHourMs);
  EXPECT_THAT(tasks(kExporter), IsEmpty());
  advance(at(day(2027, 4, 1), 12));
  EXPECT_EQ(state(), CreditState::kAdvised);  // the old expiry has no timer any more
  advance(at(day(2027, 4, 15), 17));
  EXPECT_EQ(state(), CreditState::kExpired);
}

// A latest date (44C) and periods (44D) take each other's place.
TEST_P(AmendmentTest, PeriodsOfShipmentAndALatestDateReplaceEachOther) {
  TermsChange periods;
  periods.shipment_periods = {{day(2027, 3, 1), day(2027, 3, 10), 0}};
  ASSERT_THAT(amend(periods), Succeeds());
  ASSERT_THAT(call<method::AcceptAmendment>(exporter, {std::string(kCredit), 1, {}}), Succeeds());
  EXPECT_EQ(terms().shipment_periods, periods.shipment_periods);
  EXPECT_FALSE(terms().latest_shipment.is_set());
  ASSERT_THAT(amend(later_shipment()), Succeeds());
  ASSERT_THAT(call<method::AcceptAmendment>(exporter, {std::string(kCredit), 2, {}}), Succeeds());
  EXPECT_THAT(terms().shipment_periods, IsEmpty());
  EXPECT_EQ(terms().latest_shipment, day(2027, 3, 20));
  periods.latest_shipment = day(2027, 3, 20);
  EXPECT_THAT(amend(periods), FailsWith(Error::kBadTerm));
}

TEST(ApplyChange, AnInstalmentThatWasMadeStaysAsItIs) {
  Terms credit = coffee_terms();
  credit.partial_shipments = Allowed::kAllowed;
  credit.latest_shipment = {};
  credit.shipment_periods = {{day(2027, 2, 25), day(2027, 3, 5), 0},
                             {day(2027, 3, 6), day(2027, 3, 15), 0}};
  constexpr std::uint64_t kFirst = 1;
  const auto problem = [&](const TermsChange& change, std::uint64_t made) {
    Terms terms = credit;
    return apply_change(terms, change, made).has_value();
  };
  TermsChange change;
  change.shipment_periods = credit.shipment_periods;
  change.shipment_periods[1].to = day(2027, 3, 20);
  EXPECT_FALSE(problem(change, kFirst));
  change.shipment_periods[0].to = day(2027, 3, 4);
  EXPECT_TRUE(problem(change, kFirst));
  EXPECT_FALSE(problem(change, 0));
  change.shipment_periods.resize(1);
  EXPECT_TRUE(problem(change, 2)) << "the second was made";
}

TEST_P(AmendmentTest, SilenceIsNoConsent) {
  ASSERT_THAT(amend(later_shipment()), Succeeds());
  advance(at(day(2027, 3, 30), 12));
  EXPECT_EQ(amendment_state(1), AmendmentState::kPending);
  EXPECT_EQ(terms().latest_shipment, day(2027, 3, 15));
}

TEST_P(AmendmentTest, AcceptingInPartCountsAsRejecting) {
  ASSERT_THAT(amend(later_shipment()), Succeeds());
  const auto partly =
      call<method::AcceptAmendment>(exporter, {std::string(kCredit), 1, {"latest shipment"}});
  EXPECT_THAT(partly, FailsWith(Error::kPartialAcceptance));
  ASSERT_THAT(call<method::RejectAmendment>(exporter, {std::string(kCredit), 1, "too late"}),
              Succeeds());
  EXPECT_EQ(amendment_state(1), AmendmentState::kRejected);
  EXPECT_EQ(terms().latest_shipment, day(2027, 3, 15));
  EXPECT_THAT(call<method::AcceptAmendment>(exporter, {std::string(kCredit), 1, {}}),
              FailsWith(Error::kWrongState));
}

TEST_P(AmendmentTest, OnlyTheBeneficiaryAnswers) {
  ASSERT_THAT(amend(later_shipment()), Succeeds());
  for (const Caller& other : {roaster, nile_checker, elbe_checker, outsider}) {
    EXPECT_THAT(call<method::AcceptAmendment>(other, {std::string(kCredit), 1, {}}),
                FailsWith(Error::kWrongParty));
    EXPECT_THAT(call<method::RejectAmendment>(other, {std::string(kCredit), 1, ""}),
                FailsWith(Error::kWrongParty));
  }
  EXPECT_THAT(call<method::DraftAmendment>(nile_maker, {std::string(kCredit), other_port()}),
              FailsWith(Error::kWrongParty));
  EXPECT_THAT(call<method::AcceptAmendment>(exporter, {std::string(kCredit), 9, {}}),
              FailsWith(Error::kUnknownAmendment));
}

TEST_P(AmendmentTest, TheAdvisingBankAnswersForABeneficiaryThatIsNoMember) {
  Terms terms = coffee_terms();
  terms.number = "ELB-2027-0005";
  terms.beneficiary.organisation.clear();
  ASSERT_THAT(issue(terms), Succeeds());
  const std::string name = "elbe-bank/ELB-2027-0005";
  ASSERT_THAT(call<method::DraftAmendment>(elbe_maker, {name, other_port()}), Succeeds());
  ASSERT_THAT(call<method::ProposeAmendment>(elbe_checker, {name, 1}), Succeeds());
  EXPECT_THAT(call<method::AcceptAmendment>(exporter, {name, 1, {}}),
              FailsWith(Error::kWrongParty));
  EXPECT_THAT(call<method::AcceptAmendment>(nile_checker, {name, 1, {}}), Succeeds());
}

TEST_P(AmendmentTest, TakesTwoPersonsAndAChangeThatWorks) {
  EXPECT_THAT(amend({}), FailsWith(Error::kNothingChanged));
  TermsChange impossible;
  impossible.latest_shipment = day(2027, 4, 20);
  EXPECT_THAT(amend(impossible), FailsWith(Error::kShipmentAfterExpiry));
  TermsChange unknown;
  unknown.delete_documents = {"Packing list"};
  EXPECT_THAT(amend(unknown), FailsWith(Error::kBadTerm));
  TermsChange both;
  both.increase = 1;
  both.decrease = 1;
  EXPECT_THAT(amend(both), FailsWith(Error::kBadTerm));
  TermsChange nothing_left;
  nothing_left.decrease = 100'000'00;
  EXPECT_THAT(amend(nothing_left), FailsWith(Error::kMissingTerm));
  ASSERT_THAT(call<method::DraftAmendment>(elbe_both, {std::string(kCredit), other_port()}),
              Succeeds());
  EXPECT_THAT(tasks(kElbe), ElementsAre(Task::kCheckAmendment));
  EXPECT_THAT(call<method::ProposeAmendment>(elbe_both, {std::string(kCredit), 1}),
              FailsWith(Error::kSamePerson));
}

TEST_P(AmendmentTest, AnIncreaseRaisesTheMarginWhenTheBankIsBound) {
  Terms terms = coffee_terms();
  terms.number = "ELB-2027-0006";
  ASSERT_THAT(issue(terms, 5'000), Succeeds());
  EXPECT_EQ(held(roaster_account), 50'000'00);
  const std::string name = "elbe-bank/ELB-2027-0006";
  TermsChange change;
  change.increase = 100'000'00;
  ASSERT_THAT(call<method::DraftAmendment>(elbe_maker, {name, change}), Succeeds());
  ASSERT_THAT(call<method::ProposeAmendment>(elbe_checker, {name, 1}), Succeeds());
  EXPECT_EQ(held(roaster_account), 100'000'00);
  change.increase = 200'000'00;
  ASSERT_THAT(call<method::DraftAmendment>(elbe_maker, {name, change}), Succeeds());
  EXPECT_THAT(call<method::ProposeAmendment>(elbe_checker, {name, 2}), Succeeds());
  EXPECT_EQ(held(roaster_account), 150'000'00);
  change.increase = 300'000'00;
  ASSERT_THAT(call<method::DraftAmendment>(elbe_maker, {name, change}), Succeeds());
  EXPECT_THAT(call<method::ProposeAmendment>(elbe_checker, {name, 3}),
              FailsWith(Error::kMarginNotCovered));
  EXPECT_EQ(held(roaster_account), 150'000'00);  // nothing was let go
}

TEST_P(AmendmentTest, TheAmountDoesNotFallBelowWhatIsSetAside) {
  advance(at(day(2027, 3, 4), 11));
  ASSERT_THAT(present(complying_set()), Succeeds());
  ASSERT_THAT(mark_complying(), Succeeds());
  TermsChange change;
  change.decrease = 1;
  EXPECT_THAT(amend(change), FailsWith(Error::kBelowDrawn));
}

// A.8 case 6: two pending amendments, the documents match only the second.
TEST_P(AmendmentTest, PresentingAcceptsTheAmendmentThatTheDocumentsMatch) {
  ASSERT_THAT(amend(later_shipment()), Succeeds());
  ASSERT_THAT(amend(other_port()), Succeeds());
  advance(at(day(2027, 3, 4), 11));
  std::vector<Document> documents = complying_set();
  documents[1].transport.port_of_discharge = "Bremerhaven";
  const auto presented = present(documents);
  ASSERT_THAT(presented, Succeeds());
  EXPECT_THAT(presented.response.findings, IsEmpty());
  EXPECT_EQ(amendment_state(1), AmendmentState::kPending);
  EXPECT_EQ(amendment_state(2), AmendmentState::kAccepted);
  EXPECT_EQ(terms().port_of_discharge, "Bremerhaven");
  EXPECT_EQ(terms().latest_shipment, day(2027, 3, 15));
  const auto event = presented.event<CreditChanged>();
  ASSERT_TRUE(event);
  EXPECT_EQ(event->amendment, 2U);
  EXPECT_EQ(event->amendment_state, AmendmentState::kAccepted);
  EXPECT_THAT(tasks(kExporter), ElementsAre(Task::kAnswerAmendment));  // the first
}

TEST_P(AmendmentTest, DocumentsThatMatchTheCreditAcceptNothing) {
  ASSERT_THAT(amend(later_shipment()), Succeeds());
  advance(at(day(2027, 3, 4), 11));
  ASSERT_THAT(present(complying_set()), Succeeds());
  EXPECT_EQ(amendment_state(1), AmendmentState::kPending);
}

}  // namespace
}  // namespace usance::letter_of_credit::v1::test
