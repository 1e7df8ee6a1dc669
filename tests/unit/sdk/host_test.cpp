// What contracts see of their host, on every kind of chain: context, storage, calls, timers.
#include <gtest/gtest.h>

#include "base/hash.h"
#include "contracts/testchain/chain.h"
#include "contracts/testchain/matchers.h"
#include "probe/probe.usance.h"

namespace usance::probe::v1 {
namespace {

using sdk::Empty;
using sdk::StandardError;
using testchain::Caller;
using testchain::FailsWith;
using testchain::Succeeds;
using testchain::Traps;

class HostTest : public ::testing::TestWithParam<testchain::Kind> {
 protected:
  const Caller banker{"lake-bank", "lwanga"};
  const Caller maker{"lake-bank", "maria"};
  const Caller exporter{"exporter", "esther"};

  void SetUp() override {
    const std::string module = USANCE_BINARY_DIR "/wasm/test/probe.wasm";
    chain = testchain::make_chain(
        GetParam(), {.members = {{banker, {"bank"}, {"checker"}},
                                 {maker, {}, {"maker"}},
                                 {exporter, {"corporate"}, {"checker"}}},
                     .contracts = {{"probe", &invoke, module}, {"other", &invoke, module}}});
  }
  template <class Method>
  testchain::Reply<typename Method::Response> call(const Caller& who,
                                                   const typename Method::Request& request) {
    return chain->call<Method>(who, "probe", request);
  }
  template <class Method>
  ForwardRequest to(const std::string& contract, const typename Method::Request& request) {
    return {contract, std::string(Method::kRules.name), contract::to_wire(request), false};
  }
  Entries list(const std::string& scope, const std::string& from = "") {
    return chain->view<method::List>(banker, "probe", {scope, from, 100}).response;
  }

