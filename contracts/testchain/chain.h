// A ledger of one process for contract tests: methods are called as users call them, time moves
// when the test says so, and timers fire as they do on the network.
//
// Two kinds behind one interface: kNative runs contracts that were compiled for this machine
// (debugger, sanitizers, coverage), kWasm runs the modules in the real VM under the real executor.
// A test parametrised over kinds() checks both.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/receipt.h"
#include "base/state.h"
#include "contracts/sdk/context.h"

namespace usance::testchain {

enum class Kind { kNative, kWasm };
[[nodiscard]] std::vector<Kind> kinds();
[[nodiscard]] std::string name_of(Kind kind);  // "native", "wasm"

// Who calls.
struct Caller {
  std::string organisation;
  std::string user;

  friend auto operator<=>(const Caller&, const Caller&) = default;
};

// A user of an organisation, as genesis registers them. Roles are the organisation's: give them
// with its first member.
struct Member {
  Caller caller;
  std::vector<std::string> roles;
  std::vector<std::string> permissions;
};

struct Deployment {
  std::string name;                        // registered name; also the module's, NAME.wasm
  void (*invoke)(contract::Context& ctx);  // the contract compiled natively
  std::string module_path;                 // empty: NAME.wasm in the folder of modules
};

struct Setup {
  std::vector<Member> members;
  std::vector<Deployment> contracts;
  std::int64_t start_ms = 1'790'000'000'000;  // 2026-09-21
};

// What became of one call or timer.
struct Outcome {
  Receipt receipt;
  std::vector<Event> events;

  [[nodiscard]] bool ok() const { return receipt.status == ReceiptStatus::kOk; }
  // The first event of this type, if any.
  template <class T>
  [[nodiscard]] std::optional<T> event() const {
    for (const Event& event : events)
      if (event.name == T::kEvent) return contract::from_wire<T>(event.data).value;
    return std::nullopt;
  }
  [[nodiscard]] std::size_t count(std::string_view event_name) const;
};
void PrintTo(const Outcome& outcome, std::ostream* out);

template <class Response>
struct Reply : Outcome {
  Response response;  // when ok
};

template <class Response>
void PrintTo(const Reply<Response>& reply, std::ostream* out) {
  PrintTo(static_cast<const Outcome&>(reply), out);
}

class Chain {
 public:
  virtual ~Chain() = default;

  // One transaction in a block of its own, behind the timers that are due. The clock stands still.
  virtual Outcome submit(const Caller& caller, const std::string& contract,
                         const std::string& method, const Bytes& arguments) = 0;
  virtual Outcome query(const Caller& caller, const std::string& contract,
                        const std::string& method, const Bytes& arguments) = 0;
  // Sets the clock forward and makes a block: due timers fire. Returns what each came to, in order.
  virtual std::vector<Outcome> advance_to(std::int64_t time_ms) = 0;
  // A stored value, as proofs see it.
  [[nodiscard]] virtual std::optional<Bytes> state(const StateKey& key) const = 0;
  [[nodiscard]] virtual std::int64_t now_ms() const = 0;
  [[nodiscard]] virtual std::uint64_t height() const = 0;

  std::vector<Outcome> advance_by(std::int64_t ms) { return advance_to(now_ms() + ms); }

  // chain.call<method::Transfer>(caller, "deposit", {...})
  template <class Method>
  Reply<typename Method::Response> call(const Caller& caller, const std::string& contract,
                                        const typename Method::Request& request) {
    return reply<Method>(
        submit(caller, contract, std::string(Method::kRules.name), contract::to_wire(request)));
  }
  template <class Method>
  Reply<typename Method::Response> view(const Caller& caller, const std::string& contract,
                                        const typename Method::Request& request) {
    return reply<Method>(
        query(caller, contract, std::string(Method::kRules.name), contract::to_wire(request)));
  }
  // The record of a scope, if there.
  template <class T>
  [[nodiscard]] std::optional<T> record(const std::string& contract, std::string_view scope) const {
    const std::optional<Bytes> raw = state({contract, to_bytes(scope), to_bytes(T::kItem)});
    if (!raw) return std::nullopt;
    return contract::from_wire<T>(*raw).value;
  }

 private:
  template <class Method>
  static Reply<typename Method::Response> reply(Outcome outcome) {
    Reply<typename Method::Response> out;
    if (outcome.ok()) {
      auto decoded = contract::from_wire<typename Method::Response>(outcome.receipt.result);
      USANCE_INVARIANT(decoded);  // the contract wrote it with the same code
      out.response = *std::move(decoded.value);
    }
    static_cast<Outcome&>(out) = std::move(outcome);
    return out;
  }
};

// `modules` is the folder of the modules whose deployments name no path.
[[nodiscard]] std::unique_ptr<Chain> make_chain(Kind kind, const Setup& setup,
                                                const std::string& modules);
#ifdef USANCE_CONTRACTS_DIR
// With the modules of this build.
[[nodiscard]] inline std::unique_ptr<Chain> make_chain(Kind kind, const Setup& setup) {
  return make_chain(kind, setup, USANCE_CONTRACTS_DIR);
}
#endif

}  // namespace usance::testchain
