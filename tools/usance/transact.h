// Contract calls from the command line: interface, arguments, signature, certified outcome.
#pragma once

#include <string>
#include <vector>

#include "base/receipt.h"
#include "base/transaction.h"
#include "tools/render/interface.h"
#include "tools/usance/client.h"
#include "tools/usance/context.h"

namespace usance::cli {

constexpr const char* kGovernance = "governance";  // the system contract

// The contract's interface as the node has it. kNotFound names the contracts there are.
[[nodiscard]] Outcome<render::Interface> fetch_interface(const Client& client,
                                                         const std::string& contract);
// A method that the ledger's interface has, or the exit code kNotFound with the nearest names.
[[nodiscard]] Outcome<const google::protobuf::MethodDescriptor*> method_of(
    const render::Interface& interface, const std::string& name);

struct CallPlan {
  std::string contract;
  std::string method;
  Bytes arguments;
  std::uint64_t gas_limit = 0;          // 0: chosen by the kind of call
  std::int64_t valid_for_blocks = 600;  // the transaction is void if not ordered by then
};

struct CallResult {
  TxId id;
  Receipt receipt;
  Height height;
  std::uint32_t action = 0;
  TimeMs time;
};

// Signs with the profile's key, submits and waits for the certified outcome. What is wrong with
// the request is found before anything is signed.
[[nodiscard]] Outcome<CallResult> submit_and_wait(const Client& client, const CallPlan& plan);
// Runs it on the certified state without ordering it. `events` and `log` are filled.
struct SimulatedCall {
  Receipt receipt;
  std::vector<Event> events;
  std::vector<std::string> log;
  Height height;
};
[[nodiscard]] Outcome<SimulatedCall> simulate(const Client& client, const CallPlan& plan);

[[nodiscard]] Outcome<std::unique_ptr<Signer>> load_signer(const Profile& profile);
[[nodiscard]] Outcome<Height> certified_height(const Client& client);
// One transaction of the profile's user with a fresh nonce; not signed.
[[nodiscard]] Transaction make_transaction(const Profile& profile, const PublicKey& key,
                                           const CallPlan& plan, Height now);

// The transaction that a plan stands for, with its gas limit; not signed.
[[nodiscard]] Outcome<Transaction> prepare(const Client& client, const CallPlan& plan);

[[nodiscard]] ExitCode exit_of(const Receipt& receipt);
// "ok", "LetterOfCredit.NotBeneficiary: caller ...", "trap UNREACHABLE in deposit", ...
// `interface` may be null, or of another contract than the one where the error arose.
[[nodiscard]] std::string outcome_text(const Receipt& receipt, const render::Interface* interface);
[[nodiscard]] Json outcome_json(const Receipt& receipt, const render::Interface* interface);

}  // namespace usance::cli
