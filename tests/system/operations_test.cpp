// What an operator and a client see of a running node: health, metrics, why-stalled, the clock,
// streams that follow, a signal that reloads, and a validator that lost its vote log.
#include <csignal>
#include <fstream>

#include <grpcpp/generic/generic_stub.h>
#include <gtest/gtest.h>

#include "base/certificate.h"
#include "base/receipt.h"
#include "base/result_header.h"
#include "base/state_proof.h"
#include "proto/bytes.h"
#include "proto/status.h"
#include "test_network.h"
#include "usance/v1/audit.grpc.pb.h"
#include "usance/v1/block.grpc.pb.h"
#include "usance/v1/event.grpc.pb.h"
#include "usance/v1/governance.grpc.pb.h"
#include "usance/v1/query.grpc.pb.h"
#include "usance/v1/transaction.grpc.pb.h"

namespace usance::test {
namespace {

const OrgId kOrg("org-1");

class Operations : public testing::Test {
 protected:
  void SetUp() override { network_.start_all(); }

  Bytes users(const std::vector<std::string>& names) {
    std::vector<Bytes> arguments;
    for (const std::string& name : names)
      arguments.push_back(add_user(name, ed25519_signer(generate_seed())->public_key()));
    return network_.bundle(kOrg, "governance", "AddUser", arguments);
  }
  v1::SubmitAndWaitResponse submit(const Bytes& bundle, std::size_t node = 0) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
    v1::SubmitAndWaitRequest request;
    request.set_bundle(bundle.data(), bundle.size());
    v1::SubmitAndWaitResponse response;
    const auto status = v1::TransactionService::NewStub(network_.client(node, kOrg))
                            ->SubmitAndWait(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }
  std::unique_ptr<v1::AdminService::Stub> admin(std::size_t node, const std::string& role) {
    const OrgId& org = network_.node(node).entry.org;
    return v1::AdminService::NewStub(network_.channel(
        network_.node(node).admin_port,
        x509::issue(network_.member(org).authority, {org, role, "op"}, {}, 1).value()));
  }

