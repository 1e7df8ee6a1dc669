// What the core is told of the ledger after a start.
#include "node/recovery.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "base/vote_log.h"
#include "node/exec_loop.h"
#include "tests/unit/node/sample_ledger.h"

namespace usance::node {
namespace {

class NoVotes final : public VoteLog {
 public:
  [[nodiscard]] std::optional<StoredVoteRecord> newest() const override { return std::nullopt; }
  [[nodiscard]] Result<void> append(std::uint64_t, ByteView) override { return {}; }
  [[nodiscard]] Result<void> hand_over(const PublicKey&) override { return {}; }
};

class NodeRecovery : public testing::Test {
 protected:
  NodeRecovery() {
    std::string pattern = (std::filesystem::temp_directory_path() / "usance-start-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    store_ = storage::LedgerStore::open(folder_ / "ledger", genesis_.chain_id).value();
    EXPECT_TRUE(initialise_store(genesis_, *store_));
  }
  ~NodeRecovery() override {
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  // The set with another key for its first validators, the next epoch's.
  static ValidatorSet after(ValidatorSet set) {
    set.epoch = Epoch(set.epoch.value + 1);
    Validator& first = set.validators[(set.epoch.value - 1) % 3];
    first.key = signer(static_cast<std::uint8_t>(100 + first.id))->public_key();
    return set;
  }
  void run_to(Height height) {
    while (*store_->executed() < height) add_sample_block(*store_, genesis_);
  }
  [[nodiscard]] std::vector<std::pair<Height, Epoch>> sets() const {
    const auto found = recover(*store_, genesis_.validators(), NoVotes());
    std::vector<std::pair<Height, Epoch>> out;
    for (const auto& [first, set] : found.value().sets) out.emplace_back(first, set.epoch);
    return out;
  }
  using Sets = std::vector<std::pair<Height, Epoch>>;

  std::filesystem::path folder_;
  Genesis genesis_ = four_banks();
  std::unique_ptr<storage::LedgerStore> store_;
  ValidatorSet second_ = after(genesis_.validators());
  ValidatorSet third_ = after(second_);
};

TEST_F(NodeRecovery, C9_1_TheSetBeforeTheOneInForceIsKnownHoweverLongItIsGone) {
  run_to(Height(3));
  EXPECT_EQ(sets(), (Sets{{Height(0), Epoch(0)}}));
  add_sample_block(*store_, genesis_, {.named = PendingSet{second_, Height(20)}});
  EXPECT_EQ(sets(), (Sets{{Height(0), Epoch(0)}, {Height(20), Epoch(1)}}));
  run_to(Height(60));
  EXPECT_EQ(sets(), (Sets{{Height(0), Epoch(0)}, {Height(20), Epoch(1)}}));
  add_sample_block(*store_, genesis_, {.named = PendingSet{third_, Height(80)}});
  // While certificates of the second may still arrive, the one before it is told, too.
  run_to(Height(80 + limits::kExecutionLag - 1));
  EXPECT_EQ(sets(), (Sets{{Height(0), Epoch(0)}, {Height(20), Epoch(1)}, {Height(80), Epoch(2)}}));
  run_to(Height(120));
  EXPECT_EQ(sets(), (Sets{{Height(20), Epoch(1)}, {Height(80), Epoch(2)}}));
}

TEST_F(NodeRecovery, C9_5_ASetThatTheMembersNamedIsOneOfThem) {
  run_to(Height(5));
  RecoveryRecord record;
  record.last = store_->result_header(Height(5)).value();
  record.next = second_;
  add_sample_block(*store_, genesis_, {.recovery = &record});
  EXPECT_EQ(sets(), (Sets{{Height(0), Epoch(0)}, {Height(6), Epoch(1)}}));
  run_to(Height(40));
  EXPECT_EQ(sets(), (Sets{{Height(0), Epoch(0)}, {Height(6), Epoch(1)}}));
}

}  // namespace
}  // namespace usance::node
