// What members decide together: validators come and go, keys are added and revoked, parameters
// change; all by executed transactions.
#include <algorithm>

#include "base/readiness.h"
#include "contracts/sdk/wire.h"
#include "contracts/system/governance_records.h"
#include "system/governance.usance.h"
#include "tools/usance-sim/world.h"

namespace usance::sim {

namespace {

constexpr std::string_view kOpen = "open/";  // governance.proto, OpenProposal

Bytes bytes_of_key(const PublicKey& key) {
  return Bytes(key.bytes.begin(), key.bytes.end());
}

// As a node shows that it follows and holds its key.
governance::v1::Readiness readiness_of(const ChainId& chain, std::uint32_t id, const Signer& signer,
                                       Height height) {
  const Readiness content{id, signer.public_key(), height, Hash32{}};
  return {height.value, governance::bytes_of(content.result_hash),
          governance::bytes_of(signer.sign(readiness_digest(chain, content)))};
}

}  // namespace

void World::govern(std::size_t org, const char* method, Bytes arguments) {
  Transaction tx = blank(governors_[org]);
  tx.contract = governance::kContract;
  tx.method = method;
  tx.arguments = std::move(arguments);
  submit(sign(governors_[org], {std::move(tx)}));
}

void World::govern() {
  const HistoryView state = chain_state_->state(chain_state_->newest());
  vote_on_proposals(state);
  if (new_key_ && rekeying_.chance(300)) replace_key(state);
  if (random_.chance(400)) {
    change_keys(state);
  } else {
    propose_change(state);
  }
}

void World::vote_on_proposals(const HistoryView& state) {
  const Bytes from(kOpen.begin(), kOpen.end());
  Bytes to = from;
  to.back() += 1;
  const std::string scope = "proposals";
  for (const StateItem& open : state.list(std::string(governance::kContract),
                                          Bytes(scope.begin(), scope.end()), from, to, 8)) {
    std::uint64_t id = 0;
    for (std::size_t i = kOpen.size(); i < open.item.size(); ++i) id = (id << 8) | open.item[i];
    for (std::size_t org = 0; org < governors_.size(); ++org) {
      if (!random_.chance(600) || !voted_.emplace(id, org).second) continue;
      govern(org, "Vote", contract::to_wire(governance::v1::VoteRequest{id, !random_.chance(50)}));
    }
  }
}

// The set never becomes smaller than at the beginning, so that the liars stay at most f of it.
void World::propose_change(const HistoryView& state) {
  const std::size_t org = random_.below(governors_.size());
  if (random_.chance(200)) {
    Parameters parameters = governance::parameters(state);
    parameters.block_interval_ms = static_cast<std::uint32_t>(random_.between(0, 40));
    parameters.base_timeout_ms = static_cast<std::uint32_t>(random_.between(150, 300));
    parameters.anchor_interval_ms = random_.chance(300) ? random_.between(500, 2'000) : 0;
    return govern(org, "ProposeParameters", contract::to_wire(governance::record_of(parameters)));
  }
  const governance::ValidatorSchedule schedule = governance::validators(state);
  const ValidatorSet& newest = schedule.pending ? schedule.pending->set : schedule.current;
  const std::size_t member = random_.below(options_.nodes + knobs_.spares);
  const auto id = static_cast<std::uint32_t>(member + 1);
  const bool sits = newest.index_of(members_[member]->public_key()).has_value();
  if (sits && newest.size() <= options_.nodes) return;
  if (sits)
    return govern(org, "ProposeValidatorRemoval", contract::to_wire(governance::v1::NodeId{id}));
  const Height newest_height = chain_state_->newest();
  if (newest_height.value == 0) return;
  govern(org, "ProposeValidator",
         contract::to_wire(governance::v1::NewValidator{
             id, readiness_of(chain_, id, *members_[member], newest_height)}));
}

// The new key of who lost its memory, while it has a seat.
void World::replace_key(const HistoryView& state) {
  const auto id = static_cast<std::uint32_t>(*forgetful_ + 1);
  const auto node = governance::node(state, id);
  const Height newest = chain_state_->newest();
  if (!node || !node->validator || node->consensus_key == *new_public_ || newest.value == 0) return;
  governance::v1::NodeChange change;
  change.terms = {id, node->name, node->org.value, bytes_of_key(*new_public_),
                  Bytes(node->tls_key.bytes.begin(), node->tls_key.bytes.end())};
  change.readiness = readiness_of(chain_, id, *new_key_, newest);
  govern(rekeying_.below(governors_.size()), "ProposeNodeChange", contract::to_wire(change));
}

void World::change_keys(const HistoryView& state) {
  for (User& user : users_) {
    if (user.from) continue;
    if (const auto known = governance::key(state, user.org, user.signer->public_key()))
      user.from = Height(known->life.added.value + limits::kExecutionLag + 1);
  }
  const std::size_t org = random_.below(3);
  const auto live = std::count_if(users_.begin(), users_.end(),
                                  [](const User& user) { return user.from && !user.dying; });
  if (random_.chance(500) && users_.size() < 12) {
    User fresh{governors_[org].org, make_signer(), std::nullopt, false};
    const Bytes key = bytes_of_key(fresh.signer->public_key());
    users_.push_back(std::move(fresh));
    govern(org, "AddKey", contract::to_wire(governance::v1::NewKey{"maker", key}));
  } else if (live > 2) {
    User& victim = users_[random_.below(users_.size())];
    if (!victim.from || victim.dying) return;
    victim.dying = true;
    for (std::size_t i = 0; i < governors_.size(); ++i)
      if (governors_[i].org == victim.org)
        govern(
            i, "RevokeKey",
            contract::to_wire(governance::v1::KeyName{bytes_of_key(victim.signer->public_key())}));
  }
}

}  // namespace usance::sim
