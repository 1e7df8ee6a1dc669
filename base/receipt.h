// What became of each action of a block: one receipt per due timer and per transaction, also for
// failures and for void transactions. Timers come first, in (time, id) order.
#pragma once

#include <vector>

#include "base/codec.h"
#include "base/limits.h"
#include "base/merkle.h"
#include "base/transaction.h"

namespace usance {

enum class ReceiptStatus : std::uint8_t {
  kOk = 0,
  kContractError = 1,  // the contract aborted; code is of its error enum, detail its message
  kTrap = 2,           // the VM stopped it; code is a TrapCode
  kOutOfGas = 3,
  kRejected = 4,       // not authorised, or unknown contract or method, at execution
  kVoidExpired = 5,    // not executed: validity passed
  kVoidHorizon = 6,    // not executed: valid until more than D ahead
  kVoidDuplicate = 7,  // not executed: its id was ordered before
};
[[nodiscard]] inline bool is_void(ReceiptStatus s) {
  return s >= ReceiptStatus::kVoidExpired;
}
[[nodiscard]] std::string_view to_string(ReceiptStatus status);

// Why the executor refused a transaction with kRejected (the receipt's code).
enum class RejectCode : std::uint32_t {
  kUnknownKey = 1,  // the key is not, or no longer, registered for the organisation
  kUnknownContract = 2,
  kUnknownMethod = 3,
  kBadArguments = 4,
  kNotPermitted = 5,
  kGasLimit = 6,  // above the block's bound
};

// Why the VM stopped a call with kTrap (the receipt's code). Numbers are part of the protocol.
enum class TrapCode : std::uint32_t {
  kNone = 0,
  kUnreachable = 1,
  kMemoryOutOfBounds = 2,
  kTableOutOfBounds = 3,
  kIndirectCallType = 4,
  kUninitializedElement = 5,
  kIntegerDivideByZero = 6,
  kIntegerOverflow = 7,
  kInvalidConversion = 8,
  kCallDepth = 9,
  kOutOfGas = 10,  // appears in receipts as ReceiptStatus::kOutOfGas
  kStackOverflow = 11,
  kHostArgument = 12,  // a host function was called with an impossible argument
  kHostLimit = 13,     // a host function's limit was passed (events, value size, ...)
  kReentrancy = 14,
  kContractDepth = 15,
  kReadOnly = 16,  // a view tried to write
};
[[nodiscard]] std::string_view to_string(TrapCode code);

struct Receipt {
  static constexpr std::uint16_t kTag = 0x0130;
  static constexpr std::uint8_t kVersion = 1;

  TxId tx;  // the transaction's id; for a timer, timer_action_id()
  bool timer = false;
  ReceiptStatus status = ReceiptStatus::kOk;
  std::uint32_t code = 0;  // see the status
  std::string contract;    // where the error, trap or result arose
  std::string detail;      // a contract error's message; empty otherwise
  std::uint64_t gas_used = 0;
  std::uint32_t events = 0;  // how many events of the block are this action's
  Bytes result;              // the method's response message; empty unless kOk

  friend bool operator==(const Receipt&, const Receipt&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.tx);
    a(s.timer);
    a.within(s.status, ReceiptStatus::kOk, ReceiptStatus::kVoidDuplicate);
    a(s.code);
    a.text(s.contract, limits::kMaxNameBytes);
    a.text(s.detail, limits::kMaxErrorBytes);
    a(s.gas_used);
    a(s.events);
    a.bytes(s.result, limits::kMaxReturnBytes);
  }
};

// The id under which a timer's run stands in the trees: H("usance/timer", chain, id, height).
[[nodiscard]] TxId timer_action_id(const ChainId& chain, std::uint64_t timer_id, Height height);

struct Event {
  static constexpr std::uint16_t kTag = 0x0131;
  static constexpr std::uint8_t kVersion = 1;

  std::uint32_t action = 0;  // index in the block's receipts
  std::uint32_t index = 0;   // within the action
  std::string contract;      // the emitter
  std::string name;          // the event's message name in the emitter's interface
  Bytes key;                 // what event queries are indexed by: usually the business object
  Bytes data;                // the event's message in contract encoding

  friend bool operator==(const Event&, const Event&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.action);
    a(s.index);
    a.text(s.contract, limits::kMaxNameBytes);
    a.text(s.name, limits::kMaxNameBytes);
    a.bytes(s.key, limits::kMaxScopeBytes);
    a.bytes(s.data, limits::kMaxEventBytes);
  }
};

// Leaves of the three trees of a result header.
[[nodiscard]] Hash32 transaction_leaf(const TxId& id);
[[nodiscard]] Hash32 receipt_leaf(const Receipt& receipt);
[[nodiscard]] Hash32 event_leaf(const Event& event);

}  // namespace usance
