// Clients: what they submit, and whether all of it was settled in the end.
#include <algorithm>

#include "contracts/sdk/wire.h"
#include "system/governance.usance.h"
#include "tools/usance-sim/world.h"

namespace usance::sim {

using consensus::BundlePtr;

Transaction World::blank(const User& user) {
  Transaction tx;
  tx.org = user.org;
  tx.user_key = user.signer->public_key();
  for (auto& byte : tx.nonce.bytes) byte = static_cast<std::uint8_t>(random_.next());
  tx.valid_until_height =
      Height(certified_.value + (random_.chance(50) ? random_.between(1, 6) : 1'000));
  if (random_.chance(10))
    tx.valid_until_height = Height(certified_.value + 2 * limits::kReplayHorizon);
  tx.gas_limit = 10'000'000;
  return tx;
}

BundlePtr World::sign(const User& user, std::vector<Transaction> transactions) {
  BundlePtr bundle =
      checked(encode(sign_bundle(chain_, std::move(transactions), *user.signer)), true);
  USANCE_INVARIANT(bundle != nullptr);
  return bundle;
}

BundlePtr World::make_bundle() {
  // Administrators change what their clerks may do: small writes to the state. Others call a
  // contract that does not exist.
  const bool admin = random_.chance(400);
  const User& user = admin ? governors_[random_.below(3)] : users_[random_.below(users_.size())];
  std::vector<Transaction> transactions;
  const std::uint64_t count = random_.chance(700) ? 1 : random_.between(2, 5);
  // Some transactions travel twice, in bundles of their own: one of the two is void.
  if (random_.chance(50) && !bundles_.empty()) {
    const BundlePtr& old = bundles_[random_.below(bundles_.size())];
    if (user.signer->public_key() == old->key())
      transactions.push_back(old->transactions().front());
  }
  while (transactions.size() < count) {
    Transaction tx = blank(user);
    if (admin) {
      tx.contract = governance::kContract;
      tx.method = "ChangePermissions";
      governance::v1::PermissionsRequest request{"maker", {"maker"}};
      if (random_.chance(500)) request.permissions.push_back("viewer");
      tx.arguments = contract::to_wire(request);
    } else {
      tx.contract = "deposit";
      tx.method = "Transfer";
    }
    transactions.push_back(std::move(tx));
  }
  return sign(user, std::move(transactions));
}

BundlePtr World::checked(const Bytes& raw, bool signatures) {
  // What verified decodes the same without.
  for (const bool verified : {true, false})
    if (verified || !signatures)
      if (const auto found = checked_[verified ? 1 : 0].find(raw);
          found != checked_[verified ? 1 : 0].end())
        return found->second;
  auto bundle = signatures ? CheckedBundle::check(chain_, raw, *verifier_)
                           : CheckedBundle::decode_certified(chain_, raw);
  if (!bundle) return nullptr;
  auto shared = std::make_shared<const CheckedBundle>(*std::move(bundle));
  checked_[signatures ? 1 : 0].emplace(raw, shared);
  return shared;
}

// Executed, or can no longer be.
bool World::is_over(const BundlePtr& bundle, Height height) const {
  const auto user = std::find_if(users_.begin(), users_.end(), [&](const User& known) {
    return known.signer->public_key() == bundle->key();
  });
  if (user != users_.end() && (user->dying || !user->from || height < *user->from)) return true;
  for (std::size_t i = 0; i < bundle->ids().size(); ++i) {
    const Height until = bundle->transactions()[i].valid_until_height;
    const bool expired = until < height;
    const bool horizon = until.value > height.value + limits::kReplayHorizon / 2;
    if (!expired && !horizon && !checker_->was_executed(bundle->ids()[i])) return false;
  }
  return true;
}

void World::submit_something() {
  // Clients that see no answers hold back. What waits changes with what was certified alone.
  const std::pair seen(certified_, checker_->transactions());
  if (waiting_.size() >= knobs_.waiting && seen != looked_at_) {
    std::erase_if(waiting_, [&](const BundlePtr& bundle) { return is_over(bundle, certified_); });
    looked_at_ = seen;
  }
  if (waiting_.size() >= knobs_.waiting) return;
  BundlePtr bundle = !bundles_.empty() && random_.chance(50)
                         ? bundles_[random_.below(bundles_.size())]  // again
                         : make_bundle();
  submit(bundle);
}

void World::submit(const BundlePtr& bundle) {
  waiting_.push_back(bundle);
  bundles_.push_back(bundle);
  processes_[any_process(true)]->submit(bundle);
  if (random_.chance(100)) processes_[any_process(true)]->submit(bundle);
}

// What crashes may have lost is submitted again, each to one node that is whole.
void World::submit_again() {
  std::size_t slot = 0;
  for (const BundlePtr& bundle : bundles_) {
    if (std::all_of(bundle->ids().begin(), bundle->ids().end(),
                    [&](const TxId& id) { return checker_->was_executed(id); }))
      continue;
    do slot = (slot + 1) % (options_.nodes + knobs_.spares);
    while (processes_[slot]->identity().liar || frozen_[slot]);
    processes_[slot]->submit(bundle);
  }
}

// Every node that is whole has certified what it ordered, the same height everywhere, and its
// mempool is empty: all that was admitted is executed or can no longer be.
bool World::settled() const {
  if (!calm_) return false;
  std::optional<Height> height;
  for (std::size_t slot = 0; slot < processes_.size(); ++slot) {
    const Process& process = *processes_[slot];
    if (process.identity().liar || frozen_[slot]) continue;
    if (!process.alive()) return false;
    const auto status = process.replica().status(process.mono());
    if (status.mempool_bundles != 0 || status.certified.next() != status.height) return false;
    if (height && *height != status.height) return false;
    height = status.height;
  }
  for (const BundlePtr& bundle : bundles_)
    if (!is_over(bundle, *height)) return false;
  return true;
}

std::string World::unsettled() const {
  std::string out;
  for (std::size_t slot = 0; slot < processes_.size(); ++slot) {
    const Process& process = *processes_[slot];
    out += " [" + std::to_string(slot);
    if (process.identity().liar) out += " liar";
    if (frozen_[slot]) out += " frozen";
    if (!process.alive()) {
      out += " dead]";
      continue;
    }
    const auto s = process.replica().status(process.mono());
    out += std::string(" ") + to_string(s.phase) + " height " + std::to_string(s.height.value) +
           " view " + std::to_string(s.view.value) + " certified " +
           std::to_string(s.certified.value) + " mempool " + std::to_string(s.mempool_bundles) +
           (s.voting ? "" : " not voting") + (s.amnesiac ? " amnesiac" : "") + "]";
  }
  return out;
}

}  // namespace usance::sim
