// A fifth node that is far behind begins with a snapshot of the four (docs/spec/snapshot.md), also
// where it is killed meanwhile and most of its peers lie; from then on it has what they have, and
// what lies below it says that it does not have.
#include <csignal>
#include <cstdlib>
#include <mutex>
#include <thread>

#include <gtest/gtest.h>

#include "base/receipt.h"
#include "base/result_header.h"
#include "consensus/snapshot_messages.h"
#include "peer_by_hand.h"
#include "proto/status.h"
#include "test_network.h"
#include "usance/v1/audit.grpc.pb.h"
#include "usance/v1/block.grpc.pb.h"
#include "usance/v1/query.grpc.pb.h"
#include "usance/v1/transaction.grpc.pb.h"

namespace usance::test {
namespace {

const OrgId kOrg("org-1");
constexpr std::size_t kFollower = 4;

// Whoever answers a node's requests as it likes, with all keys of another node, which is stopped.
class Liar {
 public:
  using Lie = std::function<std::optional<consensus::SnapshotAnswer>(
      const consensus::SnapshotRequest& request)>;

  Liar(TestNetwork& network, std::size_t as, std::size_t to, Lie lie)
      : network_(network), as_(as), to_(to), lie_(std::move(lie)), thread_([this] { run(); }) {}
  ~Liar() {
    over_ = true;
    {
      const std::lock_guard lock(mutex_);
      if (peer_) peer_->cancel();
    }
    thread_.join();
  }
  // How often the node has taken it for the other.
  [[nodiscard]] int taken() const { return taken_; }

 private:
  // As often as it is dropped, it comes again.
  void run() {
    const auto certificate = PeerByHand::certificate_of(network_, as_);
    const auto signer = PeerByHand::signer_of(network_, as_);
    while (!over_) {
      PeerByHand peer(network_, certificate, to_);
      set(&peer);
      if (peer.introduce(as_, *signer)) lie_to(peer);
      set(nullptr);
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  }
  void set(PeerByHand* peer) {
    const std::lock_guard lock(mutex_);
    peer_ = peer;
    if (over_ && peer_) peer_->cancel();
  }
  void lie_to(PeerByHand& peer) {
    v1::PeerFrames frames;
    while (peer.read(frames)) {
      if (frames.has_hello()) ++taken_;
      for (const std::string& message : frames.messages()) {
        const auto asked = consensus::decode_snapshot_message(as_bytes(message));
        if (!asked || !std::holds_alternative<consensus::SnapshotRequest>(*asked)) continue;
        auto lie = lie_(std::get<consensus::SnapshotRequest>(*asked));
        if (!lie) continue;
        v1::PeerFrames out;
        out.add_messages(std::string(as_text(consensus::encode_snapshot_message(*std::move(lie)))));
        peer.write(out);
      }
    }
  }

  TestNetwork& network_;
  const std::size_t as_, to_;
  const Lie lie_;
  std::mutex mutex_;
  PeerByHand* peer_ = nullptr;
  std::atomic<bool> over_{false};
  std::atomic<int> taken_{0};
  std::thread thread_;
};

class Snapshot : public testing::Test {
 protected:
  Snapshot() {
    ::setenv("USANCE_SYNC_SNAPSHOT_AFTER", "5", 1);
    network_.node(kFollower).dials = {0, 1, 2, 3};
    network_.write_config(kFollower);
  }

  // The four have executed some heights and hold a snapshot of base_, which they offer.
  void SetUp() override {
    start_four();
    for (int i = 0; i < 6; ++i) order("early" + std::to_string(i));
    ASSERT_TRUE(TestNetwork::eventually([&] { return reached(4); }));
    // A node takes a snapshot when it starts, and offers it once eight more heights are certified.
    for (std::size_t i = 0; i < 4; ++i) network_.signal(i, SIGTERM);
    for (std::size_t i = 0; i < 4; ++i) ASSERT_EQ(network_.wait_exit(i), 0);
    start_four();
    base_ = height_;
    for (int i = 0; i < 9; ++i) order("late" + std::to_string(i));
    ASSERT_TRUE(TestNetwork::eventually([&] { return reached(4); }));
  }
  void start_four() {
    for (std::size_t i = 0; i < 4; ++i)
      if (!network_.running(i)) network_.start(i);
    ASSERT_TRUE(TestNetwork::eventually([&] { return reached(4); })) << network_.log_of(0);
  }

