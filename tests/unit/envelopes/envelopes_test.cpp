// The contract of envelopes: encryption keys, and the salted hashes under references.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contracts/envelopes/contract.h"
#include "contracts/testchain/matchers.h"

namespace usance::envelopes::v1 {
namespace {

using contract::StandardError;
using testchain::Caller;
using testchain::FailsWith;
using testchain::IsRejected;
using testchain::Succeeds;
using ::testing::SizeIs;

contract::Bytes filled(std::uint8_t fill) {
  return contract::Bytes(32, fill);
}

class EnvelopesTest : public ::testing::TestWithParam<testchain::Kind> {
 protected:
  void SetUp() override {
    testchain::Setup setup;
    setup.members = {{officer, {"customs"}, {"maker", "checker"}},
                     {customs_admin, {"customs"}, {"admin"}},
                     {maker, {"bank"}, {"maker"}},
                     {bank_admin, {"bank"}, {"admin"}}};
    setup.contracts = {{"envelopes", &invoke, ""}};
    chain = testchain::make_chain(GetParam(), setup);
  }
  template <class Method>
  testchain::Reply<typename Method::Response> call(const Caller& caller,
                                                   const typename Method::Request& request) {
    return chain->call<Method>(caller, "envelopes", request);
  }
  template <class Method>
  testchain::Reply<typename Method::Response> view(const typename Method::Request& request) {
    return chain->view<Method>(maker, "envelopes", request);
  }
  static RecordRequest a_case(std::uint8_t fill) {
    return {"DE-2027-0042", filled(fill), Kind::kCase, "carrier/BL-1"};
  }

