#include "contracts/testchain/chain.h"

#include <algorithm>
#include <ostream>

#include "contracts/testchain/native_chain.h"
#include "contracts/testchain/wasm_chain.h"

namespace usance::testchain {

std::vector<Kind> kinds() {
  return {Kind::kNative, Kind::kWasm};
}

std::string name_of(Kind kind) {
  return kind == Kind::kNative ? "native" : "wasm";
}

std::size_t Outcome::count(std::string_view event_name) const {
  return static_cast<std::size_t>(std::count_if(
      events.begin(), events.end(), [&](const Event& event) { return event.name == event_name; }));
}

void PrintTo(const Outcome& outcome, std::ostream* out) {
  const Receipt& receipt = outcome.receipt;
  *out << to_string(receipt.status) << ' ' << receipt.code << " from " << receipt.contract << ": "
       << receipt.detail << " (" << outcome.events.size() << " events, " << receipt.gas_used
       << " gas)";
}

std::unique_ptr<Chain> make_chain(Kind kind, const Setup& setup, const std::string& modules) {
  if (kind == Kind::kWasm) return std::make_unique<WasmChain>(setup, modules);
  return std::make_unique<NativeChain>(setup);
}

}  // namespace usance::testchain
