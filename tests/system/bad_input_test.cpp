// What strangers, careless operators and faulty peers do to a node: each gets a typed error, and
// the node goes on.
#include <csignal>
#include <fstream>

#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>

#include "base/codec.h"
#include "consensus/messages.h"
#include "peer_by_hand.h"
#include "proto/bytes.h"
#include "proto/status.h"
#include "test_network.h"
#include "usance/v1/query.grpc.pb.h"
#include "usance/v1/transaction.grpc.pb.h"

namespace usance::test {
namespace {

const OrgId kOrg("org-1");

class BadInput : public testing::Test {
 protected:
  void SetUp() override { network_.start_all(); }
  void TearDown() override {
    // Whatever was tried, all four are alive and the network still certifies.
    const auto done = submit(good_bundle("after"), 1);
    EXPECT_TRUE(done.ok()) << done.error_message();
    for (std::size_t i = 0; i < network_.size(); ++i) EXPECT_TRUE(network_.running(i));
  }

  Bytes good_bundle(const std::string& name) {
    return network_.bundle(kOrg, "governance", "AddUser",
                           {add_user(name, ed25519_signer(generate_seed())->public_key())});
  }
  grpc::Status submit(const Bytes& bundle, std::size_t node = 0, const std::string& role = "client",
                      const OrgId& org = kOrg) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    v1::SubmitAndWaitRequest request;
    request.set_bundle(bundle.data(), bundle.size());
    response_.Clear();
    return v1::TransactionService::NewStub(network_.client(node, org, role))
        ->SubmitAndWait(&context, request, &response_);
  }
  v1::Reason reason(const grpc::Status& status) { return proto::read_status(status).reason; }

