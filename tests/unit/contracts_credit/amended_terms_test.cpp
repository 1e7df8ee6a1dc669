// What an amendment can change, term by term, and what it cannot.
#include "banks_fixture.h"
#include "contracts/letter_of_credit/amending.h"

namespace usance::letter_of_credit::v1::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Condition shown_by_invoice(const std::string& text) {
  return {text, "Commercial invoice"};
}

// The coffee credit with the change, or none where it refuses the change.
std::optional<Terms> amended(const TermsChange& change, Terms terms = coffee_terms()) {
  if (apply_change(terms, change, 0)) return std::nullopt;
  return terms;
}

TEST(AmendedTerms, AToleranceTakesThePlaceOfAbout) {
  Terms about = coffee_terms();
  about.about_amount = true;
  TermsChange change;
  change.plus_tolerance = 500;
  change.minus_tolerance = 0;
  const auto terms = amended(change, about);
  ASSERT_TRUE(terms);
  EXPECT_FALSE(terms->about_amount);
  EXPECT_EQ(terms->plus_tolerance, 500U);
  EXPECT_EQ(terms->minus_tolerance, 0U);
  change.plus_tolerance = 10'000;
  EXPECT_FALSE(amended(change));
}

// Absent is not "allowed", which is 0.
TEST(AmendedTerms, WhatIsAllowedChangesBothWays) {
  TermsChange change;
  change.partial_shipments = Allowed::kAllowed;
  change.transhipment = Allowed::kNotAllowed;
  const auto terms = amended(change);
  ASSERT_TRUE(terms);
  EXPECT_EQ(terms->partial_shipments, Allowed::kAllowed);
  EXPECT_EQ(terms->transhipment, Allowed::kNotAllowed);
  TermsChange other;
  other.charges = "ALL CHARGES FOR APPLICANT";
  EXPECT_EQ(amended(other, *terms)->transhipment, Allowed::kNotAllowed);
}

TEST(AmendedTerms, ConditionsAreAddedDeletedAndReplaced) {
  Terms credit = coffee_terms();
  credit.conditions = {shown_by_invoice("Invoice states the lot"),
                       shown_by_invoice("Invoice is signed")};
  TermsChange change;
  change.delete_conditions = {"INVOICE IS SIGNED"};
  change.add_conditions = {shown_by_invoice("Invoice names the vessel")};
  auto terms = amended(change, credit);
  ASSERT_TRUE(terms);
  EXPECT_THAT(terms->conditions, ElementsAre(shown_by_invoice("Invoice states the lot"),
                                             shown_by_invoice("Invoice names the vessel")));
  change.delete_conditions = {"Invoice is in German"};
  EXPECT_FALSE(amended(change, credit));
  change.delete_conditions.clear();
  change.replace_conditions = true;
  EXPECT_THAT(amended(change, credit)->conditions,
              ElementsAre(shown_by_invoice("Invoice names the vessel")));
  // A condition that no document shows is none (Art. 14(h)).
  change.add_conditions.front().shown_by = "Packing list";
  EXPECT_FALSE(amended(change, credit));
  TermsChange none;
  none.replace_conditions = true;
  EXPECT_THAT(amended(none, credit)->conditions, IsEmpty());
}

TEST(AmendedTerms, ACreditHoldsAtMost32Conditions) {
  Terms credit = coffee_terms();
  for (int i = 0; i < 32; ++i)
    credit.conditions.push_back(shown_by_invoice("Condition " + std::to_string(i)));
  ASSERT_TRUE(amended({}, credit));
  TermsChange change;
  change.add_conditions = {shown_by_invoice("One more")};
  EXPECT_FALSE(amended(change, credit));
  change.delete_conditions = {"Condition 31"};
  EXPECT_TRUE(amended(change, credit));
}

TEST(AmendedTerms, AllDocumentsAreReplaced) {
  TermsChange change;
  change.replace_documents = true;
  EXPECT_FALSE(amended(change)) << "a credit requires a document";
  change.add_documents = {coffee_terms().documents[1]};
  const auto terms = amended(change);
  ASSERT_TRUE(terms);
  EXPECT_THAT(terms->documents, ElementsAre(coffee_terms().documents[1]));
}

TEST(AmendedTerms, APartyIsCalledOtherwiseButStaysWhoItIs) {
  TermsChange change;
  change.beneficiary.name = "Kampala Coffee Exporters (2027) Ltd";
  change.beneficiary.account = "UG-4711";
  change.applicant.address = "Elbchaussee 5, Hamburg";
  const auto terms = amended(change);
  ASSERT_TRUE(terms);
  EXPECT_EQ(terms->beneficiary.name, "Kampala Coffee Exporters (2027) Ltd");
  EXPECT_EQ(terms->beneficiary.account, "UG-4711");
  EXPECT_EQ(terms->beneficiary.organisation, kExporter);
  EXPECT_EQ(terms->beneficiary.country, "UG");
  EXPECT_EQ(terms->applicant.name, coffee_terms().applicant.name);
  EXPECT_EQ(terms->applicant.address, "Elbchaussee 5, Hamburg");
  change.beneficiary.organisation = kExporter;
  EXPECT_TRUE(amended(change));
  change.beneficiary.organisation = kRoaster;
  EXPECT_FALSE(amended(change));
}

