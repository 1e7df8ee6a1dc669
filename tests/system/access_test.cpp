// How much one member may ask of a node, and the node's record of who asked for what.
#include <csignal>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>

#include "proto/status.h"
#include "test_network.h"
#include "usance/v1/audit.grpc.pb.h"
#include "usance/v1/query.grpc.pb.h"
#include "usance/v1/transaction.grpc.pb.h"

namespace usance::test {
namespace {

using testing::HasSubstr;

class AccessTest : public testing::Test {
 protected:
  void SetUp() override { network_.start_all(); }

  static void set_deadline(grpc::ClientContext& context) {
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
  }
  // Changes a setting of node 0 and has it take it up.
  void reload(const std::string& from, const std::string& to) {
    const auto file = network_.node(0).folder / "usanced.toml";
    std::stringstream in;
    in << std::ifstream(file).rdbuf();
    std::string text = in.str();
    const std::size_t at = text.find(from);
    ASSERT_NE(at, std::string::npos) << text;
    std::ofstream(file) << text.replace(at, from.size(), to);
    network_.signal(0, SIGHUP);
    ASSERT_TRUE(TestNetwork::eventually(
        [&] { return network_.log_of(0).find("config.reload") != std::string::npos; }));
    EXPECT_THAT(network_.log_of(0), Not(HasSubstr("config.restart_needed")));
  }
  // The reason of each of `count` queries, one after the other.
  std::vector<proto::ApiError> ask(const OrgId& org, int count, const std::string& scope = "x") {
    const auto stub = v1::QueryService::NewStub(network_.client(0, org));
    std::vector<proto::ApiError> out;
    for (int i = 0; i < count; ++i) {
      v1::GetStateRequest request;
      request.set_contract("governance");
      request.set_scope(scope);
      request.set_item("y");
      v1::GetStateResponse response;
      grpc::ClientContext context;
      set_deadline(context);
      const grpc::Status status = stub->GetState(&context, request, &response);
      out.push_back(status.ok() ? proto::ApiError(v1::REASON_UNSPECIFIED, "")
                                : proto::read_status(status));
    }
    return out;
  }
  grpc::Status submit(const OrgId& org, const std::string& user) {
    const Bytes bundle =
        network_.bundle(org, "governance", "AddUser",
                        {add_user(user, ed25519_signer(generate_seed())->public_key())});
    v1::SubmitAndWaitRequest request;
    request.set_bundle(bundle.data(), bundle.size());
    v1::SubmitAndWaitResponse response;
    grpc::ClientContext context;
    set_deadline(context);
    return v1::TransactionService::NewStub(network_.client(0, org))
        ->SubmitAndWait(&context, request, &response);
  }
  grpc::Status access(const OrgId& caller, const std::string& role, const std::string& of,
                      v1::AccessLogResponse& response) {
    v1::AccessLogRequest request;
    request.set_organisation(of);
    request.set_limit(1'000);
    grpc::ClientContext context;
    set_deadline(context);
    return v1::AuditService::NewStub(network_.client(0, caller, role))
        ->AccessLog(&context, request, &response);
  }

  TestNetwork network_;
  const OrgId own_{"org-1"}, other_{"org-2"};
};

int refused(const std::vector<proto::ApiError>& answers) {
  int count = 0;
  for (const proto::ApiError& one : answers) {
    if (one.reason == v1::REASON_UNSPECIFIED) continue;
    EXPECT_EQ(one.reason, v1::REASON_QUOTA) << one.message;
    EXPECT_TRUE(one.retry_after && one.retry_after->count() > 0);
    ++count;
  }
  return count;
}

TEST_F(AccessTest, AMemberThatAsksTooMuchIsToldWhenToComeBackAndSlowsNobodyElse) {
  EXPECT_EQ(refused(ask(own_, 60)), 0);
  reload("org_queries_per_second = 1000", "org_queries_per_second = 1");
  EXPECT_GT(refused(ask(own_, 60)), 0);
  EXPECT_EQ(refused(ask(other_, 1)), 0);
  EXPECT_TRUE(submit(own_, "still-submits").ok());
}

TEST_F(AccessTest, SubmissionsHaveARateOfTheirOwn) {
  reload("org_submissions_per_second = 20000", "org_submissions_per_second = 1");
  int late = 0;
  for (int i = 0; i < 20 && late == 0; ++i) {
    const grpc::Status status = submit(own_, "user-" + std::to_string(i));
    if (status.ok()) continue;
    EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
    EXPECT_TRUE(proto::read_status(status).retry_after);
    ++late;
  }
  EXPECT_EQ(late, 1);
  EXPECT_EQ(refused(ask(own_, 20)), 0);
  EXPECT_TRUE(submit(other_, "of-another").ok());
}

TEST_F(AccessTest, TheNodesAuditorSeesWhoAskedForWhatAndOthersTheirOwnOnly) {
  static_cast<void>(ask(other_, 1, "what-they-looked-for"));
  ASSERT_TRUE(submit(other_, "amina").ok());
  static_cast<void>(ask(own_, 1, std::string(300, 's')));

  v1::AccessLogResponse seen;
  ASSERT_TRUE(access(own_, "auditor", "org-2", seen).ok());
  ASSERT_EQ(seen.entries_size(), 2);  // the newest first
  EXPECT_EQ(seen.entries(0).method(), "SubmitAndWait");
  EXPECT_THAT(seen.entries(0).what(), HasSubstr("1 transactions"));
  EXPECT_EQ(seen.entries(1).method(), "GetState");
  EXPECT_EQ(seen.entries(1).organisation(), "org-2");
  EXPECT_EQ(seen.entries(1).name(), "tester");
  EXPECT_EQ(seen.entries(1).role(), "client");
  EXPECT_EQ(seen.entries(1).result(), "OK");
  EXPECT_THAT(seen.entries(1).what(), HasSubstr("what-they-looked-for"));
  EXPECT_GT(seen.entries(1).time_ms(), 0u);

  ASSERT_TRUE(access(own_, "auditor", "org-1", seen).ok());
  ASSERT_GE(seen.entries_size(), 1);
  EXPECT_EQ(seen.entries(seen.entries_size() - 1).result(), "TOO_LARGE");

  v1::AccessLogResponse of_others;
  ASSERT_TRUE(access(other_, "auditor", "", of_others).ok());
  for (const auto& entry : of_others.entries()) EXPECT_EQ(entry.organisation(), "org-2");
  EXPECT_EQ(access(other_, "auditor", "org-1", of_others).error_code(),
            grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(access(own_, "client", "org-2", of_others).error_code(),
            grpc::StatusCode::PERMISSION_DENIED);
}

}  // namespace
}  // namespace usance::test
