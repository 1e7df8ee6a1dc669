// What the core's outputs set in motion. All of these run on the core thread and only hand over.
#include "consensus/divergence.h"
#include "node/log.h"
#include "node/misbehaviour.h"
#include "node/node.h"

namespace usance::node {

namespace {

// A read of the store for a peer: what cannot be read it asks of others, but damage is told here.
template <class T>
Result<T> watched(DamageAlarm& damage, Result<T> read) {
  if (!read) damage.saw(read.error());
  return read;
}

Result<consensus::ResultParts> stored_parts(const storage::LedgerStore& store, Height height) {
  USANCE_ASSIGN(const ResultHeader header, store.result_header(height));
  USANCE_ASSIGN(const std::vector<Receipt> receipts, store.receipts(height));
  return consensus::result_parts(header, receipts);
}

}  // namespace

void Node::send(const consensus::Send& send) {
  if (send.audience == consensus::Audience::kPeer)
    peers_->send(send.peer, send.bytes);
  else
    peers_->broadcast(send.audience, send.bytes);
}

void Node::persist(consensus::Persist persist) {
  for (const auto& stored : persist.blocks)
    if (!stored.commit) rounds_.voted(stored.block->header.height);
  log_->persist(std::move(persist));
}
void Node::check(consensus::CheckBundles check) {
  verify_->check(std::move(check));
}
void Node::execute(consensus::Execute execute) {
  rounds_.decided(execute.block->header.height);
  delivery_->ordered(execute.block);
  exec_->execute(std::move(execute));
}
void Node::certified(consensus::ResultCertified certified) {
  exec_->certified(std::move(certified));
}
void Node::drop(const consensus::DropPeer& drop) {
  peers_->drop(drop.peer, drop.reason);
}
void Node::admissions(std::vector<consensus::Admission> admissions) {
  delivery_->admissions(std::move(admissions));
}
void Node::evicted(std::vector<consensus::Evicted> evicted) {
  delivery_->evicted(std::move(evicted));
}

// A request that finds the queue full is lost; the peer asks again.
void Node::serve(consensus::ServeBlocks serve) {
  static_cast<void>(queries_->submit([this, serve](Executor&) {
    consensus::Blocks answer;
    std::size_t bytes = 0;
    const std::uint64_t count = std::min<std::uint64_t>(serve.count, consensus::kMaxSyncBlocks);
    for (std::uint64_t i = 0; i < count; ++i) {
      const Height height(serve.from.value + i);
      auto block = watched(*damage_, store_->block(height));
      auto commit = watched(*damage_, store_->commit_certificate(height));
      if (!block || !commit) break;
      std::size_t size = 4'096;
      for (const Bytes& bundle : block->body.bundles) size += bundle.size() + 8;
      if (!answer.blocks.empty() && bytes + size > consensus::kMaxSyncBytes) break;
      bytes += size;
      consensus::SyncedBlock synced{*std::move(block), *std::move(commit), std::nullopt};
      if (auto result = watched(*damage_, store_->result_certificate(height)))
        synced.result = *std::move(result);
      answer.blocks.push_back(std::move(synced));
    }
    // Nothing at all where this ledger begins above it: the peer asks another one at once.
    if (!answer.blocks.empty() || serve.from <= store_->base())
      peers_->send(serve.peer,
                   std::make_shared<const Bytes>(consensus::encode_message(std::move(answer))));
  }));
}

void Node::serve(consensus::ServeResults serve) {
  static_cast<void>(queries_->submit([this, serve](Executor&) {
    consensus::Results answer;
    const std::uint64_t count =
        std::min<std::uint64_t>(serve.count, consensus::kMaxResultsPerMessage);
    for (std::uint64_t i = 0; i < count; ++i) {
      auto certificate =
          watched(*damage_, store_->result_certificate(Height(serve.from.value + i)));
      if (!certificate) break;
      answer.certificates.push_back(*std::move(certificate));
    }
    if (!answer.certificates.empty())
      peers_->send(serve.peer,
                   std::make_shared<const Bytes>(consensus::encode_message(std::move(answer))));
  }));
}

void Node::serve(consensus::ServeResultParts serve) {
  static_cast<void>(queries_->submit([this, serve](Executor&) {
    if (auto parts = watched(*damage_, stored_parts(*store_, serve.height)))
      peers_->send(serve.peer,
                   std::make_shared<const Bytes>(consensus::encode_message(*std::move(parts))));
  }));
}

void Node::evidence(const consensus::EvidenceFound& found) {
  const KnownNode* node = directory_->get()->by_key(found.validator);
  log::error("consensus.evidence", "a validator has contradicted itself",
             {{"node", node != nullptr ? node->name : "unknown"},
              {"key", to_hex(found.validator)},
              {"action",
               "the node reports it where it has keys.reporter; else: usance node misbehaviour "
               "--report"}});
  static_cast<void>(queries_->submit([this, found](Executor&) {
    if (auto kept = keep_contradiction(config_.data_dir, found); !kept)
      log::error("consensus.evidence", kept.error().message);
  }));
}

void Node::halted(const consensus::Halted& halted) {
  delivery_->halt(halted.reason);
  log::error("consensus.halted",
             "this node votes no more: its results contradict the quorum's; it still serves what "
             "it has",
             {{"height", halted.height},
              {"reason", halted.reason},
              {"own", halted.own.value_or(Hash32{})},
              {"certified", halted.certified.value_or(Hash32{})}});
}

// The core does not ask again, so the comparison must not be lost in a full queue: it is done here,
// on the core thread, which has nothing else to do any more.
void Node::diverged(consensus::Diverged diverged) {
  const Height height = diverged.certified.header.height;
  const KnownNode* peer = directory_->get()->by_key(diverged.peer);
  const std::string peer_name = peer != nullptr ? peer->name : to_hex(diverged.peer);
  const auto own = watched(*damage_, stored_parts(*store_, height));
  const std::string what = own ? consensus::first_difference(*own, diverged.certified) +
                                     " (compared with " + peer_name + ")"
                               : "this node's own receipts cannot be read: " + own.error().message;
  log::error("consensus.divergence", what, {{"height", height}, {"peer", peer_name}});
  core_->answer(consensus::DifferenceFound{what});
}

}  // namespace usance::node
