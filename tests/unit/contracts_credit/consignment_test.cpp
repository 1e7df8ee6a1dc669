// The consignment: registering, milestones, documents, links, customs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "consignment/consignment.usance.h"
#include "contracts/consignment/identifiers.h"
#include "contracts/testchain/matchers.h"

namespace usance::consignment::v1 {
namespace {

using contract::StandardError;
using testchain::Caller;
using testchain::FailsWith;
using testchain::Succeeds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::string_view kName = "swahili-line/SWLMBA2701234";

class ConsignmentTest : public ::testing::TestWithParam<testchain::Kind> {
 protected:
  void SetUp() override {
    const std::vector<std::string> both{"maker", "checker"};
    testchain::Setup setup;
    setup.members = {
        {carrier, {"carrier"}, both},     {rival, {"carrier"}, both},
        {customs, {"customs"}, both},     {other_customs, {"customs"}, both},
        {inspector, {"inspector"}, both}, {shipper, {"corporate"}, both},
        {consignee, {"corporate"}, both}, {bank, {"bank"}, both},
    };
    setup.contracts = {{"consignment", &invoke, ""}};
    chain = testchain::make_chain(GetParam(), setup);
    start = chain->now_ms();
  }

  template <class Method>
  testchain::Reply<typename Method::Response> call(const Caller& caller,
                                                   const typename Method::Request& request) {
    return chain->call<Method>(caller, "consignment", request);
  }

  static RegisterRequest coffee() {
    RegisterRequest request;
    request.bill_of_lading = "SWLMBA2701234";
    request.carrier_name = "Swahili Coast Line";
    request.vessel = "Pemba Channel";
    request.vessel_imo = "9714381";
    request.port_of_loading = "Mombasa";
    request.port_of_discharge = "Hamburg";
    request.shipper = {"Kampala Coffee Exporters Ltd", "UG", "kampala-coffee"};
    request.consignee = {"To order of Elbe Handelsbank AG", "DE", ""};
    request.notify = {"Alsterblick Kaffeeroesterei GmbH", "DE", "alster-roasters"};
    request.goods = "320 bags of washed Arabica coffee";
    request.packages = 320;
    request.gross_weight_grams = 19'360'000;
    request.containers = {{"SWLU4026171", "S-100881"}};
    request.links.credit = "elbe-bank/ELB-2027-0001";
    return request;
  }
  void register_coffee() { ASSERT_THAT(call<method::Register>(carrier, coffee()), Succeeds()); }

  testchain::Reply<ConsignmentReply> milestone(MilestoneKind kind, std::int64_t at_ms,
                                               const std::string& container = "") {
    return call<method::AddMilestone>(carrier,
                                      {std::string(kName), kind, "Mombasa", at_ms, container, ""});
  }
  static Document document(const std::string& name, std::uint8_t fill) {
    Document out;
    out.name = name;
    out.sha256.assign(32, fill);
    return out;
  }
  ConsignmentView find() {
    const auto found =
        chain->view<method::FindByBillOfLading>(customs, "consignment", {"SWLMBA2701234"});
    EXPECT_THAT(found.response.consignments, SizeIs(1));
    return found.response.consignments.front();
  }

