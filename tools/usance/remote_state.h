// The ledger's state of one height, read from a node item by item as something asks for it: so that
// a contract can be run here against a real state. Every value is kept once it was read.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "base/state.h"
#include "contracts/executor/executor.h"
#include "tools/usance/client.h"

namespace usance::cli {

// A StateView has no way to say that it cannot read: execution without the state has no meaning, so
// reading ends it with this. Whoever runs an executor over a RemoteState catches it.
struct StateUnavailable {
  Failure failure;
};

class RemoteState final : public StateView {
 public:
  // The client must outlive it.
  RemoteState(const Client& client, Height height) : client_(client), height_(height) {}

  [[nodiscard]] std::optional<Bytes> get(const StateKey& key) const override;
  [[nodiscard]] std::vector<StateItem> list(const std::string& contract, const Bytes& scope,
                                            const Bytes& from, const Bytes& to,
                                            std::size_t limit) const override;

  // From now on the item reads so: what a rehearsal takes for granted.
  void pretend(const StateKey& key, Bytes value) { known_[key] = std::move(value); }
  [[nodiscard]] Height height() const { return height_; }

 private:
  const Client& client_;
  Height height_;
  mutable std::map<StateKey, std::optional<Bytes>> known_;
};

// The block that would follow a height, made at the time of the block of that height.
[[nodiscard]] Outcome<SimulationPoint> point_after(const Client& client, Height height);

}  // namespace usance::cli
