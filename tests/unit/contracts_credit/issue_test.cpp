// Transitions 1 and 2: drafting, issuing and advising, and what keeps a credit from being issued.
#include <functional>

#include "contracts/letter_of_credit/terms_check.h"
#include "credit_fixture.h"

namespace usance::letter_of_credit::v1::test {
namespace {

using contract::StandardError;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class IssueTest : public CreditTest {};
USANCE_ON_EVERY_CHAIN(IssueTest);

TEST_P(IssueTest, MakerDraftsCheckerIssuesOtherBankAdvises) {
  const auto drafted = draft(coffee_terms());
  ASSERT_THAT(drafted, Succeeds()) << drafted.receipt.detail;
  EXPECT_EQ(drafted.response.credit, kCredit);
  EXPECT_EQ(drafted.response.state, CreditState::kDraft);
  EXPECT_THAT(tasks(kElbe), ElementsAre(Task::kCheckDraft));

  const auto issued = call<method::Issue>(elbe_checker, {std::string(kCredit), 1});
  ASSERT_THAT(issued, Succeeds());
  EXPECT_EQ(issued.response.state, CreditState::kIssued);
  const auto event = issued.event<CreditChanged>();
  ASSERT_TRUE(event);
  EXPECT_EQ(event->action, Action::kIssue);
  EXPECT_EQ(event->by, (contract::Actor{"elbe-bank", "otto"}));
  EXPECT_EQ(event->role, PartyRole::kIssuingBank);
  EXPECT_EQ(event->version, 2U);
  EXPECT_EQ(event->amount, usd(100'000'00));
  EXPECT_THAT(tasks(kElbe), IsEmpty());
  EXPECT_THAT(tasks(kNile), ElementsAre(Task::kAdviseCredit));
  EXPECT_EQ(credit().expires_at, at(day(2027, 3, 31), 17) - kHourMs);  // summer time by then

  const auto advised = advise();
  ASSERT_THAT(advised, Succeeds());
  EXPECT_EQ(advised.response.state, CreditState::kAdvised);
  EXPECT_EQ(credit().advising_reference, "NCB/E/77");
  EXPECT_THAT(tasks(kNile), IsEmpty());
}

TEST_P(IssueTest, EachEventNamesTheHashOfTheOneBefore) {
  const auto drafted = draft(coffee_terms());
  const auto first = drafted.event<CreditChanged>();
  ASSERT_TRUE(first);
  EXPECT_THAT(first->previous, IsEmpty());
  const auto issued = call<method::Issue>(elbe_checker, {std::string(kCredit), 1});
  const auto second = issued.event<CreditChanged>();
  ASSERT_TRUE(second);
  EXPECT_EQ(second->previous.size(), 32U);
  EXPECT_EQ(credit().last_event.size(), 32U);
  EXPECT_NE(credit().last_event, second->previous);
}

TEST_P(IssueTest, MakerAndCheckerAreTwoPersons) {
  ASSERT_THAT(call<method::DraftIssue>(elbe_both, {coffee_terms(), {}}), Succeeds());
  EXPECT_THAT(call<method::Issue>(elbe_both, {std::string(kCredit), 1}),
              FailsWith(Error::kSamePerson));
  EXPECT_THAT(call<method::Issue>(elbe_maker, {std::string(kCredit), 1}),
              FailsWith(StandardError::kPermissionRequired));
  EXPECT_THAT(call<method::DraftIssue>(elbe_checker, {coffee_terms(), {}}),
              FailsWith(StandardError::kPermissionRequired));
  EXPECT_THAT(call<method::Issue>(elbe_checker, {std::string(kCredit), 1}), Succeeds());
}

TEST_P(IssueTest, TheCheckerIssuesWhatItHasRead) {
  ASSERT_THAT(draft(coffee_terms()), Succeeds());
  Terms changed = coffee_terms();
  changed.amount = usd(1'000'000'00);
  ASSERT_THAT(draft(changed), Succeeds());
  const auto stale = call<method::Issue>(elbe_checker, {std::string(kCredit), 1});
  EXPECT_THAT(stale, FailsWith(Error::kDraftChanged));
  EXPECT_EQ(stale.receipt.detail, "the draft is now version 2, not 1: read it again");
  EXPECT_THAT(call<method::Issue>(elbe_checker, {std::string(kCredit), 2}), Succeeds());
}

TEST_P(IssueTest, ANumberIsTakenOnceIssued) {
  ASSERT_THAT(issue(coffee_terms()), Succeeds());
  EXPECT_THAT(draft(coffee_terms()), FailsWith(Error::kCreditExists));
  EXPECT_THAT(call<method::Issue>(elbe_checker, {std::string(kCredit), 2}),
              FailsWith(Error::kWrongState));
}

TEST_P(IssueTest, OnlyTheIssuingBankIssuesAndOnlyTheAdvisingBankAdvises) {
  EXPECT_THAT(call<method::DraftIssue>(outsider, {coffee_terms(), {}}),
              FailsWith(Error::kBadTerm));  // the terms name another issuing bank
  ASSERT_THAT(draft(coffee_terms()), Succeeds());
  const auto wrong = call<method::Issue>(outsider, {std::string(kCredit), 1});
  EXPECT_THAT(wrong, FailsWith(Error::kWrongParty));
  EXPECT_EQ(wrong.receipt.detail, "ISSUE is for ISSUING_BANK elbe-bank, not for lake-bank");
  EXPECT_THAT(call<method::DraftIssue>(exporter, {coffee_terms(), {}}),
              FailsWith(StandardError::kRoleRequired));
  ASSERT_THAT(call<method::Issue>(elbe_checker, {std::string(kCredit), 1}), Succeeds());
  EXPECT_THAT(call<method::Advise>(outsider, {std::string(kCredit), "x"}),
              FailsWith(Error::kWrongParty));
  EXPECT_THAT(call<method::Advise>(elbe_checker, {std::string(kCredit), "x"}),
              FailsWith(Error::kWrongParty));
}

TEST_P(IssueTest, AdviceMayBeDeclinedAndTheCreditStaysIssued) {
  ASSERT_THAT(issue(coffee_terms()), Succeeds());
  ASSERT_THAT(call<method::DeclineAdvice>(nile_checker, {std::string(kCredit), "cannot verify"}),
              Succeeds());
  EXPECT_EQ(state(), CreditState::kIssued);
  EXPECT_TRUE(credit().advice_declined);
  EXPECT_THAT(tasks(kNile), IsEmpty());
  EXPECT_THAT(tasks(kElbe), ElementsAre(Task::kAdviceDeclined));
  EXPECT_THAT(advise(), Succeeds());  // it may still change its mind
  EXPECT_THAT(tasks(kElbe), IsEmpty());
  EXPECT_THAT(advise(), FailsWith(Error::kWrongState));
}

TEST_P(IssueTest, TheScreeningThatTheIssuingBankMadeIsRecorded) {
  ASSERT_THAT(draft(coffee_terms()), Succeeds());
  IssueRequest request{std::string(kCredit), 1, Screening{"UN, EU, OFAC of 2027-02-14", {}}};
  EXPECT_FALSE(call<method::Issue>(elbe_checker, request).ok());  // of which report?
  request.screening->report = Bytes(32, 7);
  ASSERT_THAT(call<method::Issue>(elbe_checker, request), Succeeds());
  ASSERT_TRUE(credit().screening);
  EXPECT_EQ(credit().screening->lists, "UN, EU, OFAC of 2027-02-14");
}

// Art. 8(d): a bank that was asked to confirm and does not says so, and may advise without.
TEST_P(IssueTest, AdviceWithoutConfirmationEndsTheQuestion) {
  Terms terms = coffee_terms();
  ASSERT_THAT(issue(terms), Succeeds());
  EXPECT_THAT(call<method::Advise>(nile_checker, {std::string(kCredit), "", true}),
              FailsWith(Error::kNotRequested));
  terms.number = "ASKED";
  terms.confirmation = Confirmation::kMayAdd;
  ASSERT_THAT(issue(terms), Succeeds());
  EXPECT_THAT(tasks(kNile), ::testing::Contains(Task::kDecideConfirmation));
  const auto advised = call<method::Advise>(nile_checker, {"elbe-bank/ASKED", "A-1", true});
  ASSERT_THAT(advised, Succeeds());
  EXPECT_EQ(advised.event<CreditChanged>()->text, "A-1; without confirmation");
  EXPECT_THAT(tasks(kNile), ElementsAre(Task::kAdviseCredit));  // of the first credit
}

TEST_P(IssueTest, ACreditNeedsTheCalendarOfItsPlaceAndAnExpiryToCome) {
  Terms terms = coffee_terms();
  terms.issuing_bank.place = "DEBRE";
  terms.available_with.place = "DEBRE";
  terms.expiry_place = "DEBRE";
  EXPECT_THAT(draft(terms), FailsWith(Error::kNoCalendar));
  terms = coffee_terms();
  terms.latest_shipment = day(2027, 2, 1);
  terms.expiry_date = day(2027, 2, 12);
  EXPECT_THAT(draft(terms), FailsWith(Error::kBadTerm));
}

TEST_P(IssueTest, TheMarginIsHeldAtIssueOrTheCreditIsNotIssued) {
  ASSERT_THAT(draft(coffee_terms(), 2'000), Succeeds());
  ASSERT_THAT(call<method::Issue>(elbe_checker, {std::string(kCredit), 1}), Succeeds());
  EXPECT_EQ(available(roaster_account), 130'000'00);
  EXPECT_EQ(held(roaster_account), 20'000'00);
  EXPECT_EQ(credit().margin_held, 20'000'00);

  Terms large = coffee_terms();
  large.number = "ELB-2027-0002";
  large.amount = usd(200'000'00);
  const auto uncovered = issue(large, 10'000);
  EXPECT_THAT(uncovered, FailsWith(Error::kMarginNotCovered));
  EXPECT_THAT(uncovered.receipt.detail, ::testing::HasSubstr("has USD 130000.00 available"));
}

TEST_P(IssueTest, UnknownCreditsAreNamed) {
  const auto unknown = call<method::Issue>(elbe_checker, {"elbe-bank/NONE", 1});
  EXPECT_THAT(unknown, FailsWith(Error::kUnknownCredit));
  EXPECT_EQ(unknown.receipt.detail, "there is no credit elbe-bank/NONE");
}

// ---- The terms alone.

struct Wrong {
  std::string_view what;
  Error error;
  std::function<void(Terms&)> spoil;
};

class WrongTerms : public ::testing::TestWithParam<Wrong> {};

TEST_P(WrongTerms, AreNotIssued) {
  Terms terms = coffee_terms();
  ASSERT_EQ(check_terms(terms, kElbe), std::nullopt);
  GetParam().spoil(terms);
  const auto problem = check_terms(terms, kElbe);
  ASSERT_TRUE(problem);
  EXPECT_EQ(problem->code, static_cast<std::int32_t>(GetParam().error)) << problem->detail;
}

Condition condition(std::string text, std::string shown_by) {
  return {std::move(text), std::move(shown_by)};
}

INSTANTIATE_TEST_SUITE_P(
    Ucp, WrongTerms,
    ::testing::Values(
        Wrong{"number", Error::kMissingTerm, [](Terms& it) { it.number.clear(); }},
        Wrong{"slashes", Error::kBadTerm, [](Terms& it) { it.number = "A//B"; }},
        Wrong{"long_number", Error::kBadTerm, [](Terms& it) { it.number = "12345678901234567"; }},
        Wrong{"form", Error::kMissingTerm, [](Terms& it) { it.form = {}; }},
        Wrong{"rules", Error::kMissingTerm, [](Terms& it) { it.rules = {}; }},
        Wrong{"expiry", Error::kMissingTerm, [](Terms& it) { it.expiry_date = {}; }},
        Wrong{"place", Error::kMissingTerm, [](Terms& it) { it.expiry_place.clear(); }},
        Wrong{"with", Error::kMissingTerm, [](Terms& it) { it.available_with = {}; }},
        Wrong{"by", Error::kMissingTerm, [](Terms& it) { it.available_by = {}; }},
        Wrong{"applicant", Error::kMissingTerm, [](Terms& it) { it.applicant.name.clear(); }},
        Wrong{"beneficiary", Error::kMissingTerm, [](Terms& it) { it.beneficiary.name.clear(); }},
        Wrong{"account", Error::kMissingTerm, [](Terms& it) { it.beneficiary_bank.clear(); }},
        Wrong{"amount", Error::kMissingTerm, [](Terms& it) { it.amount.minor_units = 0; }},
        Wrong{"negative", Error::kBadTerm, [](Terms& it) { it.amount.minor_units = -1; }},
        Wrong{"currency", Error::kBadTerm, [](Terms& it) { it.amount.currency = "XXX"; }},
        Wrong{"goods", Error::kMissingTerm, [](Terms& it) { it.goods.clear(); }},
        Wrong{"documents", Error::kMissingTerm, [](Terms& it) { it.documents.clear(); }},
        Wrong{"voice", Error::kMissingTerm,
              [](Terms& it) {
                it.beneficiary.organisation.clear();
                it.advising_bank = {};
              }},
        Wrong{"tolerance", Error::kBadTerm, [](Terms& it) { it.plus_tolerance = 10'000; }},
        Wrong{"overflow", Error::kBadTerm,
              [](Terms& it) {
                it.amount.minor_units = INT64_MAX;
                it.plus_tolerance = 1;
              }},
        Wrong{"quantity", Error::kBadTerm, [](Terms& it) { it.quantity.value = "many"; }},
        Wrong{"unit_price", Error::kBadTerm,
              [](Terms& it) { it.unit_price = {"USD 5", "KGM", false}; }},
        Wrong{"unit_price_zero", Error::kBadTerm,
              [](Terms& it) { it.unit_price = {"0.000000", "KGM", false}; }},
        Wrong{"unit_price_of_what", Error::kBadTerm,
              [](Terms& it) { it.unit_price = {"5.20", "", true}; }},
        Wrong{"too_many_documents", Error::kBadTerm,
              [](Terms& it) {
                for (int i = 0; i < 30; ++i) {
                  it.documents.push_back(it.documents.back());
                  it.documents.back().title = "Certificate " + std::to_string(i);
                }
              }},
        Wrong{"too_long", Error::kBadTerm,
              [](Terms& it) {
                it.payment_conditions_beneficiary.assign(6'600, 'x');
                it.documents.resize(29, it.documents.back());
                for (std::size_t i = 0; i < it.documents.size(); ++i) {
                  it.documents[i].title = std::string(60, 'T') + std::to_string(i);
                  it.documents[i].wording.assign(1'024, 'x');
                  it.documents[i].issuer.assign(140, 'x');
                }
                it.conditions.resize(8, condition(std::string(1'024, 'x'), it.documents[0].title));
              }},
        Wrong{"twice", Error::kBadTerm, [](Terms& it) { it.documents.push_back(it.documents[0]); }},
        Wrong{"elsewhere", Error::kBadTerm, [](Terms& it) { it.expiry_place = "UGKLA"; }},
        Wrong{"shipment", Error::kShipmentAfterExpiry,
              [](Terms& it) { it.latest_shipment = day(2027, 4, 1); }},
        Wrong{"drawee_organisation", Error::kDraftOnApplicant,
              [](Terms& it) { it.drawee.organisation = it.applicant.organisation; }},
        Wrong{"drawee_name", Error::kDraftOnApplicant,
              [](Terms& it) { it.drawee.name = "ALSTERBLICK KAFFEEROESTEREI, GMBH"; }},
        Wrong{"no_document", Error::kNonDocumentaryCondition,
              [](Terms& it) { it.conditions = {condition("Goods must not be wet", "")}; }},
        Wrong{"sensor", Error::kNonDocumentaryCondition,
              [](Terms& it) { it.conditions = {condition("Below 25 degrees", "Sensor")}; }},
        Wrong{"standby_form", Error::kUnsupportedTerm,
              [](Terms& it) { it.form = Form::kIrrevocableStandby; }},
        Wrong{"standby", Error::kUnsupportedTerm, [](Terms& it) { it.rules = Rules::kIsp; }},
        Wrong{"no_tenor", Error::kBadTerm,
              [](Terms& it) { it.available_by = AvailableBy::kDeferredPayment; }},
        Wrong{"sight_with_tenor", Error::kBadTerm,
              [](Terms& it) { it.payment = {{0, {TenorFrom::kAfterShipment, 90, {}}}}; }},
        Wrong{"half_mixed", Error::kBadTerm,
              [](Terms& it) {
                it.available_by = AvailableBy::kMixedPayment;
                it.payment = {{3'000, {}}, {6'000, {TenorFrom::kAfterShipment, 90, {}}}};
              }},
        Wrong{"no_drawee", Error::kMissingTerm,
              [](Terms& it) {
                it.available_by = AvailableBy::kAcceptance;
                it.payment = {{0, {TenorFrom::kAfterSight, 60, {}}}};
              }},
        Wrong{"own_negotiation", Error::kBadTerm,
              [](Terms& it) { it.available_by = AvailableBy::kNegotiation; }},
        Wrong{"nobody_confirms", Error::kMissingTerm,
              [](Terms& it) {
                it.confirmation = Confirmation::kConfirm;
                it.advising_bank = {};
              }},
        Wrong{"confirms_itself", Error::kBadTerm,
              [](Terms& it) {
                it.confirmation = Confirmation::kConfirm;
                it.requested_confirming_bank = it.issuing_bank;
              }},
        Wrong{"any_and_one", Error::kBadTerm,
              [](Terms& it) { it.available_with_any_bank = true; }},
        Wrong{"empty_instalment", Error::kBadTerm,
              [](Terms& it) { it.shipment_periods.push_back({}); }},
        Wrong{"instalments_and_latest", Error::kBadTerm,
              [](Terms& it) {
                it.shipment_periods = {{day(2027, 3, 1), day(2027, 3, 10), 0}};
                it.partial_shipments = Allowed::kAllowed;
              }},
        Wrong{"one_shipment_in_instalments", Error::kBadTerm,
              [](Terms& it) {
                it.shipment_periods = {{day(2027, 3, 1), day(2027, 3, 10), 0},
                                       {day(2027, 3, 11), day(2027, 3, 15), 0}};
                it.latest_shipment = {};
              }}),
    [](const auto& suite) { return std::string(suite.param.what); });

TEST(Terms, AConditionThatARequiredDocumentShowsIsInOrder) {
  Terms terms = coffee_terms();
  terms.conditions = {condition("Moisture at most 12 percent", "QUALITY CERTIFICATE")};
  EXPECT_EQ(check_terms(terms, kElbe), std::nullopt);
}

}  // namespace
}  // namespace usance::letter_of_credit::v1::test