TEST(AmendedTerms, HowItIsPaidChangesWithItsWords) {
  Terms credit = coffee_terms();
  credit.available_by = AvailableBy::kDeferredPayment;
  credit.deferred_payment = "60 DAYS AFTER SIGHT";
  credit.payment = {{0, {TenorFrom::kAfterSight, 60, {}}}};
  TermsChange change;
  change.deferred_payment = "90 DAYS AFTER SIGHT";
  change.payment = {{0, {TenorFrom::kAfterSight, 90, {}}}};
  const auto terms = amended(change, credit);
  ASSERT_TRUE(terms);
  EXPECT_EQ(terms->deferred_payment, "90 DAYS AFTER SIGHT");
  EXPECT_EQ(terms->payment.front().tenor.days, 90U);
  EXPECT_FALSE(amended(change)) << "available by sight payment";
}

TEST(AmendedTerms, FormAndRulesChangeToWhatTheLedgerCarriesOut) {
  TermsChange change;
  change.form = Form::kIrrevocableTransferable;
  change.rules = Rules::kUcpurr;
  ASSERT_TRUE(amended(change));
  EXPECT_EQ(amended(change)->form, Form::kIrrevocableTransferable);
  EXPECT_EQ(amended(change)->rules, Rules::kUcpurr);
  change.rules = Rules::kIsp;
  EXPECT_FALSE(amended(change));
}

class AmendedConfirmationTest : public BanksTest {};
USANCE_ON_EVERY_CHAIN(AmendedConfirmationTest);

TEST_P(AmendedConfirmationTest, ABankIsAskedToConfirmByAnAmendmentAndNoLongerByAnother) {
  issue_and_advise(at_nile(coffee_terms()));
  TermsChange ask;
  ask.confirmation = Confirmation::kConfirm;
  ASSERT_THAT(amend(ask), Succeeds());
  EXPECT_THAT(tasks(kNile), IsEmpty());
  ASSERT_THAT(call<method::AcceptAmendment>(exporter, {std::string(kCredit), 1, {}}), Succeeds());
  EXPECT_THAT(tasks(kNile), ElementsAre(Task::kDecideConfirmation));
  TermsChange no_longer;
  no_longer.confirmation = Confirmation::kWithout;
  ASSERT_THAT(amend(no_longer), Succeeds());
  ASSERT_THAT(call<method::AcceptAmendment>(exporter, {std::string(kCredit), 2, {}}), Succeeds());
  EXPECT_THAT(tasks(kNile), IsEmpty());
  EXPECT_THAT(call<method::Confirm>(nile_checker, {std::string(kCredit)}),
              FailsWith(Error::kNotRequested));
}

// A wider tolerance binds the bank for more money, as an increase does.
TEST_P(AmendedConfirmationTest, AToleranceCountsTowardsTheLimitOfWhoSigns) {
  issue_and_advise(coffee_terms());
  ASSERT_THAT(call<method::SetSigningLimit>(elbe_admin, {"", usd(5'000'00), false}), Succeeds());
  TermsChange change;
  change.plus_tolerance = 501;
  const auto refused = amend(change);
  EXPECT_THAT(refused, FailsWith(Error::kOverLimit));
  EXPECT_THAT(refused.receipt.detail, HasSubstr("this is USD 5010.00"));
  change.plus_tolerance = 500;
  EXPECT_THAT(amend(change), Succeeds());
  TermsChange less;
  less.decrease = 90'000'00;
  EXPECT_THAT(amend(less), Succeeds());
}

// Also when the bank confirms between the proposal and its acceptance.
TEST_P(AmendedConfirmationTest, AConfirmationThatWasAddedStays) {
  Terms asked = at_nile(coffee_terms());
  asked.confirmation = Confirmation::kMayAdd;
  issue_and_advise(asked);
  TermsChange change;
  change.confirmation = Confirmation::kWithout;
  ASSERT_THAT(amend(change), Succeeds());
  ASSERT_THAT(call<method::Confirm>(nile_checker, {std::string(kCredit)}), Succeeds());
  ASSERT_THAT(call<method::AcceptAmendment>(exporter, {std::string(kCredit), 1, {}}), Succeeds());
  EXPECT_EQ(credit().confirming_bank, kNile);
  EXPECT_EQ(view<method::GetCredit>({std::string(kCredit)}).terms.confirmation,
            Confirmation::kMayAdd);
  const auto refused = call<method::DraftAmendment>(elbe_maker, {std::string(kCredit), change});
  EXPECT_THAT(refused, FailsWith(Error::kBadTerm));
  EXPECT_THAT(refused.receipt.detail, HasSubstr("confirmed"));
}

// As one record it would be too long to be stored.
TEST_P(AmendedConfirmationTest, AnAmendmentIsNoLongerThanACredit) {
  issue_and_advise(coffee_terms());
  TermsChange change;
  change.replace_documents = true;
  for (int i = 0; i < 32; ++i) {
    change.add_documents.push_back(coffee_terms().documents.front());
    change.add_documents.back().title += std::to_string(i);
    change.add_documents.back().wording.assign(1'024, 'w');
    if (i < 16) change.add_conditions.push_back({std::string(1'024, 'c'), "Commercial invoice0"});
  }
  const auto refused = amend(change);
  EXPECT_THAT(refused, FailsWith(Error::kBadTerm));
  EXPECT_THAT(refused.receipt.detail, HasSubstr("48 KiB"));
}

}  // namespace
}  // namespace usance::letter_of_credit::v1::test
