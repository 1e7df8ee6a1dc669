// Damaged bytes in a node's ledger: the query that meets them gets a typed error, the operator an
// alarm, and the node goes on.
#include <csignal>

#include <gmock/gmock.h>

#include "storage/database.h"
#include "storage/keys.h"
#include "system/governance.usance.h"
#include "test_network.h"
#include "usance/v1/block.grpc.pb.h"
#include "usance/v1/query.grpc.pb.h"
#include "usance/v1/transaction.grpc.pb.h"

namespace usance::test {
namespace {

using storage::Family;
using testing::HasSubstr;

constexpr std::size_t kDamaged = 3;

class DamagedLedger : public testing::Test {
 protected:
  // Where a user was added, by a transaction that alone is in its block.
  Height add(const std::string& name) {
    const OrgId org("org-1");
    const Bytes bundle =
        network_.bundle(org, "governance", "AddUser",
                        {add_user(name, ed25519_signer(generate_seed())->public_key())});
    v1::SubmitAndWaitRequest request;
    request.set_bundle(bundle.data(), bundle.size());
    v1::SubmitAndWaitResponse response;
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
    const auto stub = v1::TransactionService::NewStub(network_.client(0, org));
    const grpc::Status status = stub->SubmitAndWait(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response.results_size() == 1 ? Height(response.results(0).height()) : Height(0);
  }
  // Flips a bit in everything that a stopped node keeps of a height in a family, under keys that
  // end in `part`.
  void damage(Family family, Height height, const std::string& part = "") {
    auto database =
        storage::Database::open(network_.node(kDamaged).folder / "data" / "ledger", {}).value();
    storage::Batch batch(*database);
    int damaged = 0;
    {
      const storage::Cursor at = database->cursor(family);
      const std::string prefix = storage::keys::height(height);
      for (at->Seek(prefix); at->Valid() && at->key().starts_with(prefix); at->Next()) {
        if (!at->key().ends_with(part)) continue;
        ++damaged;
        std::string value = at->value().ToString();
        value.back() = static_cast<char>(value.back() ^ 1);
        batch.put(family, at->key().ToString(), value);
      }
    }
    ASSERT_GT(damaged, 0);
    ASSERT_TRUE(database->write(batch, true));
  }
  grpc::Status user_at(std::size_t node, const std::string& name, Height height, bool& present) {
    v1::GetStateRequest request;
    request.set_contract("governance");
    request.set_scope("organisation/org-1");
    request.set_item("user/" + name);
    request.set_height(height.value);
    v1::GetStateResponse response;
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
    const auto stub = v1::QueryService::NewStub(network_.client(node, OrgId("org-1")));
    const grpc::Status status = stub->GetState(&context, request, &response);
    present = response.present();
    return status;
  }
  grpc::Status block_at(std::size_t node, Height height) {
    v1::GetBlockRequest request;
    request.set_height(height.value);
    v1::GetBlockResponse response;
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
    const auto stub = v1::BlockService::NewStub(network_.client(node, OrgId("org-1")));
    return stub->GetBlock(&context, request, &response);
  }
  bool has(std::size_t node, Height height) {
    const auto status = network_.status(node);
    return status && status->certified_height() >= height.value;
  }

  TestNetwork network_;
};

TEST_F(DamagedLedger, AnOldBlockIsAnErrorOfTheQueryAndNotTheNodesEnd) {
  network_.start_all();
  const Height old = add("amina");
  const Height middle = add("brian");
  const Height newer = add("carol");
  ASSERT_LT(middle, newer);
  ASSERT_TRUE(TestNetwork::eventually([&] { return has(kDamaged, newer); }));
  network_.signal(kDamaged, SIGTERM);
  ASSERT_EQ(network_.wait_exit(kDamaged), 0);
  damage(Family::kObjects, old);
  damage(Family::kBlocks, old, std::string(1, static_cast<char>(storage::keys::BlockPart::kBody)));
  network_.start(kDamaged);
  ASSERT_TRUE(TestNetwork::eventually([&] { return has(kDamaged, newer); }))
      << network_.log_of(kDamaged);

  bool present = false;
  const grpc::Status state = user_at(kDamaged, "amina", old, present);
  EXPECT_EQ(state.error_code(), grpc::StatusCode::DATA_LOSS) << state.error_message();
  EXPECT_THAT(state.error_message(), HasSubstr("ask another node"));
  const grpc::Status block = block_at(kDamaged, old);
  EXPECT_EQ(block.error_code(), grpc::StatusCode::DATA_LOSS) << block.error_message();

  ASSERT_TRUE(network_.running(kDamaged)) << network_.log_of(kDamaged);
  EXPECT_TRUE(user_at(kDamaged, "amina", newer, present).ok());
  EXPECT_TRUE(present);
  EXPECT_TRUE(user_at(0, "amina", old, present).ok()) << "another node has it";
  EXPECT_TRUE(present);
  EXPECT_THAT(network_.log_of(kDamaged), HasSubstr("store.damaged"));
  EXPECT_THAT(network_.metrics(kDamaged), HasSubstr("usance_db_damaged_reads_total 2"));
  const Height last = add("chidi");
  EXPECT_TRUE(TestNetwork::eventually([&] { return has(kDamaged, last); }))
      << network_.log_of(kDamaged);
}

}  // namespace
}  // namespace usance::test
