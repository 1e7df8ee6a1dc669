// What Byzantine validators do besides running the protocol: at most f of them.
#include "base/hash.h"
#include "tools/usance-sim/world.h"

namespace usance::sim {

using namespace consensus;  // messages throughout

namespace {

Hash32 random_hash(Random& random) {
  Hash32 hash;
  for (auto& byte : hash.bytes) byte = static_cast<std::uint8_t>(random.next());
  return hash;
}

}  // namespace

void World::whisper(std::size_t from, std::size_t to, Message message) {
  if (linked(from, to)) deliver(from, to, std::make_shared<const Message>(std::move(message)));
}

Certificate World::forged_certificate(const VoteContent& content) {
  const ValidatorSet& set = current();
  Certificate out{content, std::vector<std::uint8_t>((set.size() + 7) / 8), {}};
  for (std::size_t i = 0; i < set.quorum(); ++i) {
    out.bitmap[i / 8] = static_cast<std::uint8_t>(out.bitmap[i / 8] | (1u << (i % 8)));
    Signature signature;
    for (auto& byte : signature.bytes) byte = static_cast<std::uint8_t>(random_.next());
    out.signatures.push_back(signature);
  }
  return out;
}

// Every 50 ms or so each liar considers a lie.
void World::act_as_liar(std::size_t slot) {
  const Lies& lies = lies_[slot];
  const Identity& self = processes_[slot]->identity();
  const ValidatorSet& set = current();
  const auto seat = set.index_of(self.key);
  const std::size_t victim = random_.below(processes_.size());
  if (lies.twin && random_.chance(20)) {
    // Who hears which of the two changes now and then.
    for (std::size_t other = 0; other < processes_.size(); ++other)
      hears_[slot][other] = random_.chance(600);
  }
  if (lies.replay && !heard_.empty() && random_.chance(500))
    if (linked(slot, victim)) deliver(slot, victim, heard_[random_.below(heard_.size())]);
  if (lies.huge_views && seat && random_.chance(100)) {
    ViewChange change;
    change.change.signer = *seat;
    change.change.content = ViewChangeContent{set.epoch, View(random_.next() >> random_.below(60)),
                                              Height{}, std::nullopt};
    if (change.change.content.view.value != 0) {
      change.change.signature =
          self.signer->sign(view_change_digest(chain_, change.change.content));
      whisper(slot, victim, change);
    }
  }
  if (lies.forge && random_.chance(200)) {
    Status status;
    status.committed = Height(certified_.value + random_.between(1, 40));
    status.certified = status.committed;
    whisper(slot, victim, status);
  }
  if (lies.wrong_results && seat && random_.chance(100)) {
    Vote vote;
    vote.content =
        VoteContent{VoteKind::kExec, set.epoch, View{},
                    Height(certified_.value + random_.between(1, 3)), random_hash(random_)};
    vote.signer = *seat;
    vote.signature = self.signer->sign(vote_digest(chain_, vote.content));
    whisper(slot, victim, vote);
  }
  if (lies.usurp && seat && random_.chance(150)) usurp(slot, set, *seat);
  if (lies.forge_votes && seat && random_.chance(300)) forge_votes(slot, victim, set);
  after(25 + random_.below(50), [this, slot] { act_as_liar(slot); });
}

// What a liar's own replica sends may be changed on the way out.
World::Packet World::lie(std::size_t from, const Packet& packet) {
  const Identity& self = processes_[from]->identity();
  // Blocks without the results' certificates: who catches up from them knows of no certified
  // height.
  if (const auto* blocks = std::get_if<Blocks>(packet.get());
      blocks != nullptr && lies_[from].withhold) {
    Blocks bare = *blocks;
    for (SyncedBlock& synced : bare.blocks) synced.result.reset();
    return std::make_shared<const Message>(std::move(bare));
  }
  const auto* vote = std::get_if<Vote>(packet.get());
  if (vote == nullptr || !lies_[from].wrong_results || !random_.chance(300)) return packet;
  Vote other = *vote;
  other.content.hash = random_hash(random_);
  other.signature = self.signer->sign(vote_digest(chain_, other.content));
  return std::make_shared<const Message>(other);
}

// A peer that serves blocks which nobody certified.
void World::answer_forged(std::size_t from, std::size_t to, const FetchBlocks& request) {
  const ValidatorSet& set = current();
  const Ledger& ledger = processes_[to]->disk().ledger;
  const Height parent(request.from.value - 1);
  if (parent > ledger.height()) return;
  Blocks forged;
  SyncedBlock& synced = forged.blocks.emplace_back();
  BlockHeader& header = synced.block.header;
  const BlockHeader& before =
      parent.value == 0 ? ledger.genesis_header() : ledger.at(parent).block->header;
  header = before;
  header.height = request.from;
  header.parent = block_hash(before);
  header.body_root = body_root(BlockBody{});
  header.time = TimeMs(before.time.value + 1 + random_.below(5));
  const Hash32 hash = block_hash(header);
  synced.commit =
      forged_certificate(VoteContent{VoteKind::kCommit, set.epoch, View{}, request.from, hash});
  if (random_.chance(300))
    synced.result = forged_certificate(
        VoteContent{VoteKind::kExec, set.epoch, View{}, request.from, random_hash(random_)});
  whisper(from, to, std::move(forged));
}

}  // namespace usance::sim