  TestNetwork network_;
};

TEST_F(Operations, ABundleOfManyHasOneOutcomeEach) {
  const auto response = submit(users({"a", "b", "a"}));  // the third user exists already
  ASSERT_EQ(response.results_size(), 3);
  EXPECT_EQ(response.results(0).status(), static_cast<std::uint32_t>(ReceiptStatus::kOk));
  EXPECT_EQ(response.results(2).status(),
            static_cast<std::uint32_t>(ReceiptStatus::kContractError));
  EXPECT_EQ(response.results(1).action(), response.results(0).action() + 1);
}

TEST_F(Operations, AStreamAnswersEachBundleOnce) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
  const auto stub = v1::TransactionService::NewStub(network_.client(0, kOrg));
  const auto stream = stub->SubmitStream(&context);
  constexpr std::uint64_t kBundles = 60;
  for (std::uint64_t i = 0; i < kBundles;) {
    v1::SubmitStreamRequest request;
    for (int k = 0; k < 20; ++k, ++i) {
      auto* item = request.add_items();
      item->set_sequence(i);
      const Bytes bundle = i == 7 ? Bytes{1, 2, 3} : users({"user-" + std::to_string(i)});
      item->set_bundle(bundle.data(), bundle.size());
    }
    ASSERT_TRUE(stream->Write(request));
  }
  stream->WritesDone();
  std::map<std::uint64_t, int> seen;
  v1::SubmitStreamResponse response;
  while (stream->Read(&response)) {
    for (const auto& outcome : response.outcomes()) {
      ++seen[outcome.sequence()];
      EXPECT_EQ(outcome.has_error(), outcome.sequence() == 7);
      if (outcome.has_error())
        EXPECT_EQ(proto::read_status(outcome.error()).reason, v1::REASON_MALFORMED);
      else
        EXPECT_EQ(outcome.results(0).status(), 0u);
    }
  }
  EXPECT_TRUE(stream->Finish().ok());
  EXPECT_EQ(seen.size(), kBundles);
  for (const auto& [sequence, count] : seen) EXPECT_EQ(count, 1) << sequence;
}

TEST_F(Operations, StateIsReadAtAHeightWithProofs) {
  const std::uint64_t before = submit(users({"early"})).results(0).height();
  const std::uint64_t after = submit(users({"late"})).results(0).height();
  const auto stub = v1::QueryService::NewStub(network_.client(1, OrgId("org-2")));
  ASSERT_TRUE(
      TestNetwork::eventually([&] { return network_.status(1)->certified_height() >= after; }));
  const auto prove = [&](std::uint64_t height) {
    grpc::ClientContext context;
    v1::GetStateRequest request;
    request.set_contract("governance");
    request.set_scope("organisation/org-1");
    request.set_item("user/late");
    request.set_height(height);
    request.set_prove(true);
    v1::GetStateResponse response;
    const auto status = stub->GetState(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    const auto header =
        decode<ResultHeader>(as_bytes(response.certified().result_header())).value();
    EXPECT_EQ(header.height.value, height);
    const auto certificate =
        decode<Certificate>(as_bytes(response.certified().result_certificate())).value();
    EXPECT_EQ(certificate.content.hash, result_hash(header));
    EXPECT_TRUE(verify_certificate(network_.genesis().chain_id, network_.genesis().validators(),
                                   certificate, ed25519_verifier()));
    const StateKey key{"governance", to_bytes("organisation/org-1"), to_bytes("user/late")};
    const auto value = verify_state_proof(header.state_root, key,
                                          decode<StateProof>(as_bytes(response.proof())).value());
    EXPECT_TRUE(value);
    EXPECT_EQ(value->has_value(), response.present());
    return response.present();
  };
  EXPECT_FALSE(prove(before));
  EXPECT_TRUE(prove(after));
}

TEST_F(Operations, StreamsFollowWithoutGaps) {
  std::uint64_t last = 0;
  for (const char* name : {"one", "two", "three"}) last = submit(users({name})).results(0).height();
  grpc::ClientContext blocks_context;
  v1::StreamBlocksRequest blocks;
  blocks.set_from_height(1);
  blocks.set_to_height(last);
  const auto block_stub = v1::BlockService::NewStub(network_.client(0, kOrg));
  const auto block_stream = block_stub->StreamBlocks(&blocks_context, blocks);
  v1::BlockRecord record;
  std::uint64_t expected = 1;
  while (block_stream->Read(&record)) EXPECT_EQ(record.height(), expected++);
  EXPECT_TRUE(block_stream->Finish().ok());
  EXPECT_EQ(expected, last + 1);

  grpc::ClientContext events_context;
  events_context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
  v1::StreamEventsRequest events;
  events.set_contract("governance");
  const auto event_stub = v1::EventService::NewStub(network_.client(0, kOrg));
  const auto event_stream = event_stub->StreamEvents(&events_context, events);
  submit(users({"while-following"}));
  std::size_t seen = 0;
  v1::StreamEventsResponse response;
  while (seen < 4 && event_stream->Read(&response))
    seen += static_cast<std::size_t>(response.events_size());
  EXPECT_GE(seen, 4u);
  events_context.TryCancel();
  static_cast<void>(event_stream->Finish());
}

TEST_F(Operations, TheAdminPortIsForTheOperatorAndItsClockForDevelopment) {
  const auto advance = [&](const std::string& role, std::int64_t by) {
    grpc::ClientContext context;
    v1::AdvanceClockRequest request;
    request.set_by_ms(by);
    v1::AdvanceClockResponse response;
    return proto::read_status(admin(0, role)->AdvanceClock(&context, request, &response)).reason;
  };
  EXPECT_EQ(advance("client", 1'000), v1::REASON_NOT_PERMITTED);
  EXPECT_EQ(advance("admin", -1), v1::REASON_INVALID_ARGUMENT);
  const std::uint64_t before = network_.status(0)->time_ms();
  EXPECT_EQ(advance("admin", 86'400'000), v1::REASON_UNSPECIFIED);
  EXPECT_GE(network_.status(0)->time_ms(), before + 86'400'000);
}

TEST_F(Operations, WithoutAQuorumWhyStalledNamesTheNodesToStart) {
  network_.kill(2);
  network_.kill(3);
  v1::WhyStalledResponse response;
  EXPECT_TRUE(TestNetwork::eventually([&] {
    grpc::ClientContext context;
    const auto status = admin(0, "admin")->WhyStalled(&context, {}, &response);
    // A node that has only just begun has not heard from those that are up either.
    return status.ok() && !response.quorum_possible() && response.start_size() == 2;
  })) << response.summary();
  EXPECT_TRUE(response.stalled());
  EXPECT_EQ(response.start(0), "node-3");
  EXPECT_EQ(response.start(1), "node-4");
}

TEST_F(Operations, MetricsShowWhatAlertsAskFor) {
  submit(users({"x"}));
  const std::string page = network_.metrics(0);
  for (const char* name :
       {"usance_consensus_height", "usance_consensus_view_changes_total",
        "usance_consensus_missing_validators", "usance_mempool_size",
        "usance_execution_seconds_count", "usance_disk_free_bytes", "usance_build_info",
        "usance_cert_not_after_timestamp_seconds", "usance_state_root_mismatch_total"})
    EXPECT_NE(page.find(name), std::string::npos) << name;
}

TEST_F(Operations, ASignalReloadsLoggingAndNamesWhatNeedsARestart) {
  network_.node(0).dials.clear();
  network_.write_config(0);
  network_.signal(0, SIGHUP);
  EXPECT_TRUE(TestNetwork::eventually([&] {
    const std::string log = network_.log_of(0);
    return log.find("config.reload") != std::string::npos &&
           log.find("config.restart_needed") != std::string::npos;
  })) << network_.log_of(0);
  EXPECT_NE(network_.log_of(0).find("keys=peers"), std::string::npos) << network_.log_of(0);
  submit(users({"still-there"}));
}

TEST_F(Operations, AValidatorWithoutItsVoteLogFollowsAndDoesNotVote) {
  network_.kill(2);  // three of four are needed: others counted its votes, and will say so
  submit(users({"with-its-vote"}));
  network_.start(2);
  network_.kill(3);
  ASSERT_TRUE(std::filesystem::remove(network_.node(3).folder / "data" / "votes.log"));
  network_.start(3);
  ASSERT_TRUE(TestNetwork::eventually([&] {
    const auto status = network_.status(3);
    return status && status->amnesiac();
  })) << network_.log_of(3);
  const auto height = submit(users({"after"})).results(0).height();
  EXPECT_TRUE(
      TestNetwork::eventually([&] { return network_.status(3)->certified_height() >= height; }));
}

TEST_F(Operations, AValidatorThatLostItsLedgerFetchesItAndVotesAgain) {
  submit(users({"before"}));
  network_.kill(3);
  ASSERT_GT(std::filesystem::remove_all(network_.node(3).folder / "data" / "ledger"), 0u);
  network_.start(3);
  const auto height = submit(users({"after"})).results(0).height();
  ASSERT_TRUE(TestNetwork::eventually([&] {
    const auto status = network_.status(3);
    return status && status->certified_height() >= height;
  })) << network_.log_of(3);
  EXPECT_FALSE(network_.status(3)->amnesiac());
  network_.kill(2);  // three of four are needed: it is one of them
  submit(users({"with-its-vote"}));
}

}  // namespace
}  // namespace usance::test
