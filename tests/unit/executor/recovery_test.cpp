// What a recovery record changes in the state, at the head of its first block.
#include <functional>

#include <gtest/gtest.h>

#include "base/hash.h"
#include "contracts/executor/result.h"
#include "contracts/system/governance_records.h"
#include "contracts/system/governance_recovery.h"
#include "contracts/system/record_view.h"
#include "tests/unit/executor/test_chain.h"

namespace usance {
namespace {

using namespace test;        // NOLINT(google-build-using-namespace)
using namespace governance;  // NOLINT(google-build-using-namespace)

class RecoveryBlock : public testing::Test {
 protected:
  RecoveryBlock() {
    chain.block({});
    record.chain = chain.genesis.chain_id;
    record.reason = "a fire";
    record.last.height = chain.height;
    record.next = chain.genesis.validators();
    record.next.epoch = Epoch(1);
    record.next.validators[1].key = signer_of("new/b")->public_key();
    record.certificate_keys = {{record.next.validators[1].id, sha256(as_bytes("new tls"))}};
  }
  BlockOutcome first_block() {
    BlockInput input = chain.input({{"bank-a", "maker", "governance", "ListRecoveries", {}}});
    input.recovery = &record;
    return chain.execute(input);
  }
  // What a changed record is refused for; empty: it is not.
  std::string refused(const std::function<void(RecoveryRecord&)>& change) {
    RecoveryRecord changed = record;
    change(changed);
    const auto checked = governance::check_recovery(chain.state, changed);
    return checked ? "" : checked.error().message;
  }
  TestChain chain;
  RecoveryRecord record;
};

TEST_F(RecoveryBlock, R3_5_WritesTheSetTheKeysAndItself) {
  ASSERT_EQ(refused([](auto&) {}), "");
  const std::uint32_t id = record.next.validators[1].id;
  const PublicKey before = node(chain.state, id)->consensus_key;
  const BlockOutcome outcome = first_block();
  ASSERT_EQ(outcome.receipts.size(), 2u);
  EXPECT_EQ(outcome.receipts[0].tx, recovery_digest(record));
  EXPECT_TRUE(outcome.receipts[0].timer);
  EXPECT_EQ(outcome.receipts[0].status, ReceiptStatus::kOk);
  EXPECT_EQ(outcome.receipts[0].events, 1u);
  ASSERT_FALSE(outcome.events.empty());
  EXPECT_EQ(outcome.events[0].key, to_bytes("recovery"));
  EXPECT_EQ(outcome.validators, record.next);  // signs this very height
  EXPECT_FALSE(outcome.pending);
  EXPECT_EQ(validators(chain.state).current, record.next);
  EXPECT_EQ(node(chain.state, id)->consensus_key, record.next.validators[1].key);
  EXPECT_EQ(node(chain.state, id)->tls_key, record.certificate_keys[0].tls_key);
  EXPECT_TRUE(read_entry<v1::FormerKey>(chain.state, kContract, kFormerKeys, before.view()));
  const auto all = recoveries(chain.state);
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].epoch, Epoch(1));
  EXPECT_EQ(all[0].last, record.last.height);
  EXPECT_EQ(all[0].record, recovery_digest(record));
  const auto listed = response<v1::RecoveryList>(
      chain.run_as("bank-d", "admin", "governance", "ListRecoveries", contract::Empty{}));
  ASSERT_EQ(listed.recoveries.size(), 1u);
  EXPECT_EQ(listed.recoveries[0].reason, "a fire");
  // Changes of the set go on from it.
  EXPECT_EQ(chain.block({}).validators, record.next);
}

TEST_F(RecoveryBlock, R3_5_WhoSignedTheRecordChangesNothing) {
  const Hash32 digest = recovery_digest(record);
  record.signatures = {{OrgId("bank-a"), {}}};
  EXPECT_EQ(recovery_digest(record), digest);
}

TEST_F(RecoveryBlock, R3_1_APendingSetIsGone) {
  chain.state.apply(
      {{{"governance", to_bytes(kValidators), to_bytes(v1::Validators::kItem)},
        contract::to_wire(record_of(ValidatorSchedule{
            chain.genesis.validators(), PendingSet{record.next, Height(chain.height.value + 5)}})),
        0}});
  record.next.epoch = Epoch(2);
  const BlockOutcome outcome = first_block();
  EXPECT_EQ(outcome.validators.epoch, Epoch(2));
  EXPECT_FALSE(outcome.pending);
  EXPECT_FALSE(validators(chain.state).pending);
}

TEST_F(RecoveryBlock, R1_3_NodesAndKeysMustFitTheLedger) {
  EXPECT_NE(refused([](auto& r) { r.next.validators[0].id = 99; }), "");
  EXPECT_NE(refused([](auto& r) { r.next.validators[0].org = OrgId("bank-b"); }), "");
  EXPECT_NE(refused([&](auto& r) { r.next.validators[1].key = r.next.validators[0].key; }), "");
  const Hash32 others = node(chain.state, record.next.validators[0].id)->tls_key;
  EXPECT_NE(refused([&](auto& r) { r.certificate_keys[0].tls_key = others; }), "");
  // A key that was replaced never comes back.
  const PublicKey old = node(chain.state, record.next.validators[1].id)->consensus_key;
  static_cast<void>(first_block());
  EXPECT_NE(refused([&](auto& r) { r.next.validators[1].key = old; }), "");
}

}  // namespace
}  // namespace usance
