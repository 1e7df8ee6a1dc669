// Connections between nodes that go wrong without anybody being hostile: certificates past their
// date, and a network that splits.
#include <thread>

#include <gtest/gtest.h>

#include "base/file.h"
#include "node/files.h"
#include "test_network.h"
#include "usance/v1/admin.grpc.pb.h"
#include "usance/v1/transaction.grpc.pb.h"

namespace usance::test {
namespace {

const OrgId kOrg("org-1");
constexpr auto kPatience = std::chrono::seconds(60);

class Connections : public testing::Test {
 protected:
  // Submits in the background and waits until it is certified, or the patience ends.
  grpc::Status add(const std::string& user, std::size_t node = 0,
                   std::chrono::seconds patience = kPatience) {
    const Bytes bundle =
        network_.bundle(kOrg, "governance", "AddUser",
                        {add_user(user, ed25519_signer(generate_seed())->public_key())});
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + patience);
    v1::SubmitAndWaitRequest request;
    request.set_bundle(bundle.data(), bundle.size());
    v1::SubmitAndWaitResponse response;
    return v1::TransactionService::NewStub(network_.client(node, kOrg))
        ->SubmitAndWait(&context, request, &response);
  }
  // A certificate over the node's pinned key, for so many days from now (0: it is past at once).
  void renew(std::size_t node, unsigned days) {
    const NodeHome& home = network_.node(node);
    const auto key = home.folder / "tls" / "node.key",
               certificate = home.folder / "tls" / "node.crt";
    const auto old = x509::inspect(read_file(certificate).value()).value();
    const std::string fresh = x509::renew(network_.member(home.entry.org).authority,
                                          read_file(key).value(), old.subject, {"127.0.0.1"}, days)
                                  .value();
    ASSERT_TRUE(node::replace_text(certificate, fresh));
  }
  std::unique_ptr<v1::AdminService::Stub> admin(std::size_t node) {
    const OrgId& org = network_.node(node).entry.org;
    return v1::AdminService::NewStub(network_.channel(
        network_.node(node).admin_port,
        x509::issue(network_.member(org).authority, {org, "admin", "op"}, {}, 1).value()));
  }
  grpc::Status cut(std::size_t node, const std::vector<std::string>& others) {
    grpc::ClientContext context;
    v1::CutPeersRequest request;
    for (const std::string& name : others) request.add_nodes(name);
    v1::CutPeersResponse response;
    return admin(node)->CutPeers(&context, request, &response);
  }
  const std::string& name(std::size_t node) { return network_.node(node).entry.name; }

  TestNetwork network_;
};

TEST_F(Connections, AnExpiredCertificateWithAPinnedKeyStillVotesButServesNobody) {
  renew(2, 0);
  renew(3, 0);
  std::this_thread::sleep_for(std::chrono::milliseconds(1'100));  // whole seconds
  for (std::size_t node = 0; node < 4; ++node) network_.start(node);
  ASSERT_TRUE(TestNetwork::eventually([&] {
    const auto status = network_.status(0);
    return status && status->peers_connected() == 3;
  })) << network_.log_of(0);
  // Three of four must vote: at least one of the two is among them.
  network_.kill(1);
  ASSERT_TRUE(add("by-expired-voters").ok()) << network_.log_of(0);
  EXPECT_NE(network_.log_of(0).find("peer.certificate_expired"), std::string::npos);
  // A client does check dates.
  EXPECT_EQ(add("not-served", 3, std::chrono::seconds(3)).ok(), false);
  // A new certificate over the same key needs no restart.
  renew(3, 365);
  EXPECT_TRUE(TestNetwork::eventually(
      [&] { return add("served-again", 3, std::chrono::seconds(5)).ok(); }, 60'000))
      << network_.log_of(3);
  EXPECT_TRUE(network_.running(3));
}

TEST_F(Connections, APartitionWithoutAQuorumStopsAndHealsWithoutARestart) {
  network_.start_all();
  ASSERT_TRUE(add("before").ok());
  for (const std::size_t node : {0u, 1u}) ASSERT_TRUE(cut(node, {name(2), name(3)}).ok());
  for (const std::size_t node : {2u, 3u}) ASSERT_TRUE(cut(node, {name(0), name(1)}).ok());
  grpc::Status outcome;
  std::thread waiting([&] { outcome = add("during"); });
  EXPECT_TRUE(TestNetwork::eventually([&] {
    grpc::ClientContext context;
    v1::WhyStalledResponse why;
    return admin(0)->WhyStalled(&context, v1::WhyStalledRequest(), &why).ok() && why.stalled() &&
           !why.quorum_possible() && why.silent_size() == 2;
  }));
  for (std::size_t node = 0; node < 4; ++node) ASSERT_TRUE(cut(node, {}).ok());
  waiting.join();
  EXPECT_TRUE(outcome.ok()) << outcome.error_message();
}

TEST_F(Connections, OnlyOtherNodesCanBeCut) {
  network_.start_all();
  EXPECT_EQ(cut(0, {name(0)}).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(cut(0, {"nobody"}).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

}  // namespace
}  // namespace usance::test
