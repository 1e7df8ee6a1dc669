#include "base/receipt.h"

#include "base/hash.h"

namespace usance {

std::string_view to_string(ReceiptStatus status) {
  switch (status) {
    case ReceiptStatus::kOk: return "OK";
    case ReceiptStatus::kContractError: return "CONTRACT_ERROR";
    case ReceiptStatus::kTrap: return "TRAP";
    case ReceiptStatus::kOutOfGas: return "OUT_OF_GAS";
    case ReceiptStatus::kRejected: return "REJECTED";
    case ReceiptStatus::kVoidExpired: return "VOID_EXPIRED";
    case ReceiptStatus::kVoidHorizon: return "VOID_HORIZON";
    case ReceiptStatus::kVoidDuplicate: return "VOID_DUPLICATE";
  }
  return "UNKNOWN";
}

std::string_view to_string(TrapCode code) {
  switch (code) {
    case TrapCode::kNone: return "NONE";
    case TrapCode::kUnreachable: return "UNREACHABLE";
    case TrapCode::kMemoryOutOfBounds: return "MEMORY_OUT_OF_BOUNDS";
    case TrapCode::kTableOutOfBounds: return "TABLE_OUT_OF_BOUNDS";
    case TrapCode::kIndirectCallType: return "INDIRECT_CALL_TYPE";
    case TrapCode::kUninitializedElement: return "UNINITIALIZED_ELEMENT";
    case TrapCode::kIntegerDivideByZero: return "INTEGER_DIVIDE_BY_ZERO";
    case TrapCode::kIntegerOverflow: return "INTEGER_OVERFLOW";
    case TrapCode::kInvalidConversion: return "INVALID_CONVERSION";
    case TrapCode::kCallDepth: return "CALL_DEPTH";
    case TrapCode::kOutOfGas: return "OUT_OF_GAS";
    case TrapCode::kStackOverflow: return "STACK_OVERFLOW";
    case TrapCode::kHostArgument: return "HOST_ARGUMENT";
    case TrapCode::kHostLimit: return "HOST_LIMIT";
    case TrapCode::kReentrancy: return "REENTRANCY";
    case TrapCode::kContractDepth: return "CONTRACT_DEPTH";
    case TrapCode::kReadOnly: return "READ_ONLY";
  }
  return "UNKNOWN";
}

TxId timer_action_id(const ChainId& chain, std::uint64_t timer_id, Height height) {
  Encoder encoder;
  encoder(timer_id);
  encoder(height);
  return tagged_hash("usance/timer", chain, ByteView(encoder.data()));
}

Hash32 transaction_leaf(const TxId& id) {
  return merkle_leaf(id.view());
}
Hash32 receipt_leaf(const Receipt& receipt) {
  return merkle_leaf(encode(receipt));
}
Hash32 event_leaf(const Event& event) {
  return merkle_leaf(encode(event));
}

}  // namespace usance