  void order(const std::string& user) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
    v1::SubmitAndWaitRequest request;
    const Bytes bundle =
        network_.bundle(kOrg, "governance", "AddUser",
                        {add_user(user, ed25519_signer(generate_seed())->public_key())});
    request.set_bundle(bundle.data(), bundle.size());
    v1::SubmitAndWaitResponse response;
    const auto stub = v1::TransactionService::NewStub(network_.client(0, kOrg));
    const grpc::Status status = stub->SubmitAndWait(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message() << "\n" << network_.log_of(0);
    if (response.results_size() == 1) height_ = response.results(0).height();
  }
  // These nodes have certified what was ordered last.
  bool reached(std::size_t nodes) {
    for (std::size_t i = 0; i < nodes; ++i) {
      const auto status = network_.status(i);
      if (!status || status->certified_height() < height_) return false;
    }
    return true;
  }
  bool equal_roots() {
    const auto one = network_.status(0);
    const auto other = network_.status(kFollower);
    return one && other && one->certified_height() == other->certified_height() &&
           one->state_root() == other->state_root();
  }
  double metric(const std::string& name) {
    const std::string page = network_.metrics(kFollower);
    const auto at = page.find("\n" + name + " ");
    return at == std::string::npos ? -1 : std::atof(page.c_str() + at + name.size() + 2);
  }
  bool told(const std::string& text) {
    return network_.log_of(kFollower).find(text) != std::string::npos;
  }
  // The follower has joined by the snapshot, has what the others have, and goes on.
  void expect_joined() {
    ASSERT_TRUE(TestNetwork::eventually([&] { return reached(5) && equal_roots(); }))
        << network_.log_of(kFollower);
    EXPECT_EQ(metric("usance_ledger_base_height"), static_cast<double>(base_))
        << network_.log_of(kFollower);
    EXPECT_FALSE(
        std::filesystem::exists(network_.node(kFollower).folder / "data" / "ledger.snapshot"));
    order("next" + std::to_string(height_));
    ASSERT_TRUE(TestNetwork::eventually([&] { return reached(5) && equal_roots(); }))
        << network_.log_of(kFollower);
  }
  template <class Call>
  grpc::Status ask(Call&& call) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
    return call(network_.client(kFollower, kOrg), context);
  }
  void expect_pruned(const grpc::Status& status) {
    EXPECT_EQ(proto::read_status(status).reason, v1::REASON_PRUNED) << status.error_message();
    for (const std::string& word : {std::string("snapshot"), std::to_string(base_)})
      EXPECT_NE(status.error_message().find(word), std::string::npos) << status.error_message();
  }