  const Caller officer{"harbour-customs", "joyce"};
  const Caller customs_admin{"harbour-customs", "anna"};
  const Caller maker{"nile-bank", "grace"};
  const Caller bank_admin{"nile-bank", "otto"};
  std::unique_ptr<testchain::Chain> chain;
};
USANCE_ON_EVERY_CHAIN(EnvelopesTest);

TEST_P(EnvelopesTest, AnAdministratorPublishesAndReplacesTheKey) {
  EXPECT_THAT(view<method::GetKey>({"harbour-customs"}), FailsWith(Error::kNoKey));
  const auto first = call<method::PublishKey>(customs_admin, {filled(1)});
  ASSERT_THAT(first, Succeeds()) << first.receipt.detail;
  EXPECT_EQ(first.response.version, 1U);
  EXPECT_THAT(call<method::PublishKey>(customs_admin, {filled(1)}), FailsWith(Error::kSameKey));
  const auto second = call<method::PublishKey>(customs_admin, {filled(2)});
  ASSERT_THAT(second, Succeeds());
  const auto event = second.event<KeyPublished>();
  ASSERT_TRUE(event);
  EXPECT_EQ(event->key, filled(2));
  EXPECT_EQ(event->version, 2U);
  const auto key = view<method::GetKey>({"harbour-customs"});
  EXPECT_EQ(key.response.key, filled(2));
  EXPECT_EQ(key.response.by, (contract::Actor{"harbour-customs", "anna"}));
}

TEST_P(EnvelopesTest, NobodyElsePublishesAKey) {
  EXPECT_THAT(call<method::PublishKey>(officer, {filled(1)}),
              FailsWith(StandardError::kPermissionRequired));
  EXPECT_THAT(call<method::PublishKey>(customs_admin, {contract::Bytes(31, 1)}),
              IsRejected(RejectCode::kBadArguments));
  ASSERT_THAT(call<method::PublishKey>(customs_admin, {filled(1)}), Succeeds());
  ASSERT_THAT(call<method::PublishKey>(bank_admin, {filled(2)}), Succeeds());
  const auto list = view<method::ListKeys>({});
  ASSERT_THAT(list.response.keys, SizeIs(2));
  EXPECT_EQ(list.response.keys[0].organisation, "harbour-customs");
  EXPECT_EQ(list.response.keys[0].key, filled(1));
  EXPECT_EQ(list.response.keys[1].organisation, "nile-bank");
  EXPECT_FALSE(list.response.more);
}

TEST_P(EnvelopesTest, ACaseIsANumberAndASaltedHash) {
  const auto recorded = call<method::Record>(officer, a_case(1));
  ASSERT_THAT(recorded, Succeeds()) << recorded.receipt.detail;
  EXPECT_EQ(recorded.response.entry, "harbour-customs/DE-2027-0042");
  const auto event = recorded.event<EnvelopeRecorded>();
  ASSERT_TRUE(event);
  EXPECT_EQ(event->commitment, filled(1));
  EXPECT_EQ(event->kind, Kind::kCase);
  EXPECT_THAT(call<method::Record>(maker, a_case(1)), FailsWith(Error::kNotCustoms));
  const auto seen = view<method::GetEntry>({"harbour-customs/DE-2027-0042"});
  ASSERT_THAT(seen.response.versions, SizeIs(1));
  EXPECT_EQ(seen.response.versions[0].about, "carrier/BL-1");
  EXPECT_EQ(seen.response.versions[0].by, (contract::Actor{"harbour-customs", "joyce"}));
}

TEST_P(EnvelopesTest, LaterContentIsTheNextVersion) {
  ASSERT_THAT(call<method::Record>(officer, a_case(1)), Succeeds());
  EXPECT_THAT(call<method::Record>(officer, a_case(1)), FailsWith(Error::kSameContent));
  RecordRequest papers = a_case(2);
  papers.kind = Kind::kPapers;
  EXPECT_THAT(call<method::Record>(officer, papers), FailsWith(Error::kOtherKind));
  for (std::uint8_t fill = 2; fill <= 64; ++fill)
    ASSERT_THAT(call<method::Record>(officer, a_case(fill)), Succeeds());
  EXPECT_THAT(call<method::Record>(officer, a_case(65)), FailsWith(Error::kTooMany));
  const auto seen = view<method::GetEntry>({"harbour-customs/DE-2027-0042"});
  ASSERT_THAT(seen.response.versions, SizeIs(64));
  EXPECT_EQ(seen.response.versions[0].commitment, filled(1));
  EXPECT_EQ(seen.response.versions[63].version, 64U);
}

// One organisation's references are its own: the same one of another is another entry.
TEST_P(EnvelopesTest, ReferencesAreListedByOrganisation) {
  for (const char* reference : {"b", "a", "c"})
    ASSERT_THAT(call<method::Record>(maker, {reference, filled(1), Kind::kPapers, ""}), Succeeds());
  ASSERT_THAT(call<method::Record>(officer, {"a", filled(9), Kind::kPapers, ""}), Succeeds());
  ASSERT_THAT(call<method::Record>(maker, {"a", filled(2), Kind::kPapers, ""}), Succeeds());
  const auto all = view<method::ListEntries>({"nile-bank", ""});
  ASSERT_THAT(all.response.newest, SizeIs(3));
  EXPECT_EQ(all.response.newest[0].reference, "a");
  EXPECT_EQ(all.response.newest[0].version, 2U);
  EXPECT_EQ(all.response.newest[0].commitment, filled(2));
  const auto rest = view<method::ListEntries>({"nile-bank", "b"});
  ASSERT_THAT(rest.response.newest, SizeIs(1));
  EXPECT_EQ(rest.response.newest[0].reference, "c");
  EXPECT_THAT(view<method::ListEntries>({"lake-bank", ""}).response.newest, SizeIs(0));
}

TEST_P(EnvelopesTest, AReferenceIsAPlainWord) {
  for (const char* reference : {"a/b", "a b", "@of", "\xc3\xa4"})
    EXPECT_THAT(call<method::Record>(maker, {reference, filled(1), Kind::kPapers, ""}),
                FailsWith(Error::kBadReference))
        << reference;
  EXPECT_THAT(call<method::Record>(maker, {"", filled(1), Kind::kPapers, ""}),
              IsRejected(RejectCode::kBadArguments));
  EXPECT_THAT(view<method::GetEntry>({"nile-bank/none"}), FailsWith(Error::kUnknownEntry));
}

}  // namespace
}  // namespace usance::envelopes::v1
