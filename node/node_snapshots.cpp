// Snapshots in the node: served to others, and what a node without a ledger begins with.
#include "node/log.h"
#include "node/node.h"

namespace usance::node {

void Node::make_snapshots() {
  const auto send = [this](const PublicKey& peer, const std::shared_ptr<const Bytes>& bytes) {
    peers_->send(peer, bytes);
  };
  snapshots_ = std::make_unique<SnapshotServer>(*store_, *queries_, *damage_, send);
  snapshot_counters_->fetching = false;
  const Height executed = *store_->executed();
  if (executed != Height(0)) snapshots_->take();
  const auto genesis = store_->genesis_result();
  if (executed != Height(0) || config_.snapshot_after == 0 || !genesis) return;
  SnapshotJoin::Options options;
  options.genesis = &identity_.genesis;
  options.recoveries = recoveries_.all();
  options.verifier = &ed25519_verifier();
  options.self = identity_.keys.current->public_key();
  options.genesis_result = *genesis;
  options.directory = snapshot_directory(config_.data_dir);
  options.after = config_.snapshot_after;
  options.counters = snapshot_counters_;
  SnapshotJoin::Outputs outputs;
  outputs.peers = [this] {
    std::vector<PublicKey> keys;
    for (const PeerState& peer : peers_->peers())
      if (peer.connected) keys.push_back(peer.node.key);
    return keys;
  };
  outputs.name = [this](const PublicKey& key) {
    const KnownNode* node = directory_->get()->by_key(key);
    return node != nullptr ? node->name : "unknown";
  };
  outputs.send = send;
  outputs.drop = [this](const PublicKey& peer, const std::string& why) { peers_->drop(peer, why); };
  outputs.whole = [this](Height height) {
    log::info("snapshot.whole", "the snapshot is here: the node is opened anew with it",
              {{"height", height}});
    reopen_ = true;
  };
  join_ = std::make_unique<SnapshotJoin>(std::move(options), std::move(outputs));
}

Result<void> Node::receive_snapshot(const KnownNode& from, ByteView bytes,
                                    const ByteCharge& charge) {
  USANCE_ASSIGN(auto message, consensus::decode_snapshot_message(bytes));
  if (auto* request = std::get_if<consensus::SnapshotRequest>(&message))
    snapshots_->receive(from.key, std::move(*request));
  else if (join_)
    join_->receive(from.key, std::move(std::get<consensus::SnapshotAnswer>(message)), charge);
  return {};
}

// While it is not decided, the core takes part, as in a network that begins, but does not fetch the
// blocks which a snapshot would spare it. While one is fetched the core knows of nothing.
bool Node::withheld(const KnownNode& from, const consensus::Message& message) {
  if (!join_) return false;
  const SnapshotJoin::Phase phase = join_->phase();
  if (phase == SnapshotJoin::Phase::kOver) return false;
  if (const auto* status = std::get_if<consensus::Status>(&message))
    join_->heard(from.key, status->committed);
  return phase != SnapshotJoin::Phase::kUndecided ||
         std::holds_alternative<consensus::Blocks>(message);
}

}  // namespace usance::node