  TestNetwork network_;
  v1::SubmitAndWaitResponse response_;
};

TEST_F(BadInput, MalformedOversizedAndWronglySignedBundles) {
  EXPECT_EQ(reason(submit({})), v1::REASON_MALFORMED);
  EXPECT_EQ(reason(submit(Bytes(1'000, 0xab))), v1::REASON_MALFORMED);
  Bytes trailing = good_bundle("x");
  trailing.push_back(0);
  EXPECT_EQ(reason(submit(trailing)), v1::REASON_MALFORMED);
  Bytes flipped = good_bundle("x");
  flipped.back() ^= 1;
  EXPECT_EQ(reason(submit(flipped)), v1::REASON_BAD_SIGNATURE);
  const auto large = submit(Bytes(300 * 1024, 1));
  EXPECT_FALSE(large.ok());
  EXPECT_EQ(large.error_code(), grpc::INVALID_ARGUMENT) << large.error_message();
}

TEST_F(BadInput, ReplayedAndExpiredBundles) {
  const Bytes bundle = good_bundle("once");
  ASSERT_TRUE(submit(bundle).ok());
  const auto first = response_.results(0);
  // Again, here and elsewhere: the same outcome, executed once.
  ASSERT_TRUE(submit(bundle).ok());
  EXPECT_EQ(response_.results(0).height(), first.height());
  EXPECT_EQ(response_.results(0).tx_id(), first.tx_id());

  auto expired = decode<Bundle>(bundle).value().transactions;
  expired[0].nonce.bytes[0] ^= 1;
  expired[0].valid_until_time = TimeMs(1);
  const Bytes late =
      encode(sign_bundle(network_.genesis().chain_id, expired, *network_.member(kOrg).admin));
  EXPECT_EQ(reason(submit(late)), v1::REASON_EXPIRED);
}

TEST_F(BadInput, UnknownKeysRolesAndForeignOrganisations) {
  auto stolen = decode<Bundle>(good_bundle("x")).value().transactions;
  const auto unknown = ed25519_signer(generate_seed());
  stolen[0].user_key = unknown->public_key();
  const Bytes bundle = encode(sign_bundle(network_.genesis().chain_id, stolen, *unknown));
  EXPECT_EQ(reason(submit(bundle)), v1::REASON_UNKNOWN_KEY);
  EXPECT_EQ(reason(submit(good_bundle("x"), 0, "auditor")), v1::REASON_NOT_PERMITTED);
  EXPECT_EQ(reason(submit(good_bundle("x"), 0, "node")), v1::REASON_NOT_PERMITTED);
  EXPECT_EQ(reason(submit(good_bundle("x"), 0, "client", OrgId("org-2"))),
            v1::REASON_NOT_PERMITTED);
  // A certificate that one member issues in another's name.
  const auto forged =
      x509::issue(network_.member(OrgId("org-2")).authority, {kOrg, "client", "impostor"}, {}, 1)
          .value();
  const auto channel = network_.channel(network_.node(0).clients_port, forged);
  grpc::ClientContext context;
  v1::SubmitRequest request;
  const Bytes good = good_bundle("x");
  request.set_bundle(good.data(), good.size());
  v1::SubmitResponse response;
  EXPECT_EQ(reason(v1::TransactionService::NewStub(channel)->Submit(&context, request, &response)),
            v1::REASON_NOT_PERMITTED);
}

TEST_F(BadInput, UnknownContractsMethodsAndArgumentsEndInReceipts) {
  const auto status_of = [&](const std::string& contract, const std::string& method,
                             const Bytes& arguments) {
    const auto status = submit(network_.bundle(kOrg, contract, method, {arguments}));
    EXPECT_TRUE(status.ok()) << status.error_message();
    return std::pair(response_.results(0).status(), response_.results(0).code());
  };
  const auto rejected = [](RejectCode code) {
    return std::pair(static_cast<std::uint32_t>(ReceiptStatus::kRejected),
                     static_cast<std::uint32_t>(code));
  };
  EXPECT_EQ(status_of("nowhere", "Do", {}), rejected(RejectCode::kUnknownContract));
  EXPECT_EQ(status_of("governance", "Nothing", {}), rejected(RejectCode::kUnknownMethod));
  EXPECT_EQ(status_of("governance", "AddUser", {0xff, 0xff}), rejected(RejectCode::kBadArguments));
}

// Otherwise a message of empty items, two bytes each, would have millions of outcomes.
TEST_F(BadInput, AStreamsMessageWithMoreBundlesThanTheWindow) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
  const auto stub = v1::TransactionService::NewStub(network_.client(0, kOrg));
  const auto stream = stub->SubmitStream(&context);
  v1::SubmitStreamRequest request;
  const auto send_items = [&](std::size_t count) {
    request.Clear();
    for (std::size_t i = 0; i < count; ++i) request.add_items();
    ASSERT_TRUE(stream->Write(request));
  };
  // As many as the window, and their outcomes, are nothing unusual.
  send_items(2'000);
  v1::SubmitStreamResponse response;
  std::size_t outcomes = 0;
  while (outcomes < 2'000 && stream->Read(&response))
    outcomes += static_cast<std::size_t>(response.outcomes_size());
  EXPECT_EQ(outcomes, 2'000u);
  send_items(2'001);
  EXPECT_FALSE(stream->Read(&response));
  const auto status = stream->Finish();
  EXPECT_EQ(reason(status), v1::REASON_TOO_LARGE) << status.error_message();
}

TEST_F(BadInput, QueriesOutOfRange) {
  const auto stub = v1::QueryService::NewStub(network_.client(0, kOrg));
  const auto get = [&](auto change) {
    grpc::ClientContext context;
    v1::GetStateRequest request;
    request.set_contract("governance");
    change(request);
    v1::GetStateResponse response;
    return reason(stub->GetState(&context, request, &response));
  };
  EXPECT_EQ(get([](auto& r) { r.set_height(1'000'000); }), v1::REASON_NOT_YET);
  EXPECT_EQ(get([](auto& r) { r.set_contract("No Such Name"); }), v1::REASON_INVALID_ARGUMENT);
  EXPECT_EQ(get([](auto& r) { r.set_scope(std::string(257, 'x')); }), v1::REASON_TOO_LARGE);
  grpc::ClientContext context;
  v1::ListKeysRequest list;
  list.set_contract("governance");
  list.set_page_token("garbage");
  v1::ListKeysResponse response;
  EXPECT_EQ(reason(stub->ListKeys(&context, list, &response)), v1::REASON_INVALID_ARGUMENT);
}

TEST_F(BadInput, PeersWithForeignCertificatesAndGarbage) {
  // Of a member, but no node's.
  const auto client =
      x509::issue(network_.member(kOrg).authority, {kOrg, "node", "fake"}, {}, 1).value();
  PeerByHand stranger(network_, client);
  EXPECT_EQ(reason(stranger.finish()), v1::REASON_NOT_PERMITTED);

  // Of no member at all: TLS does not come about.
  const auto outsider_ca = x509::make_authority({OrgId("evil"), "", "evil"}, 10).value();
  PeerByHand outsider(network_,
                      x509::issue(outsider_ca, {OrgId("evil"), "node", "n"}, {}, 1).value());
  EXPECT_FALSE(outsider.finish().ok());

  // A node's own certificate without its consensus key.
  PeerByHand thief(network_, PeerByHand::certificate_of(network_, 3));
  ASSERT_TRUE(thief.introduce(3, *ed25519_signer(generate_seed())));
  const grpc::Status caught = thief.finish();
  EXPECT_EQ(reason(caught), v1::REASON_NOT_PERMITTED) << caught.error_message();

  // Messages before authentication.
  PeerByHand rude(network_, PeerByHand::certificate_of(network_, 3));
  v1::PeerFrames early;
  early.add_messages("garbage");
  rude.write(early);
  EXPECT_FALSE(rude.finish().ok());
}

TEST_F(BadInput, GarbageFromAnAuthenticatedPeerDropsThatPeerOnly) {
  // Node 4 is stopped, and a liar with all its keys takes its place at node 1.
  network_.kill(3);
  PeerByHand liar(network_, PeerByHand::certificate_of(network_, 3));
  ASSERT_TRUE(liar.introduce(3, *PeerByHand::signer_of(network_, 3)));
  v1::PeerFrames frames;
  ASSERT_TRUE(liar.read(frames));
  EXPECT_TRUE(frames.has_hello());
  v1::PeerFrames garbage;
  garbage.add_messages(std::string(10'000, '\x7f'));
  liar.write(garbage);
  EXPECT_FALSE(liar.finish().ok());
  ASSERT_TRUE(submit(good_bundle("meanwhile")).ok());
  network_.start(3);
  EXPECT_TRUE(TestNetwork::eventually([&] { return network_.status(3).has_value(); }));
}

TEST_F(BadInput, CarelessOperators) {
  const auto output_of_start = [&](std::size_t node) {
    std::filesystem::remove(network_.node(node).folder / "usanced.log");
    network_.start(node);
    const int code = network_.wait_exit(node);
    return std::pair(code, network_.log_of(node));
  };
  ASSERT_TRUE(submit(good_bundle("before")).ok());
  ASSERT_TRUE(TestNetwork::eventually([&] { return network_.status(3)->certified_height() > 0; }));
  network_.kill(3);

  network_.write_config(3, "[log]\n");  // a section twice
  EXPECT_EQ(output_of_start(3).first, 2);
  network_.write_config(3, "\n[lgo]\nlevel = \"info\"\n");
  auto [code, text] = output_of_start(3);
  EXPECT_EQ(code, 2);
  EXPECT_NE(text.find("did you mean 'log.level'"), std::string::npos) << text;
  network_.write_config(3);

  // A busy port.
  const auto port = std::exchange(network_.node(3).clients_port, network_.node(0).clients_port);
  network_.write_config(3);
  std::tie(code, text) = output_of_start(3);
  EXPECT_EQ(code, 1);
  EXPECT_NE(text.find("cannot listen on"), std::string::npos) << text;
  network_.node(3).clients_port = port;
  network_.write_config(3);

  // A key that others may read.
  const auto key = network_.node(3).folder / "tls" / "node.key";
  std::filesystem::permissions(key, std::filesystem::perms(0644));
  std::tie(code, text) = output_of_start(3);
  EXPECT_EQ(code, 1);
  EXPECT_NE(text.find("chmod 600"), std::string::npos) << text;
  std::filesystem::permissions(key, std::filesystem::perms(0600));

  // The data of another network.
  const auto genesis = network_.node(3).folder / "genesis.json";
  const auto kept = network_.folder() / "kept.json";
  std::filesystem::copy_file(genesis, kept);
  Genesis other = network_.genesis();
  other.network = "another";
  std::ofstream(genesis) << write_genesis(other);
  std::tie(code, text) = output_of_start(3);
  EXPECT_EQ(code, 1);
  EXPECT_NE(text.find("data directory"), std::string::npos) << text;
  std::filesystem::remove(genesis);
  std::filesystem::copy_file(kept, genesis);

  // A damaged ledger, and then what the error says to do.
  const auto data = network_.node(3).folder / "data";
  std::ofstream(data / "ledger" / "CURRENT") << "garbage";
  std::tie(code, text) = output_of_start(3);
  EXPECT_EQ(code, 1);
  EXPECT_NE(text.find("the node fetches the ledger from its peers"), std::string::npos) << text;
  std::filesystem::rename(data / "ledger", data / "damaged");

  // A damaged vote log.
  const auto votes = data / "votes.log";
  std::filesystem::copy_file(votes, data / "votes.kept");
  std::fstream(votes, std::ios::in | std::ios::out | std::ios::binary) << "garbage";
  std::tie(code, text) = output_of_start(3);
  EXPECT_EQ(code, 1);
  EXPECT_NE(text.find("does not begin as a vote log"), std::string::npos) << text;
  EXPECT_NE(text.find("move it away"), std::string::npos) << text;
  std::filesystem::rename(data / "votes.kept", votes);

  network_.start(3);
  EXPECT_TRUE(TestNetwork::eventually([&] {
    const auto status = network_.status(3);
    return status && status->certified_height() > 0 && !status->amnesiac();
  })) << network_.log_of(3);
}

}  // namespace
}  // namespace usance::test
