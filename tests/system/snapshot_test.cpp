// A fifth node that is far behind begins with a snapshot of the four (docs/spec/snapshot.md), and
// from then on has what they have; what lies below it says that it does not have.
#include <csignal>
#include <cstdlib>

#include <gtest/gtest.h>

#include "base/receipt.h"
#include "base/result_header.h"
#include "test_network.h"
#include "usance/v1/block.grpc.pb.h"
#include "usance/v1/transaction.grpc.pb.h"

namespace usance::test {
namespace {

constexpr std::size_t kFollower = 4;

std::uint64_t order(TestNetwork& network, const std::string& user) {
  const OrgId org("org-1");
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
  v1::SubmitAndWaitRequest request;
  const Bytes bundle =
      network.bundle(org, "governance", "AddUser",
                     {add_user(user, ed25519_signer(generate_seed())->public_key())});
  request.set_bundle(bundle.data(), bundle.size());
  v1::SubmitAndWaitResponse response;
  const auto stub = v1::TransactionService::NewStub(network.client(0, org));
  const grpc::Status status = stub->SubmitAndWait(&context, request, &response);
  EXPECT_TRUE(status.ok()) << status.error_message() << "\n" << network.log_of(0);
  return response.results_size() == 1 ? response.results(0).height() : 0;
}

bool reached(TestNetwork& network, std::uint64_t height, std::size_t nodes) {
  for (std::size_t i = 0; i < nodes; ++i) {
    const auto status = network.status(i);
    if (!status || status->certified_height() < height) return false;
  }
  return true;
}

bool equal_roots(TestNetwork& network) {
  const auto one = network.status(0);
  const auto other = network.status(kFollower);
  return one && other && one->certified_height() == other->certified_height() &&
         one->state_root() == other->state_root();
}

double metric(TestNetwork& network, std::size_t node, const std::string& name) {
  const std::string page = network.metrics(node);
  const auto at = page.find("\n" + name + " ");
  return at == std::string::npos ? -1 : std::atof(page.c_str() + at + name.size() + 2);
}

TEST(Snapshot, ANodeFarBehindBeginsWithOne) {
  ::setenv("USANCE_SYNC_SNAPSHOT_AFTER", "5", 1);
  TestNetwork network(4, 1);
  network.node(kFollower).dials = {0, 1, 2, 3};
  network.write_config(kFollower);
  for (std::size_t i = 0; i < 4; ++i) network.start(i);
  ASSERT_TRUE(TestNetwork::eventually([&] { return reached(network, 0, 4); })) << network.log_of(0);
  std::uint64_t height = 0;
  for (int i = 0; i < 10; ++i) height = order(network, "early" + std::to_string(i));
  ASSERT_TRUE(TestNetwork::eventually([&] { return reached(network, height, 4); }));
  // A node takes a snapshot when it starts, and offers it once eight more heights are certified.
  for (std::size_t i = 0; i < 4; ++i) network.signal(i, SIGTERM);
  for (std::size_t i = 0; i < 4; ++i) ASSERT_EQ(network.wait_exit(i), 0);
  for (std::size_t i = 0; i < 4; ++i) network.start(i);
  ASSERT_TRUE(TestNetwork::eventually([&] { return reached(network, height, 4); }));
  const std::uint64_t base = height;
  for (int i = 0; i < 10; ++i) height = order(network, "late" + std::to_string(i));

  network.start(kFollower);
  ASSERT_TRUE(TestNetwork::eventually([&] { return reached(network, height, 5); }))
      << network.log_of(kFollower);
  ASSERT_TRUE(TestNetwork::eventually([&] { return equal_roots(network); }))
      << network.log_of(kFollower);
  EXPECT_EQ(metric(network, kFollower, "usance_ledger_base_height"), static_cast<double>(base))
      << network.log_of(kFollower);
  EXPECT_GT(metric(network, kFollower, "usance_snapshot_pieces_total"), 1.0);
  EXPECT_EQ(metric(network, kFollower, "usance_snapshot_blamed_total"), 0.0);

  // It follows, also after another start.
  height = order(network, "behind");
  ASSERT_TRUE(TestNetwork::eventually([&] { return reached(network, height, 5); }));
  network.kill(kFollower);
  network.start(kFollower);
  height = order(network, "again");
  ASSERT_TRUE(TestNetwork::eventually([&] { return reached(network, height, 5); }))
      << network.log_of(kFollower);

  const auto block = [&](std::uint64_t of) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
    v1::GetBlockRequest request;
    request.set_height(of);
    v1::GetBlockResponse response;
    return v1::BlockService::NewStub(network.client(kFollower, OrgId("org-1")))
        ->GetBlock(&context, request, &response);
  };
  EXPECT_TRUE(block(base + 1).ok()) << block(base + 1).error_message();
  const grpc::Status pruned = block(base);
  EXPECT_FALSE(pruned.ok());
  EXPECT_NE(pruned.error_message().find("snapshot"), std::string::npos) << pruned.error_message();
}

}  // namespace
}  // namespace usance::test
