// Bundles of clients: into the mempool, on to the others (C-10.3), out again when they no longer
// fit (C-10.2).
#include <algorithm>

#include "consensus/core.h"

namespace usance::consensus {

namespace {

constexpr std::uint64_t kSweepEveryMs = 1'000;
constexpr std::uint64_t kRelayEveryMs = 500;
constexpr std::size_t kRelayAtOnce = 32;

}  // namespace

void Core::on(const BundleAdmitted& event) {
  const auto admitted = pool_.admit(event.bundle, mono_, inclusion(open(), next_time()));
  if (!admitted) {
    emit(Admission{event.bundle->hash(), admitted.error()});
    return;
  }
  emit(Admission{event.bundle->hash(), std::nullopt});
  // Validators are all linked to each other: what comes from one of them reached the others.
  if (event.from && set_->index_of(*event.from)) return;
  send(self_ ? Audience::kValidators : Audience::kAll, BundleGossip{event.bundle->raw()});
}

void Core::tend_mempool() {
  if (pool_.empty()) return;
  if (mono_ >= swept_ms_ + kSweepEveryMs) {
    swept_ms_ = mono_;
    for (Evicted& evicted : pool_.sweep(inclusion(open(), next_time()))) emit(std::move(evicted));
  }
  if (mono_ < relayed_ms_ + kRelayEveryMs) return;
  relayed_ms_ = mono_;
  // What waits for long may not have reached the leader, which may be another one by now.
  const std::uint64_t patience = parameters_at(reference_of(open())).request_timeout_ms / 2;
  if (mono_ < patience + kRelayEveryMs || (is_leader() && !changing_)) return;
  const PeerId leader = set_->validators[set_->leader(view_, open())].key;
  // While this node asks for another view it does not know who leads the others.
  const Audience audience = !self_      ? Audience::kAll
                            : changing_ ? Audience::kValidators
                                        : Audience::kPeer;
  for (const BundlePtr& bundle :
       pool_.to_relay(mono_ - patience, mono_ - kRelayEveryMs, mono_, kRelayAtOnce))
    send(audience, BundleGossip{bundle->raw()}, leader);
}

}  // namespace usance::consensus
