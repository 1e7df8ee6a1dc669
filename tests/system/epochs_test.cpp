// Validators added, re-keyed and removed by votes on a running network of daemons.
#include <fstream>

#include <gtest/gtest.h>

#include "base/hash.h"
#include "base/key_file.h"
#include "base/receipt.h"
#include "contracts/sdk/wire.h"
#include "system/governance.usance.h"
#include "test_network.h"
#include "usance/v1/transaction.grpc.pb.h"

namespace usance::test {
namespace {

namespace gov = governance::v1;

class Epochs : public testing::Test {
 protected:
  Epochs() : network_(4, 1) {
    // Every node dials every other one; the follower is number 4, of the organisation "auditor".
    for (std::size_t i = 0; i < network_.size(); ++i) {
      network_.node(i).dials.clear();
      for (std::size_t k = 0; k < network_.size(); ++k)
        if (k != i) network_.node(i).dials.push_back(k);
      network_.write_config(i);
    }
  }
  void SetUp() override { network_.start_all(); }

  Receipt call(std::size_t node, const OrgId& org, const std::string& method,
               const Bytes& request) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(60));
    v1::SubmitAndWaitRequest submit;
    const Bytes bundle = network_.bundle(org, "governance", method, {request});
    submit.set_bundle(bundle.data(), bundle.size());
    v1::SubmitAndWaitResponse response;
    const auto status = v1::TransactionService::NewStub(network_.client(node, org))
                            ->SubmitAndWait(&context, submit, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    if (response.results_size() != 1) return {};
    return decode<Receipt>(as_bytes(response.results(0).receipt())).value_or(Receipt{});
  }
  // Proposed and voted for by four of the five organisations, through a node that lives.
  void decide(std::size_t node, const std::string& method, const Bytes& request) {
    const Receipt proposed = call(node, OrgId("org-1"), method, request);
    ASSERT_EQ(proposed.status, ReceiptStatus::kOk) << proposed.code << " " << proposed.detail;
    const auto decision = contract::from_wire<gov::Decision>(proposed.result).value.value();
    gov::Decision last;
    for (const char* org : {"org-2", "org-3", "org-4"}) {
      const Receipt vote = call(node, OrgId(org), "Vote",
                                contract::to_wire(gov::VoteRequest{decision.proposal, true}));
      ASSERT_EQ(vote.status, ReceiptStatus::kOk) << vote.code << " " << vote.detail;
      last = contract::from_wire<gov::Decision>(vote.result).value.value();
    }
    EXPECT_EQ(last.state, gov::ProposalState::kAccepted);
  }
  v1::GetReadinessResponse readiness(std::size_t node) {
    const OrgId& org = network_.node(node).entry.org;
    const auto stub = v1::AdminService::NewStub(network_.channel(
        network_.node(node).admin_port,
        x509::issue(network_.member(org).authority, {org, "admin", "op"}, {}, 1).value()));
    grpc::ClientContext context;
    v1::GetReadinessResponse response;
    const auto status = stub->GetReadiness(&context, {}, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }
  static Bytes bytes(const std::string& raw) { return {raw.begin(), raw.end()}; }
  static gov::Readiness statement(const v1::GetReadinessResponse& ready,
                                  const v1::SignedReadiness& by) {
    return {ready.height(), bytes(ready.result_hash()), bytes(by.signature())};
  }
  bool all_in(std::uint64_t epoch) {
    return TestNetwork::eventually([&] {
      for (std::size_t i = 0; i < network_.size(); ++i) {
        const auto status = network_.status(i);
        if (!status || status->epoch() != epoch) return false;
      }
      return true;
    });
  }
  bool votes(std::size_t node) {
    return TestNetwork::eventually([&] {
      const auto status = network_.status(node);
      return status && status->voting();
    });
  }
  void expect_alive(std::size_t node) {
    const OrgId& org = network_.node(node).entry.org;
    EXPECT_EQ(call(node, org, "AddUser",
                   add_user("user-" + std::to_string(++users_),
                            ed25519_signer(generate_seed())->public_key()))
                  .status,
              ReceiptStatus::kOk);
  }

  TestNetwork network_;
  int users_ = 0;
};

TEST_F(Epochs, AFollowerJoinsAKeyIsReplacedAndAValidatorLeaves) {
  expect_alive(0);
  ASSERT_TRUE(TestNetwork::eventually([&] {
    const auto status = network_.status(4);
    return status && status->certified_height() > 0 && !status->catching_up();
  }));
  const auto ready = readiness(4);
  decide(0, "ProposeValidator",
         contract::to_wire(gov::NewValidator{ready.node(), statement(ready, ready.current())}));
  ASSERT_TRUE(all_in(1)) << network_.log_of(4);
  ASSERT_TRUE(votes(4)) << network_.log_of(4);
  network_.kill(0);  // the leader: four of five go on, with the new one's votes
  expect_alive(4);
  network_.start(0);
  ASSERT_TRUE(votes(0)) << network_.log_of(0);

  // The fourth loses its vote log, and votes again with another key.
  NodeHome& fourth = network_.node(3);
  network_.kill(3);
  ASSERT_TRUE(std::filesystem::remove(fourth.folder / "data" / "votes.log"));
  ASSERT_TRUE(create_key_file((fourth.folder / "keys" / "consensus-next.key").string(),
                              generate_seed(), "The next consensus key of a test"));
  network_.start(3);
  ASSERT_TRUE(TestNetwork::eventually([&] {
    const auto status = network_.status(3);
    return status && status->amnesiac() && !status->catching_up();
  })) << network_.log_of(3);
  const auto again = readiness(3);
  ASSERT_TRUE(again.has_next());
  gov::NodeTerms terms{fourth.entry.id, fourth.entry.name, fourth.entry.org.value,
                       bytes(again.next().consensus_key()),
                       Bytes(fourth.entry.tls_key.bytes.begin(), fourth.entry.tls_key.bytes.end())};
  decide(0, "ProposeNodeChange",
         contract::to_wire(gov::NodeChange{terms, statement(again, again.next())}));
  ASSERT_TRUE(all_in(2)) << network_.log_of(3);
  ASSERT_TRUE(votes(3)) << network_.log_of(3);
  EXPECT_FALSE(network_.status(3)->amnesiac());
  network_.kill(2);  // so that its vote is needed
  expect_alive(0);
  network_.start(2);
  ASSERT_TRUE(votes(2)) << network_.log_of(2);

  // The first leaves, and follows from then on.
  decide(1, "ProposeValidatorRemoval", contract::to_wire(gov::NodeId{network_.node(0).entry.id}));
  ASSERT_TRUE(all_in(3)) << network_.log_of(0);
  EXPECT_FALSE(network_.status(0)->validator());
  expect_alive(0);
  network_.kill(1);  // one of the four that are left
  expect_alive(4);
}

}  // namespace
}  // namespace usance::test
