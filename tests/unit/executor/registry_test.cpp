// Deployment and upgrade: docs/spec/governance.md, "Contracts".
#include <gtest/gtest.h>

#include "base/hash.h"
#include "contracts/system/contract_view.h"
#include "puppet/puppet.usance.h"
#include "system/registry.usance.h"
#include "test_chain.h"

namespace usance {
namespace {

using contract::to_wire;
using test::read_module;
using test::response;
using test::TestChain;
namespace reg = registry::v1;

std::uint32_t code(reg::ContractsError error) {
  return static_cast<std::uint32_t>(error);
}

// The module with one more custom section: other bytes, the same behaviour.
Bytes variant(Bytes module, std::uint8_t mark) {
  const Bytes section = {0x00, 0x03, 0x01, 'v', mark};
  module.insert(module.end(), section.begin(), section.end());
  return module;
}

reg::DeployRequest deploy_request(const std::string& name, Bytes module) {
  reg::DeployRequest request;
  request.name = name;
  request.code = std::move(module);
  return request;
}
reg::UpgradeRequest upgrade_request(const std::string& name, Bytes module) {
  reg::UpgradeRequest request;
  request.name = name;
  request.code = std::move(module);
  return request;
}

TEST(Registry, ADeployedContractIsCallableFromTheNextTransactionOn) {
  TestChain chain;
  EXPECT_FALSE(registry::contract(chain.state, "puppet").has_value());
  chain.deploy("puppet", "puppet");
  const auto info = registry::contract(chain.state, "puppet");
  ASSERT_TRUE(info.has_value());
  ASSERT_EQ(info->versions.size(), 1U);
  EXPECT_EQ(info->versions[0].code_hash, sha256(read_module("puppet")));
  EXPECT_EQ(info->versions[0].height, Height(1));
  EXPECT_EQ(registry::code(chain.state, info->versions[0].code_hash), read_module("puppet"));
  EXPECT_EQ(registry::contracts(chain.state).size(), 4U);
  EXPECT_EQ(chain.value("puppet", "migration", "from"), Bytes{0});
}

TEST(Registry, InterfacesOfAllContractsCanBeHad) {
  TestChain chain;
  chain.deploy("puppet", "puppet");
  for (const std::string name : {"governance", "contracts", "system.timers", "puppet"}) {
    const auto descriptors = registry::interface_of(chain.state, name);
    ASSERT_TRUE(descriptors.has_value()) << name;
    EXPECT_GT(descriptors->size(), 500U) << name;
  }
  EXPECT_EQ(registry::interface_of(chain.state, "nobody").error().code, ErrorCode::kNotFound);
}

TEST(Registry, RefusesCodeThatIsNoContract) {
  TestChain chain;
  const Bytes module = read_module("puppet");
  const Bytes half(module.begin(), module.begin() + 1'000);
  const Bytes empty = {0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00};  // exports nothing
  for (const Bytes& bad : {half, empty, Bytes{1}}) {
    const Receipt receipt =
        chain.run_as("bank-a", "maker", "contracts", "Deploy", deploy_request("bad", bad));
    EXPECT_EQ(receipt.status, ReceiptStatus::kContractError);
    EXPECT_EQ(receipt.code, code(reg::ContractsError::kInvalidCode));
    EXPECT_FALSE(receipt.detail.empty());
  }
  for (const std::string name : {"governance", "system.x", "Upper"}) {
    const Receipt receipt =
        chain.run_as("bank-a", "maker", "contracts", "Deploy", deploy_request(name, module));
    EXPECT_EQ(receipt.code, code(reg::ContractsError::kInvalidName)) << name;
  }
}

TEST(Registry, AnUpgradeMigratesAndKeepsTheOldVersion) {
  TestChain chain;
  chain.deploy("puppet", "puppet");
  const Bytes second = variant(read_module("puppet"), 2);
  const Receipt receipt =
      chain.run_as("bank-b", "maker", "contracts", "Upgrade", upgrade_request("puppet", second));
  ASSERT_EQ(receipt.status, ReceiptStatus::kOk) << receipt.detail;
  EXPECT_EQ(response<reg::Decision>(receipt).version, 2U);
  EXPECT_EQ(chain.value("puppet", "migration", "from"), Bytes{1});
  const auto info = registry::contract(chain.state, "puppet");
  ASSERT_EQ(info->versions.size(), 2U);
  EXPECT_EQ(registry::code(chain.state, info->versions[0].code_hash), read_module("puppet"));
  EXPECT_EQ(registry::code(chain.state, info->versions[1].code_hash), second);
  EXPECT_TRUE(registry::interface_of(chain.state, "puppet", 1).has_value());
  EXPECT_EQ(
      chain.run_as("bank-b", "maker", "contracts", "Upgrade", upgrade_request("puppet", second))
          .code,
      code(reg::ContractsError::kSameCode));
}

TEST(Registry, AFailedMigrationUndoesTheUpgrade) {
  TestChain chain;
  chain.deploy("puppet", "puppet");
  chain.run_as("bank-a", "maker", "puppet", "Put",
               usance::puppet::v1::PutRequest{"migration", "refuse", {1}});
  const Receipt receipt =
      chain.run_as("bank-a", "maker", "contracts", "Upgrade",
                   upgrade_request("puppet", variant(read_module("puppet"), 2)));
  EXPECT_EQ(receipt.status, ReceiptStatus::kContractError);
  EXPECT_EQ(receipt.code, code(reg::ContractsError::kMigrationFailed));
  EXPECT_EQ(registry::contract(chain.state, "puppet")->versions.size(), 1U);
  EXPECT_EQ(chain.value("puppet", "migration", "from"), Bytes{0});
}

TEST(Registry, OnlyAnUpgradeMigrates) {
  TestChain chain;
  chain.deploy("puppet", "puppet");
  const Receipt receipt =
      chain.run_as("bank-a", "maker", "puppet", "Migrate", contract::MigrateRequest{5});
  EXPECT_EQ(receipt.status, ReceiptStatus::kContractError);
  EXPECT_EQ(receipt.code, 906U);  // MIGRATION_ONLY
}

TEST(Registry, OutsideDevelopmentAQuorumDeploys) {
  TestChain chain(false);
  const Receipt proposed = chain.run_as("bank-a", "maker", "contracts", "Deploy",
                                        deploy_request("puppet", read_module("puppet")));
  const auto decision = response<reg::Decision>(proposed);
  EXPECT_EQ(decision.state, reg::ProposalState::kOpen);
  EXPECT_EQ(decision.needed, 3U);
  chain.run_as("bank-a", "checker", "contracts", "Approve", reg::ProposalId{decision.proposal});
  chain.run_as("bank-b", "maker", "contracts", "Approve", reg::ProposalId{decision.proposal});
  EXPECT_FALSE(registry::contract(chain.state, "puppet").has_value());
  chain.run_as("bank-c", "maker", "contracts", "Approve", reg::ProposalId{decision.proposal});
  EXPECT_TRUE(registry::contract(chain.state, "puppet").has_value());
}

TEST(Registry, APolicyNamesWhoseApprovalAnUpgradeNeeds) {
  TestChain chain;
  reg::DeployRequest request = deploy_request("puppet", read_module("puppet"));
  request.policy = reg::Policy{2, {"bank-a", "bank-b"}};
  ASSERT_EQ(chain.run_as("bank-a", "maker", "contracts", "Deploy", request).status,
            ReceiptStatus::kOk);
  const auto upgrade = upgrade_request("puppet", variant(read_module("puppet"), 2));
  EXPECT_EQ(chain.run_as("bank-c", "maker", "contracts", "Upgrade", upgrade).code,
            code(reg::ContractsError::kNotInPolicy));
  const auto first =
      response<reg::Decision>(chain.run_as("bank-a", "maker", "contracts", "Upgrade", upgrade));
  EXPECT_EQ(first.state, reg::ProposalState::kOpen);
  const auto rival = response<reg::Decision>(
      chain.run_as("bank-b", "maker", "contracts", "Upgrade",
                   upgrade_request("puppet", variant(read_module("puppet"), 3))));
  EXPECT_EQ(response<reg::Decision>(chain.run_as("bank-b", "maker", "contracts", "Approve",
                                                 reg::ProposalId{first.proposal}))
                .state,
            reg::ProposalState::kAccepted);
  // The rival was made for version 1.
  EXPECT_EQ(
      chain.run_as("bank-a", "maker", "contracts", "Approve", reg::ProposalId{rival.proposal}).code,
      code(reg::ContractsError::kOvertaken));
  reg::DeployRequest impossible = deploy_request("other", read_module("puppet"));
  impossible.policy = reg::Policy{3, {"bank-a", "bank-b"}};
  EXPECT_EQ(chain.run_as("bank-a", "maker", "contracts", "Deploy", impossible).code,
            code(reg::ContractsError::kInvalidPolicy));
}

TEST(Registry, AContractReadsSystemContractsButDoesNotChangeThem) {
  TestChain chain;
  chain.deploy("puppet", "puppet");
  usance::puppet::v1::CallRequest request;
  request.contract = "contracts";
  request.method = "List";
  using usance::puppet::v1::CallOutcome;
  const auto call = [&] {
    return response<CallOutcome>(chain.run_as("bank-a", "admin", "puppet", "Call", request));
  };
  EXPECT_EQ(call().status, 0);
  request.contract = "governance";
  request.method = "RevokeUser";
  request.arguments = {0x0a, 0x05, 'm', 'a', 'k', 'e', 'r'};
  const auto refused = call();
  EXPECT_EQ(refused.status, static_cast<std::int32_t>(ReceiptStatus::kTrap));
  EXPECT_EQ(refused.result.at(0), static_cast<std::uint8_t>(TrapCode::kReadOnly));
}

}  // namespace
}  // namespace usance
