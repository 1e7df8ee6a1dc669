// Contradictions that a node has found become transactions by themselves, each once.
#include "node/reporter.h"

#include <algorithm>
#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

#include "base/certificate.h"
#include "base/hash.h"
#include "base/merkle.h"
#include "base/transaction.h"
#include "contracts/system/governance_records.h"
#include "contracts/system/record_view.h"
#include "node/misbehaviour.h"

namespace usance::node {
namespace {

consensus::EvidenceFound contradiction(std::uint64_t height) {
  const auto signer = ed25519_signer(generate_seed());
  consensus::EvidenceFound found{signer->public_key(), {}};
  for (const char* answer : {"one", "another"}) {
    consensus::Vote vote;
    vote.content = VoteContent{VoteKind::kCommit, Epoch(0), View(1), Height(height),
                               sha256(as_bytes(std::string_view(answer)))};
    vote.signature = signer->sign(vote_digest(ChainId{}, vote.content));
    found.evidence.votes.push_back(vote);
  }
  return found;
}

class ReporterTest : public testing::Test {
 protected:
  ReporterTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "usance-rep-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    store_ = storage::LedgerStore::open(folder_ / "ledger", chain_).value();
  }
  // The state has records of these cases, and of nothing else.
  void begin(const std::vector<consensus::EvidenceFound>& recorded = {}) {
    std::vector<StateChange> changes;
    for (const auto& found : recorded) {
      governance::v1::Misbehaviour known;
      known.proof = contradiction_of(found);
      known.organisation = known.reporter.organisation = "org";
      changes.push_back(
          {{std::string(governance::kContract), to_bytes(governance::kMisbehaviour),
            record_item<governance::v1::Misbehaviour>(governance::case_key(known.proof))},
           contract::to_wire(known),
           0});
    }
    std::ranges::sort(changes, {}, &StateChange::key);
    const auto staged = store_->stage(Height(0), changes).value();
    const BlockHeader header = genesis_block_header(chain_, TimeMs(1));
    ResultHeader result;
    result.chain = chain_;
    result.block = block_hash(header);
    result.time = header.time;
    result.state_root = staged.state_root();
    result.ledger_root = store_->next_ledger_root();
    result.transaction_root = result.receipt_root = result.event_root =
        counted_root(0, merkle_root({}));
    const BlockBody body;
    const auto committed = store_->commit(staged, {header, &body, nullptr}, {}, {}, result);
    EXPECT_TRUE(committed) << committed.error().message;
  }
  ~ReporterTest() override {
    store_.reset();
    std::filesystem::remove_all(folder_);
  }
  Reporter reporter(std::size_t patience) {
    return Reporter({chain_, OrgId("bank"), ed25519_signer(generate_seed()), folder_, patience},
                    *store_, damage_, [this](const OrgId&, Bytes bundle, Waiter waiter) {
                      sent_.push_back(decode<Bundle>(bundle).value());
                      waiters_.push_back(std::move(waiter));
                      return true;
                    });
  }
  // The file's name alone, without waiting for the disk.
  void keep(const consensus::EvidenceFound& found) {
    std::filesystem::create_directories(folder_ / "misbehaviour");
    std::ofstream out(folder_ / "misbehaviour" / (to_hex(found.validator) + "-0.evidence"));
    const Bytes bytes = encode(found.evidence);
    out << as_text(ByteView(bytes));
  }
  void answer(v1::Reason reason) {
    BundleOutcome outcome;
    outcome.error = proto::ApiError(reason, "no");
    waiters_.back().sink->outcomes({outcome});
  }

  std::filesystem::path folder_;
  const ChainId chain_{};
  std::unique_ptr<storage::LedgerStore> store_;
  DamageAlarm damage_{"ledger"};
  std::vector<Bundle> sent_;
  std::vector<Waiter> waiters_;
};

TEST_F(ReporterTest, ReportsWhatItFindsAndWaitsForTheOutcome) {
  begin();
  ASSERT_TRUE(keep_contradiction(folder_, contradiction(5)));
  Reporter reports = reporter(0);
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(reports.look(Height(0)));
  ASSERT_EQ(sent_.size(), 1u);
  const Transaction& tx = sent_[0].transactions.front();
  EXPECT_EQ(tx.contract, "governance");
  EXPECT_EQ(tx.method, "ReportMisbehaviour");
  EXPECT_EQ(tx.org, OrgId("bank"));
  answer(v1::REASON_MEMPOOL_FULL);
  ASSERT_TRUE(reports.look(Height(0)));
  EXPECT_EQ(sent_.size(), 2u) << "again, for the ledger does not have it";
}

// One look reads 256 cases: those that the ledger has must not keep it from the others.
TEST_F(ReporterTest, FindsWhatIsNotOnTheLedgerBehindAllThatIs) {
  std::vector<consensus::EvidenceFound> all(300);
  for (std::size_t i = 0; i < all.size(); ++i) {
    all[i] = contradiction(5);
    all[i].validator.bytes[0] = static_cast<std::uint8_t>(i / 256);
    all[i].validator.bytes[1] = static_cast<std::uint8_t>(i % 256);
    keep(all[i]);
  }
  const consensus::EvidenceFound last = all.back();
  all.pop_back();
  begin(all);
  Reporter reports = reporter(0);
  ASSERT_TRUE(reports.look(Height(0)));
  EXPECT_TRUE(sent_.empty());
  ASSERT_TRUE(reports.look(Height(0)));
  ASSERT_EQ(sent_.size(), 1u);
  EXPECT_EQ(sent_[0].transactions.front().arguments, contract::to_wire(contradiction_of(last)));
}

TEST_F(ReporterTest, LeavesItsTurnsToOthers) {
  begin();
  ASSERT_TRUE(keep_contradiction(folder_, contradiction(5)));
  Reporter reports = reporter(3);
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(reports.look(Height(0)));
  EXPECT_TRUE(sent_.empty());
  ASSERT_TRUE(reports.look(Height(0)));
  EXPECT_EQ(sent_.size(), 1u);
}

TEST_F(ReporterTest, NothingFoundIsNothingSent) {
  begin();
  Reporter reports = reporter(0);
  ASSERT_TRUE(reports.look(Height(0)));
  EXPECT_TRUE(sent_.empty());
}

TEST(Contradictions, AreToldAsTheContractTakesThem) {
  const consensus::EvidenceFound found = contradiction(9);
  const governance::v1::Contradiction proof = contradiction_of(found);
  EXPECT_EQ(proof.kind, governance::v1::StatementKind::kCommit);
  EXPECT_EQ(proof.height, 9u);
  EXPECT_EQ(proof.view, 1u);
  EXPECT_NE(proof.first_hash, proof.second_hash);
  EXPECT_TRUE(ed25519_verifier().verify(found.validator,
                                        vote_digest(ChainId{}, found.evidence.votes[1].content),
                                        found.evidence.votes[1].signature));
}

}  // namespace
}  // namespace usance::node
