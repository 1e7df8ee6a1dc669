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
      {"bank-b", "maker", "governance", "ProposeNodeRemoval", to_wire(gov::NodeId{1})},
      {"bank-b", "viewer", "governance", "GetNetwork", {}},
      {"bank-c", "admin", "governance", "ProposeNodeRemoval", to_wire(gov::NodeId{1})},
      {"bank-d", "checker", "contracts", "Get", {0x0a, 0x01, 'x'}},
  });
  const BlockOutcome outcome = chain.execute(input);
  EXPECT_EQ(to_hex(digest(outcome.changes)),
            "c62676e59e98a488248d40cdca863bbd69700844155e848ddf2c418d9dd9da95");
  EXPECT_EQ(to_hex(receipt_root(outcome.receipts)),
            "66f3a64788a3ca55f471c8e23baa38ac36199ca92d388f317415d4a70751706d");
  EXPECT_EQ(to_hex(event_root(outcome.events)),
            "fa85d7bc3c3d9ff0cc65244dd4e29af957119cfe7dbbff6c89ea159fbf8a3049");
  EXPECT_EQ(to_hex(transaction_root(outcome.receipts)),
            "57b3a5ff5279ded7db2f9694b154cc638d997036743385e8faf7c23715386437");
}

}  // namespace
}  // namespace usance
