// Blocks of arbitrary calls to the system contracts: no argument, caller or order ends the process,
// and the same block always has the same outcome.
//
// Input: calls of one byte each for organisation, user and method, two for the length of the
// arguments, and the arguments.
#include <cstdlib>

#include "contracts/executor/result.h"
#include "system/governance.usance.h"
#include "system/registry.usance.h"
#include "tests/unit/executor/test_chain.h"

namespace usance {
namespace {

struct Method {
  const char* contract;
  const char* name;
};
constexpr Method kMethods[] = {
    {"governance", "ProposeOrganisation"},
    {"governance", "ProposeOrganisationChange"},
    {"governance", "ProposeOrganisationRemoval"},
    {"governance", "ProposeNode"},
    {"governance", "ProposeNodeChange"},
    {"governance", "ProposeNodeRemoval"},
    {"governance", "ProposeValidator"},
    {"governance", "ProposeValidatorRemoval"},
    {"governance", "ProposeParameters"},
    {"governance", "Vote"},
    {"governance", "Withdraw"},
    {"governance", "ReportMisbehaviour"},
    {"governance", "ListMisbehaviour"},
    {"governance", "ListRecoveries"},
    {"governance", "AddUser"},
    {"governance", "ChangePermissions"},
    {"governance", "RevokeUser"},
    {"governance", "AddKey"},
    {"governance", "RevokeKey"},
    {"governance", "ListOrganisations"},
    {"governance", "GetProposal"},
    {"contracts", "Deploy"},
    {"contracts", "Upgrade"},
    {"contracts", "Approve"},
    {"contracts", "Withdraw"},
    {"contracts", "Get"},
    {"contracts", "List"},
    {"system.timers", "Get"},
    {"system.timers", "List"},
};
constexpr const char* kOrganisations[] = {"bank-a", "bank-b", "bank-c", "bank-d"};
constexpr const char* kUsers[] = {"admin", "maker", "viewer", "governance"};

template <std::size_t N, class T>
const T& pick(const T (&all)[N], std::uint8_t byte) {
  return all[byte % N];
}

// Not signed: the executor takes what consensus has checked.
std::shared_ptr<const CheckedBundle> bundle_of(test::TestChain& chain, const test::Call& call) {
  Bundle bundle;
  bundle.transactions.push_back(chain.transaction(call));
  auto checked = CheckedBundle::decode_certified(chain.genesis.chain_id, encode(bundle));
  if (!checked) return nullptr;
  return std::make_shared<const CheckedBundle>(*std::move(checked));
}

BlockInput block_of(test::TestChain& chain, ByteView input) {
  BlockInput block = chain.input({});
  while (input.size() >= 5 && block.bundles.size() < 16) {
    const std::size_t length = std::min<std::size_t>(input[3] | (input[4] << 8), input.size() - 5);
    const Method& method = pick(kMethods, input[2]);
    const ByteView arguments = input.subspan(5, length);
    test::Call call{pick(kOrganisations, input[0]), pick(kUsers, input[1]), method.contract,
                    method.name, Bytes(arguments.begin(), arguments.end())};
    if (auto bundle = bundle_of(chain, call)) block.bundles.push_back(std::move(bundle));
    input = input.subspan(5 + length);
  }
  return block;
}

}  // namespace
}  // namespace usance

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace usance;
  static test::TestChain chain;
  const BlockInput block = block_of(chain, {data, size});
  Executor fresh(chain.genesis.chain_id);
  const BlockOutcome first = fresh.execute_block(chain.state, block);
  const BlockOutcome second = fresh.execute_block(chain.state, block);
  const auto hash = [&](const BlockOutcome& outcome) {
    return result_hash(make_result_header(block.header, outcome, Hash32{}, Hash32{}));
  };
  if (hash(first) != hash(second) || first.changes != second.changes) std::abort();
  if (first.receipts.size() != block.bundles.size()) std::abort();
  return 0;
}
