// SN-9 to SN-14: a node's snapshots served and fetched over real stores, with a lying peer; what a
// crash leaves; and what is offered at all.
#include "node/snapshot_join.h"

#include <set>

#include <gtest/gtest.h>
#include <unistd.h>

#include "node/exec_loop.h"
#include "node/snapshot_server.h"
#include "tests/unit/node/sample_ledger.h"

namespace usance::node {
namespace {

class SnapshotJoinTest : public testing::Test {
 protected:
  using Phase = SnapshotJoin::Phase;

  static PublicKey validator(std::uint8_t number) { return signer(number)->public_key(); }

  SnapshotJoinTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "usance-join-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    genesis_ = four_banks();
    genesis_.chain_id.bytes[0] = 9;
    options_.sync = false;
    store_ = storage::LedgerStore::open(folder_ / "served", genesis_.chain_id, options_).value();
    EXPECT_TRUE(initialise_store(genesis_, *store_));
    queries_.start();
  }
  ~SnapshotJoinTest() override {
    queries_.stop();
    server_.reset();
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  // Empty blocks, decided and certified, up to this height.
  void run_to(std::uint64_t height) {
    while (store_->executed()->value < height) add_sample_block(*store_, genesis_);
  }

  // Every peer but this node serves the same store; the liars change what they send.
  void serve(std::set<PublicKey> liars = {}) {
    server_ = std::make_unique<SnapshotServer>(
        *store_, queries_, damage_,
        [this, liars](const PublicKey& peer, const std::shared_ptr<const Bytes>& bytes) {
          auto message = consensus::decode_snapshot_message(*bytes);
          ASSERT_TRUE(message);
          auto answer = std::get<consensus::SnapshotAnswer>(*std::move(message));
          if (auto* state = std::get_if<consensus::StateFetched>(&answer);
              state != nullptr && liars.contains(peer)) {
            for (SubtreePart& part : state->piece.parts) part.node.bytes[0] ^= 1;
            if (!state->piece.scopes.empty()) ++state->piece.scopes[0].summary.change_count;
          }
          if (auto* outcomes = std::get_if<consensus::OutcomesFetched>(&answer);
              outcomes != nullptr && liars.contains(peer))
            ++outcomes->piece.heights.front().result.gas_used;
          join_->receive(peer, std::move(answer), nullptr);
        });
  }
  // Joins until it is over; the phase it ended in.
  SnapshotJoin::Phase join(std::uint64_t after) {
    SnapshotJoin::Options options;
    options.genesis = &genesis_;
    options.verifier = &ed25519_verifier();
    options.self = validator(4);
    options.genesis_result = *store_->genesis_result();
    options.directory = snapshot_directory(folder_);
    options.after = after;
    options.counters = counters_;
    const std::vector<PublicKey> peers = {validator(1), validator(2), validator(3)};
    SnapshotJoin::Outputs outputs;
    outputs.peers = [peers] { return peers; };
    outputs.name = [](const PublicKey&) { return "peer"; };
    // One server stands for all peers: it answers each of them.
    outputs.send = [this](const PublicKey& peer, const std::shared_ptr<const Bytes>& bytes) {
      auto message = consensus::decode_snapshot_message(*bytes);
      ASSERT_TRUE(message);
      if (flooded_)
        for (int i = 0; i < 300; ++i) join_->receive(validator(9), consensus::SnapshotGone{}, {});
      server_->receive(peer, std::get<consensus::SnapshotRequest>(*std::move(message)));
      // The answers come before the flood is looked at.
      if (flooded_) std::this_thread::sleep_for(std::chrono::milliseconds(30));
    };
    outputs.drop = [this](const PublicKey& peer, const std::string&) { dropped_.insert(peer); };
    outputs.whole = [this](Height height) { whole_ = height; };
    join_ = std::make_unique<SnapshotJoin>(std::move(options), std::move(outputs));
    join_->start();
    for (const PublicKey& peer : peers) join_->heard(peer, *store_->executed());
    for (int i = 0; i < 600; ++i) {
      const auto phase = join_->phase();
      if (phase == SnapshotJoin::Phase::kWhole || phase == SnapshotJoin::Phase::kOver) break;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    join_->stop();
    return join_->phase();
  }

  std::filesystem::path folder_;
  Genesis genesis_;
  storage::StoreOptions options_;
  std::unique_ptr<storage::LedgerStore> store_;
  QueryPool queries_{ChainId{}, 1};
  DamageAlarm damage_{"ledger"};
  std::unique_ptr<SnapshotServer> server_;
  std::shared_ptr<SnapshotCounters> counters_ = std::make_shared<SnapshotCounters>();
  std::unique_ptr<SnapshotJoin> join_;
  std::set<PublicKey> dropped_;
  std::optional<Height> whole_;
  bool flooded_ = false;  // by a peer that sends answers nobody asked for
};

TEST_F(SnapshotJoinTest, SN7_SN14_ALiarIsDroppedAndTheSnapshotTakesTheLedgersPlace) {
  // There are two things to ask for: at least one liar is asked.
  const std::set<PublicKey> liars = {validator(1), validator(2)};
  serve(liars);
  run_to(12);
  server_->take();
  run_to(20);
  ASSERT_EQ(join(5), Phase::kWhole);
  EXPECT_EQ(whole_, Height(12));
  EXPECT_EQ(counters_->pieces_here(), std::optional(counters_->pieces.load()));
  EXPECT_FALSE(dropped_.empty());
  EXPECT_EQ(counters_->blamed, dropped_.size());
  for (const PublicKey& peer : dropped_) EXPECT_TRUE(liars.contains(peer));

  // A node that had only the genesis.
  {
    auto before = storage::LedgerStore::open(folder_ / "ledger", genesis_.chain_id, options_);
    ASSERT_TRUE(before);
    ASSERT_TRUE(initialise_store(genesis_, **before));
  }
  const auto installed = install_snapshot(folder_, genesis_.chain_id);
  ASSERT_TRUE(installed) << installed.error().message;
  EXPECT_TRUE(*installed);
  const auto ledger = storage::LedgerStore::open(folder_ / "ledger", genesis_.chain_id, options_);
  ASSERT_TRUE(ledger) << ledger.error().message;
  EXPECT_EQ((*ledger)->base(), Height(12));
  EXPECT_EQ(*(*ledger)->result_header(Height(12)), *store_->result_header(Height(12)));
  EXPECT_TRUE((*ledger)->verify_state());
  EXPECT_FALSE(std::filesystem::exists(snapshot_directory(folder_)));
  EXPECT_FALSE(*install_snapshot(folder_, genesis_.chain_id));
}

TEST_F(SnapshotJoinTest, SN14_ACrashBetweenTheMovesLosesNothing) {
  serve();
  run_to(10);
  server_->take();
  run_to(18);
  ASSERT_EQ(join(5), Phase::kWhole);
  // As after the first of the two moves.
  std::filesystem::create_directory(folder_ / "ledger.replaced");
  ASSERT_TRUE(*install_snapshot(folder_, genesis_.chain_id));
  const auto ledger = storage::LedgerStore::open(folder_ / "ledger", genesis_.chain_id, options_);
  ASSERT_TRUE(ledger);
  EXPECT_EQ((*ledger)->base(), Height(10));
}

TEST_F(SnapshotJoinTest, SN13_HalfASnapshotIsRemovedAtTheNextStart) {
  run_to(9);
  const auto offer = *(*store_->take_snapshot())->offer();
  {
    auto half = storage::SnapshotImport::begin(snapshot_directory(folder_), offer,
                                               *store_->genesis_result(), options_);
    ASSERT_TRUE(half);
  }
  const auto installed = install_snapshot(folder_, genesis_.chain_id);
  ASSERT_TRUE(installed) << installed.error().message;
  EXPECT_FALSE(*installed);
  EXPECT_FALSE(std::filesystem::exists(snapshot_directory(folder_)));
}

TEST_F(SnapshotJoinTest, SN12_ANodeThatIsNotFarBehindFetchesBlocks) {
  serve();
  run_to(20);
  EXPECT_EQ(join(20), Phase::kOver);
  EXPECT_FALSE(counters_->pieces_here());
  EXPECT_FALSE(std::filesystem::exists(snapshot_directory(folder_)));
}

TEST_F(SnapshotJoinTest, SN11_ASnapshotIsOfferedOnceItsSuccessorsAreCertified) {
  serve();
  run_to(10);
  server_->take();
  run_to(17);
  EXPECT_EQ(join(5), Phase::kOver);  // nobody offers one
  EXPECT_FALSE(counters_->pieces_here());
  run_to(18);
  EXPECT_EQ(join(5), Phase::kWhole);
}

TEST_F(SnapshotJoinTest, SN10_TheNewestAreHeldAndWhatPeersFetch) {
  std::atomic<int> served{0}, gone{0};
  server_ = std::make_unique<SnapshotServer>(
      *store_, queries_, damage_, [&](const PublicKey&, const std::shared_ptr<const Bytes>& bytes) {
        const auto message = consensus::decode_snapshot_message(*bytes);
        const auto& answer = std::get<consensus::SnapshotAnswer>(*message);
        ++(std::holds_alternative<consensus::SnapshotGone>(answer) ? gone : served);
      });
  const auto ask = [&](std::uint8_t peer, std::uint64_t height) {
    const int before = served + gone, served_before = served;
    server_->receive(validator(peer), consensus::FetchState{Height(height), {}});
    while (served + gone == before) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return served > served_before;
  };
  const auto take = [&](std::uint64_t height) {
    run_to(height);
    server_->take();
  };
  run_to(1);
  server_->executed(Height(1));  // no multiple of the interval
  EXPECT_EQ(server_->held(), 0u);
  for (std::uint64_t height = 2; height <= 6; ++height) take(height);
  EXPECT_EQ(server_->held(), 3u);
  EXPECT_FALSE(ask(1, 3));
  // What is fetched stays, for each peer the last that it asked for.
  EXPECT_TRUE(ask(1, 4));
  EXPECT_TRUE(ask(2, 4));
  for (std::uint64_t height = 7; height <= 15; ++height) {
    take(height);
    EXPECT_TRUE(ask(1, height));
  }
  EXPECT_EQ(server_->held(), 4u);
  EXPECT_TRUE(ask(2, 4));
  // But not without end.
  for (std::uint64_t height = 16; height <= 24; ++height) {
    take(height);
    EXPECT_TRUE(ask(static_cast<std::uint8_t>(height), height));
  }
  EXPECT_EQ(server_->held(), 8u);
  EXPECT_FALSE(ask(2, 4));
}

TEST_F(SnapshotJoinTest, SN6_WhoSendsMoreThanItWasAskedForTakesNobodysPlace) {
  serve();
  run_to(12);
  server_->take();
  run_to(20);
  flooded_ = true;
  EXPECT_EQ(join(5), Phase::kWhole);
}

TEST_F(SnapshotJoinTest, SN14_ALedgerWithHistoryIsNotReplaced) {
  serve();
  run_to(10);
  server_->take();
  run_to(18);
  ASSERT_EQ(join(5), Phase::kWhole);
  // As an operator who restores a backup meanwhile.
  queries_.stop();
  server_.reset();
  store_.reset();
  std::filesystem::rename(folder_ / "served", folder_ / "ledger");
  const auto installed = install_snapshot(folder_, genesis_.chain_id);
  ASSERT_TRUE(installed) << installed.error().message;
  EXPECT_FALSE(*installed);
  EXPECT_FALSE(std::filesystem::exists(snapshot_directory(folder_)));
  store_ = storage::LedgerStore::open(folder_ / "ledger", genesis_.chain_id, options_).value();
  EXPECT_EQ(store_->base(), Height(0));
  EXPECT_EQ(*store_->executed(), Height(18));
}

}  // namespace
}  // namespace usance::node
