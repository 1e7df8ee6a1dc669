// One call of one contract, and what it may do to the world: the host functions of
// docs/spec/host.md in C++. The wasm binding (contracts/host/wasm_host.h) and the native system
// contracts (contracts/system/native.h) both go through here, so that gas, limits and traps are
// the same for both.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/parameters.h"
#include "base/receipt.h"
#include "contracts/host/gas.h"
#include "contracts/host/overlay.h"
#include "contracts/host/tracer.h"

namespace usance {

template <class T>
using HostResult = tl::expected<T, TrapCode>;

enum class InvocationKind : std::uint8_t { kMethod = 0, kView = 1, kTimer = 2, kMigrate = 3 };

// Who signed the transaction, as of the moment it is executed.
struct Caller {
  OrgId org;
  std::string user;
  PublicKey key;
  std::string roles;        // of the organisation, each followed by a newline, ascending
  std::string permissions;  // of the user, likewise
  bool may_submit = true;   // false: the user may only view
};

// How a call ended. Everything it did is rolled back unless kOk.
struct CallEnd {
  ReceiptStatus status = ReceiptStatus::kOk;
  std::uint32_t code = 0;
  std::string detail;
  Bytes result;

  [[nodiscard]] static CallEnd rejected(RejectCode code, std::string detail = {}) {
    return {ReceiptStatus::kRejected, static_cast<std::uint32_t>(code), std::move(detail), {}};
  }
  [[nodiscard]] static CallEnd trapped(TrapCode code) {
    if (code == TrapCode::kOutOfGas) return {ReceiptStatus::kOutOfGas, 0, {}, {}};
    return {ReceiptStatus::kTrap, static_cast<std::uint32_t>(code), {}, {}};
  }
  // By the number passed to `abort`: the dispatcher's refusals reject, the rest are the contract's.
  [[nodiscard]] static CallEnd aborted(std::uint32_t code, std::string_view detail);
};

class Invocation;

// Finds and runs contracts; implemented by the executor.
class ContractRunner {
 public:
  virtual ~ContractRunner() = default;
  // Runs the call inside a frame of its own: rolled back unless it ends well.
  virtual CallEnd run(Invocation& invocation) = 0;
  // The same with that code instead of what the contract's name stands for: an upgrade's new code.
  virtual CallEnd run_code(Invocation& invocation, const Hash32& code_hash) = 0;
};

// What all calls of one action share.
struct Action {
  Overlay& overlay;
  ContractRunner& runner;
  const Parameters& parameters;
  const ChainId& chain;
  const Verifier& verifier;  // of what nodes sign
  Height height;
  TimeMs time;
  TxId id;
  std::uint32_t index = 0;
  const Caller* caller = nullptr;  // none in timers and anonymous views
  bool read_only = false;
  GasMeter gas;
  std::vector<Event>& events;  // of the block; this action's from `first_event`
  std::size_t first_event = 0;
  std::vector<std::string>* log = nullptr;  // only in simulations
  std::vector<const Invocation*> stack{};   // outermost first
  Tracer* tracer = nullptr;                 // only for tools
};

class Invocation {
 public:
  // The views must outlive the invocation.
  Invocation(Action& action, std::string_view contract, std::string_view method, ByteView arguments,
             InvocationKind kind)
      : action_(action), contract_(contract), method_(method), arguments_(arguments), kind_(kind) {}

  [[nodiscard]] Action& action() { return action_; }
  [[nodiscard]] std::string_view contract() const { return contract_; }
  [[nodiscard]] std::string_view method_name() const { return method_; }
  [[nodiscard]] InvocationKind kind() const { return kind_; }
  [[nodiscard]] ByteView argument_bytes() const { return arguments_; }
  [[nodiscard]] Bytes take_result() { return std::move(result_); }

  // The host functions. An error is the trap that ends the call. Views are valid until the next
  // host function.
  [[nodiscard]] HostResult<ByteView> method();
  [[nodiscard]] HostResult<ByteView> arguments();
  [[nodiscard]] HostResult<void> finish(ByteView response);
  [[nodiscard]] HostResult<std::optional<ByteView>> get(ByteView scope, ByteView item);
  [[nodiscard]] HostResult<bool> has(ByteView scope, ByteView item);
  [[nodiscard]] HostResult<void> put(ByteView scope, ByteView item, ByteView value);
  [[nodiscard]] HostResult<bool> del(ByteView scope, ByteView item);
  [[nodiscard]] HostResult<std::optional<Overlay::Found>> next(ByteView scope, ByteView from,
                                                               ByteView to);
  [[nodiscard]] HostResult<ByteView> context(std::uint32_t field);
  [[nodiscard]] HostResult<std::uint64_t> block_height();
  [[nodiscard]] HostResult<std::uint64_t> block_time();
  [[nodiscard]] HostResult<void> emit(ByteView name, ByteView key, ByteView data);
  [[nodiscard]] HostResult<ReceiptStatus> call(ByteView contract, ByteView method,
                                               ByteView arguments);
  [[nodiscard]] HostResult<std::optional<ByteView>> call_result();
  [[nodiscard]] HostResult<std::uint64_t> schedule(std::int64_t at, ByteView method,
                                                   ByteView arguments, std::int64_t gas);
  [[nodiscard]] HostResult<bool> cancel(std::uint64_t timer);
  [[nodiscard]] HostResult<Hash32> sha256(ByteView data);
  [[nodiscard]] HostResult<Hash32> sha3_256(ByteView data);
  [[nodiscard]] HostResult<bool> ed25519_verify(ByteView key32, ByteView message,
                                                ByteView signature64);
  [[nodiscard]] HostResult<bool> p256_verify(ByteView key65, ByteView message,
                                             ByteView signature64);
  [[nodiscard]] HostResult<std::optional<std::int64_t>> muldiv(std::int64_t a, std::int64_t b,
                                                               std::int64_t c,
                                                               std::uint32_t rounding);
  [[nodiscard]] HostResult<void> log(ByteView text);
  // For system contracts: whether a node's consensus key signed the digest.
  [[nodiscard]] HostResult<bool> verify_statement(ByteView key32, const Hash32& digest,
                                                  ByteView signature64);

  [[nodiscard]] HostResult<void> charge(std::uint64_t amount);

 private:
  [[nodiscard]] HostResult<void> charge(const HostPrice& price, std::size_t bytes) {
    return charge(price.of(bytes));
  }
  [[nodiscard]] HostResult<void> begin_write() const;

  Action& action_;
  std::string_view contract_;
  std::string_view method_;
  ByteView arguments_;
  InvocationKind kind_;
  Bytes result_;
  std::optional<Bytes> call_result_;
  std::uint8_t kind_byte_ = 0;
};

}  // namespace usance
