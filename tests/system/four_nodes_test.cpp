// Four daemons on loopback: calls are certified on all of them, and one that was killed comes back.
#include <csignal>

#include <gtest/gtest.h>

#include "base/certificate.h"
#include "base/result_header.h"
#include "test_network.h"
#include "usance/v1/transaction.grpc.pb.h"

namespace usance::test {
namespace {

v1::SubmitAndWaitResponse submit(TestNetwork& network, std::size_t node, const OrgId& org,
                                 const Bytes& bundle) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
  v1::SubmitAndWaitRequest request;
  request.set_bundle(bundle.data(), bundle.size());
  request.set_with_certificate(true);
  v1::SubmitAndWaitResponse response;
  const auto stub = v1::TransactionService::NewStub(network.client(node, org));
  const grpc::Status status = stub->SubmitAndWait(&context, request, &response);
  EXPECT_TRUE(status.ok()) << status.error_message() << "\n" << network.log_of(node);
  return response;
}

Bytes new_user(TestNetwork& network, const OrgId& org, const std::string& name) {
  return network.bundle(org, "governance", "AddUser",
                        {add_user(name, ed25519_signer(generate_seed())->public_key())});
}

void expect_one_ok(const v1::SubmitAndWaitResponse& response) {
  ASSERT_EQ(response.results_size(), 1);
  const auto receipt = decode<Receipt>(as_bytes(response.results(0).receipt()));
  ASSERT_TRUE(receipt);
  EXPECT_EQ(receipt->status, ReceiptStatus::kOk)
      << to_string(receipt->status) << " " << receipt->code << " " << receipt->detail;
}

bool agree(TestNetwork& network, std::uint64_t height) {
  std::optional<std::string> root;
  for (std::size_t i = 0; i < network.size(); ++i) {
    const auto status = network.status(i);
    if (!status || status->certified_height() < height) return false;
    if (root && *root != status->state_root()) return false;
    root = status->state_root();
  }
  return true;
}

TEST(FourNodes, CertifyACallOnEveryNode) {
  TestNetwork network;
  network.start_all();
  const OrgId org("org-2");
  const auto response = submit(network, 1, org, new_user(network, org, "amina"));
  expect_one_ok(response);
  const auto header = decode<ResultHeader>(as_bytes(response.certified().result_header()));
  const auto certificate = decode<Certificate>(as_bytes(response.certified().result_certificate()));
  ASSERT_TRUE(header && certificate);
  EXPECT_EQ(certificate->content.hash, result_hash(*header));
  EXPECT_TRUE(verify_certificate(network.genesis().chain_id, network.genesis().validators(),
                                 *certificate, ed25519_verifier()));
  EXPECT_TRUE(TestNetwork::eventually([&] { return agree(network, header->height.value); }));
}

TEST(FourNodes, GoOnWhileOneIsDownAndItCatchesUp) {
  TestNetwork network;
  network.start_all();
  const OrgId org("org-1");
  expect_one_ok(submit(network, 0, org, new_user(network, org, "before")));
  network.kill(3);
  std::uint64_t height = 0;
  for (int i = 0; i < 12; ++i) {
    const auto response = submit(network, 0, org, new_user(network, org, "u" + std::to_string(i)));
    expect_one_ok(response);
    height = response.results(0).height();
  }
  network.start(3);
  EXPECT_TRUE(TestNetwork::eventually([&] { return agree(network, height); })) << network.log_of(3);
  // It serves and takes part again.
  expect_one_ok(submit(network, 3, OrgId("org-4"), new_user(network, OrgId("org-4"), "back")));
}

TEST(FourNodes, StopCleanlyOnSigterm) {
  TestNetwork network;
  network.start_all();
  for (std::size_t i = 0; i < network.size(); ++i) network.signal(i, SIGTERM);
  for (std::size_t i = 0; i < network.size(); ++i)
    EXPECT_EQ(network.wait_exit(i), 0) << network.log_of(i);
}

TEST(Follower, LivesFromOnePeerThatDoesNotLead) {
  TestNetwork network(4, 1);
  network.start_all();
  const OrgId org("org-1");
  std::uint64_t height = 0;
  for (int i = 0; i < 3; ++i) {
    const auto response = submit(network, 0, org, new_user(network, org, "u" + std::to_string(i)));
    expect_one_ok(response);
    height = response.results(0).height();
  }
  EXPECT_TRUE(TestNetwork::eventually([&] { return agree(network, height); })) << network.log_of(4);
  // What its own clients submit reaches the validators through that peer.
  expect_one_ok(submit(network, 4, OrgId("auditor"), new_user(network, OrgId("auditor"), "x")));
}

}  // namespace
}  // namespace usance::test