  std::unique_ptr<testchain::Chain> chain;
};
USANCE_ON_EVERY_CHAIN(HostTest);

TEST_P(HostTest, SeesWhoCallsAndWhen) {
  const Description seen = call<method::Describe>(banker, {}).response;
  EXPECT_EQ(seen.organisation, "lake-bank");
  EXPECT_EQ(seen.user, "lwanga");
  EXPECT_EQ(seen.public_key.size(), 32U);
  EXPECT_EQ(seen.self, "probe");
  EXPECT_EQ(seen.calling_contract, "");
  EXPECT_EQ(seen.transaction_id.size(), 32U);
  EXPECT_EQ(seen.invocation, 0U);
  EXPECT_EQ(seen.height, static_cast<std::int64_t>(chain->height()));
  EXPECT_EQ(seen.now_ms, chain->now_ms());
  EXPECT_TRUE(seen.is_bank);
  EXPECT_TRUE(seen.is_checker);
  EXPECT_FALSE(call<method::Describe>(exporter, {}).response.is_bank);
  EXPECT_EQ(chain->view<method::Describe>(banker, "probe", {}).response.invocation, 1U);
}

TEST_P(HostTest, ANestedCallKeepsTheUserAndNamesTheContract) {
  const ForwardReply reply =
      call<method::Forward>(exporter, to<method::Describe>("other", {})).response;
  ASSERT_EQ(reply.status, 0);
  const Description seen = *contract::from_wire<Description>(reply.response).value;
  EXPECT_EQ(seen.organisation, "exporter");
  EXPECT_EQ(seen.self, "other");
  EXPECT_EQ(seen.calling_contract, "probe");
}

TEST_P(HostTest, ATimerHasNobodyBehindIt) {
  const ForwardLaterRequest later{chain->now_ms() + 10, to<method::Describe>("other", {})};
  ASSERT_THAT(call<method::ForwardLater>(exporter, later), Succeeds());
  const auto fired = chain->advance_by(10);
  ASSERT_EQ(fired.size(), 1U);
  ASSERT_TRUE(fired[0].ok());
  const auto reply = contract::from_wire<ForwardReply>(fired[0].receipt.result).value;
  const Description seen = *contract::from_wire<Description>(reply->response).value;
  EXPECT_EQ(seen.organisation, "");
  EXPECT_EQ(seen.user, "");
  EXPECT_EQ(seen.public_key.size(), 0U);
  EXPECT_EQ(seen.calling_contract, "probe");
}

TEST_P(HostTest, ATimerCanBeCancelledOnce) {
  const ForwardLaterRequest later{chain->now_ms() + 10, to<method::Describe>("other", {})};
  const Timer timer = call<method::ForwardLater>(exporter, later).response;
  // Not by another contract.
  EXPECT_FALSE(chain->call<method::CancelTimer>(banker, "other", timer).response.value);
  EXPECT_TRUE(call<method::CancelTimer>(banker, timer).response.value);
  EXPECT_FALSE(call<method::CancelTimer>(banker, timer).response.value);
  EXPECT_TRUE(chain->advance_by(10).empty());
}

TEST_P(HostTest, AFailingTimerRunsAgainLaterAndLater) {
  ForwardLaterRequest later{chain->now_ms() + 10, to<method::OnlyBanks>("other", {})};
  later.forward.must_succeed = true;
  ASSERT_THAT(call<method::ForwardLater>(exporter, later), Succeeds());
  for (const std::int64_t delay : {10, 60'000, 240'000, 960'000, 3'840'000, 15'360'000}) {
    EXPECT_TRUE(chain->advance_by(delay - 1).empty());
    const auto fired = chain->advance_by(1);
    ASSERT_EQ(fired.size(), 1U);
    EXPECT_THAT(fired[0], FailsWith(StandardError::kCallFailed));
  }
  EXPECT_TRUE(chain->advance_by(1'000'000'000).empty());
}

TEST_P(HostTest, IteratesOneScopeInOrder) {
  for (const char* key : {"b", "a", "c", ""})
    ASSERT_THAT(call<method::Write>(banker, {"s", key, to_bytes(key)}), Succeeds());
  ASSERT_THAT(call<method::Write>(banker, {"s2", "x", {}}), Succeeds());
  std::string keys;
  for (const Entry& entry : list("s").entries) keys += "[" + entry.key + "]";
  EXPECT_EQ(keys, "[][a][b][c]");
  EXPECT_EQ(list("s", "b").entries.size(), 2U);
  EXPECT_TRUE(call<method::Erase>(banker, {"s", "b", {}}).response.value);
  EXPECT_FALSE(call<method::Erase>(banker, {"s", "b", {}}).response.value);
  EXPECT_EQ(list("s").entries.size(), 3U);
  EXPECT_TRUE(list("").entries.empty());
}

TEST_P(HostTest, ReadsValuesLongerThanItsFirstBuffer) {
  const Bytes large(20'000, 0x5A);
  ASSERT_THAT(call<method::Write>(banker, {"s", "large", large}), Succeeds());
  ASSERT_EQ(list("s").entries.size(), 1U);
  EXPECT_EQ(list("s").entries[0].value, large);
}

TEST_P(HostTest, AFailedCallLeavesNothing) {
  const auto failed = call<method::WriteAndFail>(banker, {"s", "k", {}});
  EXPECT_THAT(failed, FailsWith(Error::kRefused));
  EXPECT_EQ(failed.receipt.detail, "refused on request: k");
  EXPECT_TRUE(failed.events.empty());
  EXPECT_TRUE(list("s").entries.empty());

  const auto forwarded =
      call<method::Forward>(banker, to<method::WriteAndFail>("other", {"s", "k", {}}));
  EXPECT_THAT(forwarded, Succeeds());  // the caller survives
  EXPECT_EQ(forwarded.response.status, 1);
  EXPECT_EQ(forwarded.response.code, static_cast<std::int32_t>(Error::kRefused));
  EXPECT_EQ(forwarded.response.contract, "other");
  EXPECT_EQ(forwarded.response.detail, "refused on request: k");
  EXPECT_TRUE(forwarded.events.empty());
  EXPECT_TRUE(chain->view<method::List>(banker, "other", {"s", "", 9}).response.entries.empty());
}

TEST_P(HostTest, AContractIsNotEnteredTwice) {
  const auto reply = call<method::Forward>(banker, to<method::Describe>("probe", {}));
  EXPECT_THAT(reply, Succeeds());
  EXPECT_EQ(reply.response.status, static_cast<std::int32_t>(ReceiptStatus::kTrap));
  EXPECT_EQ(call<method::Forward>(banker, to<method::Describe>("nobody", {})).response.status,
            static_cast<std::int32_t>(ReceiptStatus::kRejected));
}

TEST_P(HostTest, AViewCannotWrite) {
  EXPECT_THAT(chain->view<method::WriteInView>(banker, "probe", {"s", "k", {}}),
              Traps(TrapCode::kReadOnly));
  EXPECT_THAT(chain->view<method::Write>(banker, "probe", {"s", "k", {}}),
              FailsWith(StandardError::kNotAView));
}

TEST_P(HostTest, EmitsAtMost64Events) {
  EXPECT_EQ(call<method::Emit>(banker, {64}).events.size(), 64U);
  EXPECT_THAT(call<method::Emit>(banker, {65}), Traps(TrapCode::kHostLimit));
  const auto one = call<method::Emit>(banker, {1});
  ASSERT_EQ(one.events.size(), 1U);
  EXPECT_EQ(as_text(one.events[0].key), "probe");
  EXPECT_EQ(one.events[0].contract, "probe");
}

TEST_P(HostTest, TheDispatcherKeepsTheInterfacesRules) {
  EXPECT_THAT(call<method::OnlyBanks>(banker, {}), Succeeds());
  EXPECT_THAT(call<method::OnlyBanks>(exporter, {}), FailsWith(StandardError::kRoleRequired));
  const auto refused = call<method::OnlyBanks>(maker, {});
  EXPECT_THAT(refused, FailsWith(StandardError::kPermissionRequired));
  EXPECT_EQ(refused.receipt.detail, "OnlyBanks needs a user with the permission checker");
  EXPECT_THAT(call<method::OnlyContracts>(banker, {}), FailsWith(StandardError::kContractOnly));
  EXPECT_THAT(call<method::Run>(banker, to<method::Describe>("other", {})),
              FailsWith(StandardError::kTimerOnly));
  EXPECT_THAT(call<method::Migrate>(banker, {1}), FailsWith(StandardError::kMigrationOnly));
  EXPECT_THAT(chain->submit(banker, "probe", "Unheard", {}),
              testchain::IsRejected(RejectCode::kUnknownMethod));
  const auto malformed = chain->submit(banker, "probe", "Write", {0x08, 0x01});
  EXPECT_THAT(malformed, testchain::IsRejected(RejectCode::kBadArguments));
  EXPECT_EQ(malformed.receipt.detail, "Entry: field 1: the wire type is not the field's");
}

TEST_P(HostTest, MigratesOnceWhenDeployed) {
  const auto migrated = chain->record<Migrated>("probe", "");
  ASSERT_TRUE(migrated);
  EXPECT_EQ(*migrated, (Migrated{0, 1}));
}

TEST_P(HostTest, ComputesHashesAndProducts) {
  const ComputeRequest request{to_bytes("abc"), {}, {}, 7, 5, 2, 3};
  const Computed out = chain->view<method::Compute>(banker, "probe", request).response;
  EXPECT_EQ(to_hex(out.sha256), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(to_hex(out.sha3_256),
            "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532");
  EXPECT_FALSE(out.ed25519);
  EXPECT_FALSE(out.p256);
  EXPECT_EQ(out.muldiv, 18);  // 17.5, half to even
}

// RFC 8032, test 2, and the P-256 example of RFC 6979 with SHA-256.
TEST_P(HostTest, VerifiesSignatures) {
  const auto bytes = [](std::string_view text) {
    Bytes out;
    EXPECT_TRUE(from_hex(text, out));
    return out;
  };
  ComputeRequest ed;
  ed.data = {0x72};
  ed.key = bytes("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
  ed.signature = bytes(
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
      "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
  EXPECT_TRUE(chain->view<method::Compute>(banker, "probe", ed).response.ed25519);
  ed.data = {0x73};
  EXPECT_FALSE(chain->view<method::Compute>(banker, "probe", ed).response.ed25519);

  ComputeRequest p256;
  p256.data = to_bytes("sample");
  p256.key = bytes(
      "0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
      "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299");
  p256.signature = bytes(
      "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
      "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8");
  EXPECT_TRUE(chain->view<method::Compute>(banker, "probe", p256).response.p256);
  p256.signature[0] ^= 1;
  EXPECT_FALSE(chain->view<method::Compute>(banker, "probe", p256).response.p256);
}

// A contract that misbehaves ends with a trap or without gas, and the chain goes on.
TEST_P(HostTest, OutlivesContractsThatMisbehave) {
  if (GetParam() == testchain::Kind::kNative) return;  // there it would be this process
  const auto outcome = [&](Misbehaviour how) { return call<method::Misbehave>(banker, {how}); };
  EXPECT_THAT(outcome(Misbehaviour::kTrap), Traps(TrapCode::kUnreachable));
  EXPECT_EQ(outcome(Misbehaviour::kLoop).receipt.status, ReceiptStatus::kOutOfGas);
  EXPECT_THAT(outcome(Misbehaviour::kOutOfBounds), Traps(TrapCode::kMemoryOutOfBounds));
  EXPECT_THAT(outcome(Misbehaviour::kDivideByZero), Traps(TrapCode::kIntegerDivideByZero));
  EXPECT_THAT(outcome(Misbehaviour::kAllocate), FailsWith(StandardError::kOutOfMemory));
  EXPECT_EQ(outcome(Misbehaviour::kRecurse).receipt.status, ReceiptStatus::kTrap);
  EXPECT_THAT(call<method::Describe>(banker, {}), Succeeds());
}

}  // namespace
}  // namespace usance::probe::v1
