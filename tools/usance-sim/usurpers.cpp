// Liars that propose when it is not their turn, and that send what others never signed.
#include <algorithm>

#include "base/hash.h"
#include "tools/usance-sim/world.h"

namespace usance::sim {

using namespace consensus;  // messages throughout

namespace {

template <class Bits>
Bits nobodys(Random& random) {
  Bits out;
  for (auto& byte : out.bytes) byte = static_cast<std::uint8_t>(random.next());
  return out;
}

}  // namespace

// A proposal of its own in the place of one that it heard: out of turn, in a view that has not
// begun, or a second one of its own view.
void World::usurp(std::size_t slot, const ValidatorSet& set, std::uint32_t seat) {
  if (!last_proposal_) return;
  Proposal lie = std::get<Proposal>(*last_proposal_);
  if (lie.header.epoch != set.epoch) return;
  lie.view = View(lie.view.value + random_.below(2 * set.size()));
  if (random_.chance(600))
    while (set.leader(lie.view, lie.header.height) != seat) lie.view = lie.view.next();
  if (random_.chance(700)) lie.new_view.reset();
  lie.header.view = lie.view;
  lie.header.proposer = seat;
  lie.header.time = TimeMs(lie.header.time.value + random_.below(3));
  if (random_.chance(200)) lie.body.bundles.clear();
  lie.header.body_root = body_root(lie.body);
  lie.signer = seat;
  lie.signature = processes_[slot]->identity().signer->sign(proposal_digest(
      chain_, ProposalContent{set.epoch, lie.view, lie.header.height, block_hash(lie.header)}));
  for (std::size_t to = 0; to < processes_.size(); ++to)
    if (random_.chance(700)) whisper(slot, to, lie);
}

void World::forge_votes(std::size_t slot, std::size_t victim, const ValidatorSet& set) {
  const std::uint64_t what = random_.below(4);
  if (what < 2) {
    // The newest vote that it heard, in another's name.
    const Vote* newest = nullptr;
    for (const Packet& packet : heard_)
      if (const auto* vote = std::get_if<Vote>(packet.get()))
        if (newest == nullptr || vote->content.height >= newest->content.height) newest = vote;
    if (newest == nullptr || newest->content.epoch != set.epoch) return;
    Vote lie = *newest;
    lie.signer = static_cast<std::uint32_t>(random_.below(set.size()));
    lie.signature = nobodys<Signature>(random_);
    whisper(slot, victim, lie);
  } else if (what == 2) {
    Results results;
    results.certificates.push_back(forged_certificate(VoteContent{
        VoteKind::kExec, set.epoch, View{}, certified_.next(), nobodys<Hash32>(random_)}));
    whisper(slot, victim, std::move(results));
  } else {
    // A lock that never was.
    const Ledger& ledger = processes_[slot]->disk().ledger;
    const auto seat = set.index_of(processes_[slot]->identity().key);
    if (!seat || ledger.height().value == 0) return;
    const Certificate& last = ledger.at(ledger.height()).commit;
    if (last.content.epoch != set.epoch) return;
    // Of the view that others ask for, and of a block that its leader has, if there are any.
    View above(last.content.view.value + 1 + random_.below(3));
    for (const Packet& packet : heard_)
      if (const auto* asked = std::get_if<ViewChange>(packet.get());
          asked != nullptr && asked->change.content.epoch == set.epoch)
        above = std::max(above, asked->change.content.view);
    const View locked_in(above.value - 1);
    Hash32 block = nobodys<Hash32>(random_);
    if (last_proposal_) {
      const BlockHeader& header = std::get<Proposal>(*last_proposal_).header;
      if (header.height == ledger.height().next()) block = block_hash(header);
    }
    ViewChange change;
    change.change.signer = *seat;
    change.change.content =
        ViewChangeContent{set.epoch, above, ledger.height(), LockRef{locked_in, block}};
    change.last_commit = last;
    change.lock = forged_certificate(
        VoteContent{VoteKind::kPrepare, set.epoch, locked_in, ledger.height().next(), block});
    change.change.signature = processes_[slot]->identity().signer->sign(
        view_change_digest(chain_, change.change.content));
    whisper(slot, victim, std::move(change));
  }
}

}  // namespace usance::sim
