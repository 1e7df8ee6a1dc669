#include "credit_fixture.h"

namespace usance::letter_of_credit::v1::test {

using testchain::Reply;

void CreditTest::SetUp() {
  testchain::Setup setup;
  setup.start_ms = at(day(2027, 2, 15), 10);
  setup.members = {
      {elbe_maker, {"bank"}, {"maker"}},
      {elbe_checker, {"bank"}, {"checker"}},
      {elbe_second, {"bank"}, {"checker"}},
      {elbe_both, {"bank"}, {"maker", "checker"}},
      {nile_maker, {"bank"}, {"maker"}},
      {nile_checker, {"bank"}, {"checker"}},
      {exporter, {"corporate"}, {"maker", "checker"}},
      {exporter_viewer, {"corporate"}, {"viewer"}},
      {roaster, {"corporate"}, {"maker", "checker"}},
      {outsider, {"bank"}, {"maker", "checker"}},
      {farmers, {"corporate"}, {"maker", "checker"}},
      {elbe_admin, {"bank"}, {"admin"}},
      {auditor, {"auditor"}, {"viewer"}},
  };
  setup.contracts = {{"deposit", &deposit::v1::invoke, ""},
                     {std::string(kContract), &v1::invoke, ""}};
  chain = testchain::make_chain(GetParam(), setup);

  namespace dm = deposit::v1::method;
  ASSERT_THAT(chain->call<dm::OpenAccount>(elbe_maker, "deposit", {std::string(kRoaster), "USD"}),
              Succeeds());
  ASSERT_THAT(chain->call<dm::OpenAccount>(elbe_maker, "deposit", {std::string(kElbe), "USD"}),
              Succeeds());
  ASSERT_THAT(chain->call<dm::OpenAccount>(nile_maker, "deposit", {std::string(kExporter), "USD"}),
              Succeeds());
  ASSERT_THAT(
      chain->call<dm::TrustContract>(elbe_checker, "deposit", {std::string(kContract), true}),
      Succeeds());
  ASSERT_THAT(
      chain->call<dm::GrantLimit>(nile_checker, "deposit", {std::string(kElbe), usd(1'000'000'00)}),
      Succeeds());
  mint(elbe_maker, roaster_account, 150'000'00);
  const Calendar calendar = hamburg();
  ASSERT_THAT(
      call<method::SetCalendar>(
          elbe_checker, {"DEHAM", calendar.offsets, calendar.closes_at_minute, calendar.weekend}),
      Succeeds());
}

Reply<CreditReply> CreditTest::draft(const Terms& terms, std::uint32_t margin_bp) {
  return call<method::DraftIssue>(elbe_maker, {terms, {margin_bp}});
}

Reply<CreditReply> CreditTest::issue(const Terms& terms, std::uint32_t margin_bp) {
  const auto drafted = draft(terms, margin_bp);
  if (!drafted.ok()) return drafted;
  return call<method::Issue>(elbe_checker, {drafted.response.credit, drafted.response.version});
}

Reply<CreditReply> CreditTest::advise() {
  return call<method::Advise>(nile_checker, {std::string(kCredit), "NCB/E/77"});
}

void CreditTest::issue_and_advise(const Terms& terms, std::uint32_t margin_bp) {
  const auto issued = issue(terms, margin_bp);
  ASSERT_THAT(issued, Succeeds()) << issued.receipt.detail;
  ASSERT_THAT(advise(), Succeeds());
}

void CreditTest::assign_to_lender(const Caller& paying_bank, std::uint32_t share) {
  ASSERT_THAT(call<method::AssignProceeds>(
                  exporter, {std::string(kCredit), "coffee-lender", std::string(kNile), share, ""}),
              Succeeds());
  ASSERT_THAT(call<method::AcknowledgeAssignment>(paying_bank, {std::string(kCredit), 1}),
              Succeeds());
}

Reply<PresentationReply> CreditTest::present(const std::vector<Document>& documents,
                                             std::int64_t claimed) {
  return call<method::Present>(exporter, {std::string(kCredit), usd(claimed), documents, 0});
}

Reply<PresentationReply> CreditTest::mark_complying(std::uint32_t number) {
  return call<method::MarkComplying>(elbe_maker, {std::string(kCredit), number});
}

Reply<PresentationReply> CreditTest::refuse(std::uint32_t number, Disposal disposal) {
  RefuseRequest request;
  request.credit = kCredit;
  request.presentation = number;
  request.disposal = disposal;
  request.adopt_findings = true;
  return call<method::Refuse>(elbe_checker, request);
}

Reply<PresentationReply> CreditTest::honour(std::uint32_t number) {
  return call<method::Honour>(elbe_checker, {std::string(kCredit), number});
}

Reply<AmendmentReply> CreditTest::amend(const TermsChange& change) {
  const auto drafted = call<method::DraftAmendment>(elbe_maker, {std::string(kCredit), change});
  if (!drafted.ok()) return drafted;
  return call<method::ProposeAmendment>(elbe_checker,
                                        {std::string(kCredit), drafted.response.amendment});
}

Reply<CreditReply> CreditTest::cancel() {
  return call<method::Cancel>(elbe_checker, {std::string(kCredit), "by consent"});
}

Credit CreditTest::credit() {
  return view<method::GetCredit>({std::string(kCredit)}).credit;
}

PresentationState CreditTest::presentation_state(std::uint32_t number) {
  return view<method::GetPresentation>({std::string(kCredit), number}).state;
}

std::int64_t CreditTest::available(const std::string& account) {
  const auto record = chain->record<deposit::v1::Account>("deposit", "account/" + account);
  return record ? record->available.minor_units : 0;
}

std::int64_t CreditTest::held(const std::string& account) {
  const auto record = chain->record<deposit::v1::Account>("deposit", "account/" + account);
  return record ? record->held.minor_units : 0;
}

std::vector<Task> CreditTest::tasks(std::string_view organisation) {
  std::vector<Task> out;
  for (const WorkEntry& entry : view<method::WorkList>({std::string(organisation)}).entries) {
    out.push_back(entry.item.task);
  }
  return out;
}

void CreditTest::mint(const Caller& bank, const std::string& account, std::int64_t minor_units) {
  ASSERT_THAT(chain->call<deposit::v1::method::Mint>(bank, "deposit",
                                                     {account, usd(minor_units), "opening"}),
              Succeeds());
}

std::vector<testchain::Outcome> CreditTest::advance(std::int64_t to_ms) {
  auto fired = chain->advance_to(to_ms);
  for (const testchain::Outcome& outcome : fired) {
    EXPECT_THAT(outcome, Succeeds()) << outcome.receipt.detail;
  }
  return fired;
}

}  // namespace usance::letter_of_credit::v1::test
