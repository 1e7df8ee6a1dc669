// One of four nodes has its data on a disk of a few megabytes that fills up: the others go on, the
// full one says so, keeps its life and its data, votes no more, and catches up by itself.
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <thread>

#include <grpcpp/generic/generic_stub.h>
#include <gtest/gtest.h>

#include "base/receipt.h"
#include "proto/status.h"
#include "test_network.h"
#include "tests/fixtures/small_disk.h"
#include "usance/v1/transaction.grpc.pb.h"

namespace usance::test {
namespace {

const OrgId kOrg("org-1");
constexpr std::size_t kFull = 3;  // the node whose disk fills up
// Less than RocksDB would reserve for a log in advance: the log takes its space as it grows.
constexpr std::size_t kDiskBytes = 32u << 20;

class FullDisk : public testing::Test {
 protected:
  void SetUp() override {
    if (!disk_.why_not().empty()) GTEST_SKIP() << disk_.why_not();
    network_.start_all();
  }

  grpc::Status submit(std::size_t node, v1::SubmitAndWaitResponse& response) {
    const Bytes bundle = network_.bundle(kOrg, "governance", "AddUser",
                                         {add_user("user-" + std::to_string(++users_),
                                                   ed25519_signer(generate_seed())->public_key())});
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
    v1::SubmitAndWaitRequest request;
    request.set_bundle(bundle.data(), bundle.size());
    return v1::TransactionService::NewStub(network_.client(node, kOrg))
        ->SubmitAndWait(&context, request, &response);
  }
  // The height of a transaction that the network certifies.
  std::uint64_t transact() {
    v1::SubmitAndWaitResponse response;
    const grpc::Status status = submit(0, response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    if (response.results_size() != 1) return 0;
    EXPECT_EQ(response.results(0).status(), static_cast<std::uint32_t>(ReceiptStatus::kOk));
    return response.results(0).height();
  }
  // What a load balancer asks: 1 serving, 2 not serving.
  int health(std::size_t node) {
    grpc::GenericStub stub(network_.client(node, kOrg));
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(5));
    const grpc::ByteBuffer nothing(nullptr, 0);
    grpc::ByteBuffer answer;
    std::mutex mutex;
    std::condition_variable answered;
    std::optional<grpc::Status> status;
    stub.UnaryCall(&context, "/grpc.health.v1.Health/Check", {}, &nothing, &answer,
                   [&](const grpc::Status& outcome) {
                     const std::lock_guard lock(mutex);
                     status = outcome;
                     answered.notify_one();
                   });
    std::unique_lock lock(mutex);
    answered.wait(lock, [&] { return status.has_value(); });
    grpc::Slice bytes;
    if (!status->ok() || !answer.DumpToSingleSlice(&bytes).ok() || bytes.size() != 2) return 0;
    return bytes.begin()[1];
  }
  // The highest height that others saw the full node vote on.
  std::uint64_t last_vote() {
    const std::string page = network_.metrics(0);
    const std::string name = "usance_consensus_validator_last_signed_height{node=\"node-4\"} ";
    const auto at = page.find(name);
    EXPECT_NE(at, std::string::npos);
    return at == std::string::npos
               ? 0
               : static_cast<std::uint64_t>(std::stod(page.substr(at + name.size(), 24)));
  }
  bool is_full() {
    const auto status = network_.status(kFull);
    return status && status->disk_full();
  }
  // Every node's root of the height that all have certified.
  void expect_agreement(std::uint64_t height) {
    for (std::size_t i = 0; i < network_.size(); ++i)
      ASSERT_TRUE(TestNetwork::eventually(
          [&] {
            const auto status = network_.status(i);
            return status && status->certified_height() >= height;
          },
          60'000))
          << network_.log_of(i);
    ASSERT_TRUE(TestNetwork::eventually([&] {
      const auto first = network_.status(0);
      if (!first) return false;
      for (std::size_t i = 1; i < network_.size(); ++i) {
        const auto other = network_.status(i);
        if (!other || other->certified_height() != first->certified_height()) return false;
        EXPECT_EQ(other->state_root(), first->state_root()) << "node " << i;
      }
      return true;
    }));
  }
  // With traffic until the node has noticed.
  void fill_the_disk() {
    ASSERT_TRUE(disk_.fill());
    ASSERT_TRUE(TestNetwork::eventually([&] {
      transact();
      return is_full();
    })) << network_.log_of(kFull);
  }

  TestNetwork network_;
  SmallDisk disk_{network_.node(kFull).folder / "data", kDiskBytes};
  int users_ = 0;
};

TEST_F(FullDisk, StopsOneNodesVotesAndNothingElse) {
  expect_agreement(transact());
  ASSERT_EQ(health(kFull), 1);
  ASSERT_NO_FATAL_FAILURE(fill_the_disk());

  // It says so to whoever asks, and to the log.
  EXPECT_TRUE(TestNetwork::eventually([&] { return health(kFull) == 2; }));
  EXPECT_NE(network_.metrics(kFull).find("usance_disk_full 1"), std::string::npos);
  EXPECT_NE(network_.log_of(kFull).find("disk.full"), std::string::npos);
  v1::SubmitAndWaitResponse response;
  const auto refused = proto::read_status(submit(kFull, response));
  EXPECT_EQ(refused.reason, v1::REASON_DISK_FULL) << refused.message;
  EXPECT_TRUE(refused.retry_after);

  // The other three go on; it casts no vote that it could forget.
  std::this_thread::sleep_for(std::chrono::seconds(1));  // the page may be a quarter second old
  const std::uint64_t voted = last_vote();
  std::uint64_t height = 0;
  for (int i = 0; i < 12; ++i) height = transact();
  EXPECT_EQ(last_vote(), voted);
  EXPECT_LT(voted, height);
  EXPECT_LT(network_.status(kFull)->certified_height(), height);
  EXPECT_TRUE(network_.running(kFull));

  disk_.make_room();
  ASSERT_TRUE(TestNetwork::eventually([&] { return !is_full(); }, 60'000))
      << network_.log_of(kFull);
  expect_agreement(height);
  EXPECT_TRUE(TestNetwork::eventually([&] { return health(kFull) == 1; }));
  // It votes again: without it there is no quorum of the other two.
  network_.kill(1);
  height = transact();
  EXPECT_GT(height, voted);
  network_.start(1);
  expect_agreement(height);
}

TEST_F(FullDisk, ANodeThatIsKilledOnItLosesNothingAndSaysWhyItDoesNotStart) {
  expect_agreement(transact());
  ASSERT_NO_FATAL_FAILURE(fill_the_disk());
  network_.kill(kFull);
  network_.start(kFull);
  EXPECT_EQ(network_.wait_exit(kFull), 1);
  const std::string log = network_.log_of(kFull);
  EXPECT_NE(log.find("the disk is full"), std::string::npos) << log;
  EXPECT_NE(log.find("make room"), std::string::npos) << log;

  disk_.make_room();
  network_.start(kFull);
  ASSERT_TRUE(TestNetwork::eventually([&] { return network_.status(kFull).has_value(); }))
      << network_.log_of(kFull);
  expect_agreement(transact());
  EXPECT_FALSE(network_.status(kFull)->amnesiac()) << "its vote log is whole";
}

TEST_F(FullDisk, ANodeStopsOnRequestWhileItWaitsForRoom) {
  expect_agreement(transact());
  ASSERT_NO_FATAL_FAILURE(fill_the_disk());
  network_.signal(kFull, SIGTERM);
  ASSERT_TRUE(TestNetwork::eventually([&] { return !network_.running(kFull); }));
  disk_.make_room();
  network_.start(kFull);
  ASSERT_TRUE(TestNetwork::eventually([&] { return network_.status(kFull).has_value(); }))
      << network_.log_of(kFull);
  expect_agreement(transact());
}

}  // namespace
}  // namespace usance::test
