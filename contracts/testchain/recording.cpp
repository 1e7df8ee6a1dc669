#include "contracts/testchain/recording.h"

#include "base/hash.h"
#include "contracts/executor/result.h"
#include "contracts/testchain/wasm_chain.h"

namespace usance::testchain {
namespace {

constexpr std::size_t kMostItems = 1 << 20;
constexpr std::size_t kMostBytes = std::size_t{64} << 20;

template <class Changes, class Archive>
void change_fields(Changes& change, Archive& a) {
  a.text(change.key.contract, kMostBytes);
  a.bytes(change.key.scope, kMostBytes);
  a.bytes(change.key.item, kMostBytes);
  bool present = change.value.has_value();
  a(present);
  if constexpr (Archive::kDecoding) {
    if (present) change.value.emplace();
  }
  if (present) a.bytes(*change.value, kMostBytes);
  a(change.action);
}

std::uint64_t as_number(std::size_t n) {
  return n;
}

std::string short_hash(const Hash32& hash) {
  return to_hex(hash).substr(0, 16);
}

std::string method_of(const BlockInput& input, std::size_t transaction) {
  for (const auto& bundle : input.bundles) {
    const auto& transactions = bundle->transactions();
    if (transaction < transactions.size()) {
      return transactions[transaction].contract + '.' + transactions[transaction].method;
    }
    transaction -= transactions.size();
  }
  return "?";
}

}  // namespace

Bytes encode_recording(const Recording& recording) {
  Encoder out;
  out(recording.chain);
  out(as_number(recording.genesis.size()));
  for (const StateChange& change : recording.genesis) change_fields(change, out);
  out(as_number(recording.blocks.size()));
  for (const Recording::Block& block : recording.blocks) {
    out(block.time);
    out.blobs(block.bundles, kMostItems, kMostBytes);
  }
  return std::move(out).take();
}

Result<Recording> decode_recording(ByteView bytes) {
  Recording recording;
  Decoder in(bytes);
  in(recording.chain);
  std::uint64_t n = 0;
  in(n);
  for (; n > 0 && !in.failed(); --n) change_fields(recording.genesis.emplace_back(), in);
  in(n);
  for (; n > 0 && !in.failed(); --n) {
    Recording::Block& block = recording.blocks.emplace_back();
    in(block.time);
    in.blobs(block.bundles, kMostItems, kMostBytes);
  }
  USANCE_TRY(in.finish());
  return recording;
}

Result<void> replay(const Recording& recording, const std::function<Executor&(Height)>& executor_at,
                    const BlockObserver& observer) {
  MemoryState state;
  state.apply(recording.genesis);
  std::uint64_t height = 0;
  for (const Recording::Block& block : recording.blocks) {
    BlockInput input;
    input.header.chain = recording.chain;
    input.header.height = Height(++height);
    input.header.time = block.time;
    for (const Bytes& raw : block.bundles) {
      USANCE_ASSIGN(auto bundle, CheckedBundle::decode_certified(recording.chain, raw));
      input.bundles.push_back(std::make_shared<const CheckedBundle>(std::move(bundle)));
    }
    const BlockOutcome outcome = executor_at(input.header.height).execute_block(state, input);
    observer(state, input, outcome);
    state.apply(outcome.changes);
  }
  return {};
}

std::string describe(const BlockInput& input, const BlockOutcome& outcome) {
  Encoder writes;
  for (StateChange change : outcome.changes) change_fields(change, writes);
  std::string out = "block " + std::to_string(input.header.height.value) + ": gas " +
                    std::to_string(outcome.gas_used) + ", receipts " +
                    short_hash(receipt_root(outcome.receipts)) + ", events " +
                    short_hash(event_root(outcome.events)) + ", " +
                    std::to_string(outcome.changes.size()) + " writes " +
                    short_hash(sha256(writes.data())) + "\n";
  std::size_t transaction = 0;
  for (const Receipt& receipt : outcome.receipts) {
    out += "  " + (receipt.timer ? "timer" : method_of(input, transaction++));
    out += " status " + std::to_string(static_cast<int>(receipt.status));
    if (receipt.code != 0) out += " code " + std::to_string(receipt.code);
    out += " gas " + std::to_string(receipt.gas_used) + " result " +
           short_hash(sha256(receipt.result)) + "\n";
  }
  return out;
}

}  // namespace usance::testchain