  const Caller carrier{"swahili-line", "salim"};
  const Caller rival{"meridian-line", "mia"};
  const Caller customs{"coast-customs", "joyce"};
  const Caller other_customs{"elbe-customs", "karl"};
  const Caller inspector{"lakes-inspection", "ivan"};
  const Caller shipper{"kampala-coffee", "amina"};
  const Caller consignee{"alster-roasters", "till"};
  const Caller bank{"nile-bank", "grace"};
  std::int64_t start = 0;
  std::unique_ptr<testchain::Chain> chain;
};
USANCE_ON_EVERY_CHAIN(ConsignmentTest);

TEST_P(ConsignmentTest, TheCarrierRegistersAndCustomsFindsItByItsNumber) {
  const auto registered = call<method::Register>(carrier, coffee());
  ASSERT_THAT(registered, Succeeds()) << registered.receipt.detail;
  EXPECT_EQ(registered.response.consignment, kName);
  EXPECT_THAT(registered.response.warnings, IsEmpty());
  const ConsignmentView view = find();
  EXPECT_EQ(view.consignment, kName);
  EXPECT_EQ(view.shipment.links.credit, "elbe-bank/ELB-2027-0001");
  EXPECT_EQ(view.shipment.registered_by, (contract::Actor{"swahili-line", "salim"}));
  const auto event = registered.event<ConsignmentChanged>();
  ASSERT_TRUE(event);
  EXPECT_EQ(event->action, Action::kRegister);
  EXPECT_EQ(event->version, 1U);
}

TEST_P(ConsignmentTest, WrongCheckDigitsAreWarningsNotErrors) {
  RegisterRequest request = coffee();
  request.containers = {{"CSQU3054383", ""}, {"CSQU3054384", ""}, {"MAEU6543210", ""}};
  request.vessel_imo = "9074728";
  const auto registered = call<method::Register>(carrier, request);
  ASSERT_THAT(registered, Succeeds());
  EXPECT_THAT(registered.response.warnings,
              ElementsAre("container CSQU3054384: its check digit does not fit (ISO 6346)",
                          "container MAEU6543210: its check digit does not fit (ISO 6346)",
                          "vessel 9074728: its check digit does not fit (IMO number)"));
  EXPECT_EQ(find().shipment.warnings, registered.response.warnings);
}

TEST_P(ConsignmentTest, ANumberIsOneCarriersOnceButCarriersMayShareIt) {
  register_coffee();
  EXPECT_THAT(call<method::Register>(carrier, coffee()), FailsWith(Error::kConsignmentExists));
  EXPECT_THAT(call<method::Register>(rival, coffee()), Succeeds());
  const auto found =
      chain->view<method::FindByBillOfLading>(customs, "consignment", {"SWLMBA2701234"});
  EXPECT_THAT(found.response.consignments, SizeIs(2));
  EXPECT_THAT(call<method::Register>(shipper, coffee()), FailsWith(StandardError::kRoleRequired));
  RegisterRequest bad = coffee();
  bad.bill_of_lading = "SWL/1";
  EXPECT_THAT(call<method::Register>(carrier, bad), FailsWith(Error::kBadNumber));
}

TEST_P(ConsignmentTest, MilestonesHappenInTheirOrder) {
  register_coffee();
  chain->advance_by(30 * kDayMs);
  EXPECT_THAT(milestone(MilestoneKind::kDeparted, start + 3 * kDayMs),
              FailsWith(Error::kNotOnBoard));
  ASSERT_THAT(milestone(MilestoneKind::kGateIn, start + kDayMs), Succeeds());
  EXPECT_THAT(milestone(MilestoneKind::kLoadedOnBoard, start), FailsWith(Error::kOutOfOrder));
  ASSERT_THAT(milestone(MilestoneKind::kLoadedOnBoard, start + 2 * kDayMs, "SWLU4026171"),
              Succeeds());
  EXPECT_THAT(milestone(MilestoneKind::kGateIn, start + 3 * kDayMs), FailsWith(Error::kOutOfOrder));
  ASSERT_THAT(milestone(MilestoneKind::kDeparted, start + 3 * kDayMs), Succeeds());
  ASSERT_THAT(milestone(MilestoneKind::kArrived, start + 9 * kDayMs), Succeeds());
  ASSERT_THAT(milestone(MilestoneKind::kTranshipped, start + 10 * kDayMs), Succeeds());
  ASSERT_THAT(milestone(MilestoneKind::kDeparted, start + 11 * kDayMs), Succeeds());
  ASSERT_THAT(milestone(MilestoneKind::kDischarged, start + 25 * kDayMs), Succeeds());
  EXPECT_THAT(milestone(MilestoneKind::kGateOut, start + 31 * kDayMs),
              FailsWith(Error::kInTheFuture));
  EXPECT_THAT(milestone(MilestoneKind::kGateIn, start, "CSQU3054383"),
              FailsWith(Error::kUnknownContainer));
  const auto list =
      chain->view<method::ListMilestones>(customs, "consignment", {std::string(kName)}).response;
  EXPECT_THAT(list.milestones, SizeIs(7));
  EXPECT_EQ(find().latest.kind, MilestoneKind::kDischarged);
  EXPECT_THAT(call<method::AddMilestone>(
                  rival, {std::string(kName), MilestoneKind::kGateIn, "Mombasa", start, "", ""}),
              FailsWith(Error::kNotTheCarrier));
}

TEST_P(ConsignmentTest, GoodsThatCustomsHoldDoNotLeaveTheTerminal) {
  register_coffee();
  chain->advance_by(30 * kDayMs);
  ASSERT_THAT(milestone(MilestoneKind::kLoadedOnBoard, start + kDayMs), Succeeds());
  ASSERT_THAT(milestone(MilestoneKind::kDischarged, start + 20 * kDayMs), Succeeds());
  ASSERT_THAT(call<method::HoldByCustoms>(customs, {std::string(kName), "CASE-9"}), Succeeds());
  const auto stopped = milestone(MilestoneKind::kGateOut, start + 21 * kDayMs);
  EXPECT_THAT(stopped, FailsWith(Error::kHeldByCustoms));
  EXPECT_EQ(stopped.receipt.detail,
            "swahili-line/SWLMBA2701234 may not leave the terminal: held by coast-customs under "
            "CASE-9");
  ASSERT_THAT(call<method::ReleaseByCustoms>(other_customs, {std::string(kName), "MRN-1"}),
              Succeeds());
  EXPECT_THAT(milestone(MilestoneKind::kGateOut, start + 21 * kDayMs),
              FailsWith(Error::kHeldByCustoms));  // another's release lifts nothing
  ASSERT_THAT(call<method::ReleaseByCustoms>(customs, {std::string(kName), "MRN-2"}), Succeeds());
  EXPECT_THAT(milestone(MilestoneKind::kGateOut, start + 21 * kDayMs), Succeeds());
  const ConsignmentView view = find();
  ASSERT_THAT(view.customs, SizeIs(2));
  EXPECT_EQ(view.customs[0].authority, "coast-customs");
  EXPECT_EQ(view.customs[0].state, CustomsState::kCustomsReleased);
  EXPECT_EQ(view.customs[0].reference, "MRN-2");
  EXPECT_THAT(call<method::ReleaseByCustoms>(carrier, {std::string(kName), "MRN-3"}),
              FailsWith(StandardError::kRoleRequired));
}

TEST_P(ConsignmentTest, AVersionOfADocumentIsNeverOverwritten) {
  RegisterRequest request = coffee();
  request.documents = {document("bill-of-lading", 1)};
  ASSERT_THAT(call<method::Register>(carrier, request), Succeeds());
  const std::string name(kName);
  const auto second = call<method::AddDocument>(carrier, {name, document("bill-of-lading", 2)});
  ASSERT_THAT(second, Succeeds());
  EXPECT_EQ(second.response.version, 2U);
  EXPECT_THAT(call<method::AddDocument>(carrier, {name, document("bill-of-lading", 2)}),
              FailsWith(Error::kSameVersion));
  EXPECT_THAT(call<method::AddDocument>(shipper, {name, document("bill-of-lading", 3)}),
              FailsWith(Error::kNotTheOwner));
  ASSERT_THAT(call<method::AddDocument>(inspector, {name, document("quality-certificate", 4)}),
              Succeeds());
  ASSERT_THAT(call<method::AddDocument>(customs, {name, document("declaration", 5)}), Succeeds());
  EXPECT_THAT(call<method::AddDocument>(bank, {name, document("invoice", 6)}),
              FailsWith(Error::kNotAParty));
  EXPECT_THAT(call<method::AddDocument>(shipper, {name, document("Commercial Invoice", 6)}),
              FailsWith(Error::kBadName));
  const auto list =
      chain->view<method::ListDocuments>(customs, "consignment", {name}).response.documents;
  ASSERT_THAT(list, SizeIs(4));
  EXPECT_EQ(list[0].document.sha256, Bytes(32, 1));
  EXPECT_EQ(list[1].document.sha256, Bytes(32, 2));
}

TEST_P(ConsignmentTest, PartiesLinkWhatPaysForTheGoods) {
  RegisterRequest request = coffee();
  request.links = {};
  ASSERT_THAT(call<method::Register>(carrier, request), Succeeds());
  const std::string name(kName);
  EXPECT_THAT(call<method::Link>(shipper, {name, {"", {{Bytes(32, 7), {}}}}}), Succeeds());
  EXPECT_THAT(call<method::Link>(consignee, {name, {"elbe-bank/ELB-2027-0001", {}}}), Succeeds());
  EXPECT_THAT(call<method::Link>(carrier, {name, {"elbe-bank/OTHER", {}}}),
              FailsWith(Error::kLinkedOtherwise));
  EXPECT_THAT(call<method::Link>(bank, {name, {"elbe-bank/ELB-2027-0001", {}}}),
              FailsWith(Error::kNotAParty));
  EXPECT_THAT(
      call<method::Link>(
          shipper, {name, {"", std::vector<LinkedInvoice>(16, LinkedInvoice{Bytes(32, 8), {}})}}),
      FailsWith(Error::kTooMany));
  EXPECT_THAT(find().shipment.links.invoices, SizeIs(1));
  EXPECT_THAT(call<method::Link>(shipper, {"swahili-line/NONE", {"x/y", {}}}),
              FailsWith(Error::kUnknownConsignment));
}

TEST_P(ConsignmentTest, EachEventNamesTheHashOfTheOneBefore) {
  register_coffee();
  const auto held = call<method::HoldByCustoms>(customs, {std::string(kName), "CASE-9"});
  const auto event = held.event<ConsignmentChanged>();
  ASSERT_TRUE(event);
  EXPECT_EQ(event->previous.size(), 32U);
  EXPECT_EQ(event->version, 2U);
  EXPECT_NE(event->previous, find().shipment.last_event);
}

TEST(Identifiers, CheckDigits) {
  EXPECT_TRUE(is_container_number("CSQU3054383"));
  EXPECT_FALSE(is_container_number("CSQU3054384"));
  EXPECT_FALSE(is_container_number("csqu3054383"));
  EXPECT_FALSE(is_container_number("CSQU305438"));
  EXPECT_TRUE(is_imo_number("9074729"));
  EXPECT_FALSE(is_imo_number("9074728"));
  EXPECT_FALSE(is_imo_number("907472A"));
}

}  // namespace
}  // namespace usance::consignment::v1