  TestNetwork network_{4, 1};
  std::uint64_t height_ = 0;  // of the last order
  std::uint64_t base_ = 0;
};

TEST_F(Snapshot, ANodeFarBehindBeginsWithOneAndIsKilledAtEachStep) {
  for (const std::string step : {"snapshot.begin", "snapshot.offered", "snapshot.whole",
                                 "snapshot.installed", "node.started"}) {
    network_.start(kFollower);
    ASSERT_TRUE(TestNetwork::eventually([&] { return told(step); })) << step;
    network_.kill(kFollower);
  }
  network_.start(kFollower);
  expect_joined();

  const auto block = [&](std::uint64_t of) {
    return ask([&](const auto& channel, grpc::ClientContext& context) {
      v1::GetBlockRequest request;
      request.set_height(of);
      v1::GetBlockResponse response;
      return v1::BlockService::NewStub(channel)->GetBlock(&context, request, &response);
    });
  };
  EXPECT_TRUE(block(base_ + 1).ok()) << block(base_ + 1).error_message();
  expect_pruned(block(base_));
  // An object that was there before: its state is proven, what happened to it is on other nodes.
  const std::string object = "organisation/org-1";
  v1::GetStateRequest state;
  state.set_contract("governance");
  state.set_scope(object);
  state.set_prove(true);
  v1::GetStateResponse proven;
  const auto get_state = [&](const auto& channel, grpc::ClientContext& context) {
    return v1::QueryService::NewStub(channel)->GetState(&context, state, &proven);
  };
  EXPECT_TRUE(ask(get_state).ok()) << ask(get_state).error_message();
  EXPECT_FALSE(proven.proof().empty());
  state.set_height(base_ - 1);
  expect_pruned(ask(get_state));
  expect_pruned(ask([&](const auto& channel, grpc::ClientContext& context) {
    v1::GetHistoryRequest request;
    request.set_contract("governance");
    request.set_scope(object);
    v1::GetHistoryResponse response;
    return v1::QueryService::NewStub(channel)->GetHistory(&context, request, &response);
  }));
  expect_pruned(ask([&](const auto& channel, grpc::ClientContext& context) {
    v1::ExportEvidenceRequest request;
    auto* one = request.mutable_object();
    one->set_contract("governance");
    one->set_scope(object);
    v1::ExportEvidenceResponse response;
    return v1::AuditService::NewStub(channel)->ExportEvidence(&context, request, &response);
  }));
}

TEST_F(Snapshot, PeersThatLieAreBlamedAndTheOthersServe) {
  for (std::size_t i = 1; i < 4; ++i) network_.kill(i);
  std::atomic<bool> silent{true};
  const auto wrong_pieces =
      [&](const consensus::SnapshotRequest& request) -> std::optional<consensus::SnapshotAnswer> {
    if (std::holds_alternative<consensus::FetchSnapshot>(request)) return consensus::SnapshotGone{};
    if (silent) return std::nullopt;
    if (const auto* state = std::get_if<consensus::FetchState>(&request)) {
      consensus::StateFetched answer{state->height, {}};
      answer.piece.subtree = state->subtree;
      answer.piece.scopes.emplace_back().contract = "governance";
      return answer;
    }
    const auto& wanted = std::get<consensus::FetchOutcomes>(request);
    consensus::OutcomesFetched answer{wanted.height, {}};
    answer.piece.heights.emplace_back().result.height = wanted.newest;
    return answer;
  };
  const auto wrong_offer =
      [&](const consensus::SnapshotRequest& request) -> std::optional<consensus::SnapshotAnswer> {
    if (silent || !std::holds_alternative<consensus::FetchSnapshot>(request)) return std::nullopt;
    consensus::SnapshotOffered answer;
    answer.offer.tip.header.chain = network_.genesis().chain_id;
    answer.offer.tip.header.height = Height(1'000'000);
    return answer;
  };
  const Liar one(network_, 1, kFollower, wrong_offer);
  const Liar two(network_, 2, kFollower, wrong_pieces);
  const Liar three(network_, 3, kFollower, wrong_pieces);
  // The honest node is there last.
  const auto start_among_liars = [&] {
    network_.signal(0, SIGSTOP);
    network_.start(kFollower);
    const bool among =
        TestNetwork::eventually([&, before = std::vector{one.taken(), two.taken(), three.taken()}] {
          return one.taken() > before[0] && two.taken() > before[1] && three.taken() > before[2];
        });
    network_.signal(0, SIGCONT);
    return among;
  };
  ASSERT_TRUE(start_among_liars()) << network_.log_of(kFollower);

  // While they are silent it waits, with half a snapshot. It is killed then.
  ASSERT_TRUE(TestNetwork::eventually([&] { return told("snapshot.offered"); }))
      << network_.log_of(kFollower);
  network_.kill(kFollower);
  EXPECT_TRUE(
      std::filesystem::exists(network_.node(kFollower).folder / "data" / "ledger.snapshot"));
  silent = false;
  ASSERT_TRUE(start_among_liars()) << network_.log_of(kFollower);
  ASSERT_TRUE(TestNetwork::eventually([&] { return reached(1) && equal_roots(); }))
      << network_.log_of(kFollower);
  EXPECT_TRUE(told("snapshot.half")) << network_.log_of(kFollower);
  // The false offer, and one of two false pieces at least: there are two things to ask for.
  EXPECT_GE(metric("usance_snapshot_blamed_total"), 2.0) << network_.log_of(kFollower);
  EXPECT_TRUE(told("a snapshot that no quorum signed")) << network_.log_of(kFollower);
  EXPECT_TRUE(told("wrong outcomes") || told("a wrong piece of the state"));
  EXPECT_FALSE(told("snapshot.given_up"));
}

}  // namespace
}  // namespace usance::test
