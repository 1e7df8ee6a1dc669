// A fixed block has a fixed outcome on every machine, in every build. A change of these values is a
// change of the protocol: of the encoding, the gas table, or the rules of execution.
#include <gtest/gtest.h>

#include "base/hash.h"
#include "contracts/executor/result.h"
#include "system/governance.usance.h"
#include "test_chain.h"

namespace usance {
namespace {

using contract::to_wire;
using test::key_bytes;
using test::TestChain;
namespace gov = governance::v1;

Hash32 digest(const std::vector<StateChange>& changes) {
  Encoder out;
  for (const StateChange& change : changes) {
    out(change.key);
    out(change.action);
    out(change.value.has_value());
    if (change.value) out.bytes(*change.value, limits::kMaxValueBytes);
  }
  return sha256(out.data());
}

TEST(Golden, GenesisState) {
  const auto changes = genesis_changes(test::test_genesis(true));
  ASSERT_TRUE(changes.has_value());
  EXPECT_EQ(to_hex(digest(*changes)),
            "de6b636f7fe8c041e87f089a2fb28e60b2bed17ba4a3416da90de7d24e46bc48");
}

TEST(Golden, BlockOfSystemCalls) {
  TestChain chain;
  const BlockInput input = chain.input({
      {"bank-a", "admin", "governance", "AddUser",
       to_wire(gov::NewUser{"clerk", key_bytes("clerk"), {"maker", "viewer"}})},
      {"bank-a", "admin", "governance", "RevokeKey",
       to_wire(gov::KeyName{key_bytes("bank-a/checker")})},
      {"bank-b", "maker", "governance", "ProposeOrganisationRemoval",
       to_wire(gov::OrganisationName{"bank-a"})},
      {"bank-b", "viewer", "governance", "GetNetwork", {}},
      {"bank-c", "admin", "governance", "ProposeOrganisationRemoval",
       to_wire(gov::OrganisationName{"bank-a"})},
      {"bank-d", "checker", "contracts", "Get", {0x0a, 0x01, 'x'}},
  });
  const BlockOutcome outcome = chain.execute(input);
  EXPECT_EQ(to_hex(digest(outcome.changes)),
            "d1ef42c90bf57b8481ad9b5af465eb96019c2f467302f2919033b04db1345d52");
  EXPECT_EQ(to_hex(receipt_root(outcome.receipts)),
            "64837c0ca104dbf1f65f7e4831ba173766f694ca4ca0aedddba20ff97662c316");
  EXPECT_EQ(to_hex(event_root(outcome.events)),
            "2f1f3382dec77fb6dd8d601633ecbb21cec4331cc481fe2ddb5e0590c04d176f");
  EXPECT_EQ(to_hex(transaction_root(outcome.receipts)),
            "8d39d6f0399da40b74c5acffe9b786a24cce38c61fa59f90ab44773f4d02269e");
}

}  // namespace
}  // namespace usance
