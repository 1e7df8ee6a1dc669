// Where the others stand, and catching up with them by ranges of decided blocks (C-11).
#include <algorithm>

#include "consensus/core.h"

namespace usance::consensus {

namespace {

constexpr std::uint64_t kStatusEveryMs = 500;
constexpr std::uint64_t kAnnounceEveryMs = 20;
constexpr std::uint64_t kAnswerWithinMs = 1'000;
constexpr std::uint64_t kAvoidMs = 2'000;
constexpr std::uint64_t kVotesFirstMs = 150;  // a validator's votes are usually under way
constexpr std::uint64_t kHelloEveryMs = 250;
constexpr std::size_t kMaxContradictions = 64;  // of one validator

}  // namespace

// C-7.4: until it may vote it says nothing of what it has written since it started, or the others
// could not tell that from what it wrote under the same numbers and lost.
Status Core::own_status() const {
  return Status{set_->epoch, view_, committed_, certified_, started_ ? durable_ : found_, 0, 0, 1};
}

// C-11.1: to all now and then, on progress to those that do not see the votes.
void Core::announce() {
  if (mutated(Mutation::kNeverAnnounced)) return;
  if (mono_ >= status_ms_ + kStatusEveryMs) {
    status_ms_ = mono_;
    announced_ms_ = mono_;
    announce_due_ = false;
    send(Audience::kAll, own_status());
  } else if (announce_due_ && mono_ >= announced_ms_ + kAnnounceEveryMs) {
    announced_ms_ = mono_;
    announce_due_ = false;
    // Inventory first: those that do not see the votes fetch what they lack.
    send(self_ ? Audience::kFollowers : Audience::kAll, own_status());
  }
}

// C-7.4: before its first vote a starting validator learns from q - 1 others that none of them saw
// a newer vote record of it than the one on its disk.
void Core::ask_peers() {
  if (mutated(Mutation::kHelloSkipped) && self_ && !amnesiac()) started_ = true;
  if (!is_validator() || started_ || amnesiac()) return;
  if (hello_ms_ != 0 && mono_ < hello_ms_ + kHelloEveryMs) return;
  hello_ms_ = std::max<std::uint64_t>(mono_, 1);
  send(Audience::kValidators, Hello{boot_nonce_});
}

void Core::on_message(const PeerId& from, const Hello& hello) {
  Status status = own_status();
  const ValidatorSet* last = sets_.at(certified_.next());
  if (const auto index = set_->index_of(from)) {
    status.echo = hello.nonce;
    status.seen_sequence = record_.seen[*index];
  } else if (last != nullptr && last->index_of(from)) {
    status.echo = hello.nonce;  // it has left, and its last votes are on results alone
    const auto seen = std::ranges::find(record_.left, from, &SeenOfKey::key);
    if (seen != record_.left.end()) status.seen_sequence = seen->sequence;
  }
  send(Audience::kPeer, status, from);
}

void Core::on_message(const PeerId& from, const Status& status) {
  if (PeerInfo* info = peer(from)) info->status = status;
  const auto index = set_->index_of(from);
  if (!index) return;
  record_.seen[*index] = std::max(record_.seen[*index], status.sequence);
  if (status.echo == 0 || status.echo != boot_nonce_ || started_ || amnesiac()) return;
  // Who is in another epoch speaks of another key of this node, perhaps.
  if (status.epoch != set_->epoch) return;
  if (status.seen_sequence > found_ && !mutated(Mutation::kLogLossIgnored)) {
    // One liar does not take this node's vote away; an honest witness does.
    saw_newer_.insert(*index);
    if (saw_newer_.size() > set_->faults()) forget_key();
    return;
  }
  answered_.insert(*index);
  started_ = answered_.size() + (self_ ? 1 : 0) >= set_->quorum();
}

// C-11.1: a peer that is ahead, another one each time; peers that failed lately are left alone.
std::optional<PeerId> Core::pick_source(bool results) {
  std::vector<PeerId> sources;
  for (const auto& [id, info] : peers_) {
    const bool ahead =
        results ? info.status.certified > certified_ : info.status.committed > committed_;
    if (ahead && info.avoid_until_ms <= mono_) sources.push_back(id);
  }
  if (sources.empty()) return std::nullopt;
  return sources[rotation_++ % sources.size()];
}

void Core::catch_up() {
  if (fetch_deadline_ms_ != 0 && mono_ >= fetch_deadline_ms_ &&
      !mutated(Mutation::kFetchNeverEnds)) {
    fetch_deadline_ms_ = 0;
    avoid(fetch_from_, kAvoidMs);
  }
  if (results_deadline_ms_ != 0 && mono_ >= results_deadline_ms_) {
    results_deadline_ms_ = 0;
    avoid(results_from_, kAvoidMs);
  }
  const std::uint64_t patience = self_ && started_ ? kVotesFirstMs : 0;
  if (fetch_deadline_ms_ == 0 && !syncing_job_ && execution_keeps_up()) {
    const auto source = pick_source(false);
    if (!source) {
      behind_since_ms_.reset();
    } else {
      if (!behind_since_ms_) behind_since_ms_ = mono_;
      if (mono_ >= *behind_since_ms_ + patience) {
        fetch_from_ = *source;
        fetch_deadline_ms_ = mono_ + kAnswerWithinMs;
        send(Audience::kPeer, FetchBlocks{open(), static_cast<std::uint32_t>(kMaxSyncBlocks)},
             *source);
      }
    }
  }
  const auto first = results_.find(certified_.next());
  const bool lacks =
      executed_ > certified_ && (first == results_.end() || !first->second.certificate);
  const auto source = lacks && results_deadline_ms_ == 0 ? pick_source(true) : std::nullopt;
  if (!source) {
    if (!lacks) results_behind_ms_.reset();
    return;
  }
  if (!results_behind_ms_) results_behind_ms_ = mono_;
  if (mono_ < *results_behind_ms_ + patience) return;
  results_from_ = *source;
  results_deadline_ms_ = mono_ + kAnswerWithinMs;
  const auto count =
      std::min<std::uint64_t>(kMaxResultsPerMessage, executed_.value - certified_.value);
  send(Audience::kPeer, FetchResults{certified_.next(), static_cast<std::uint32_t>(count)},
       *source);
}

void Core::on_message(const PeerId& from, const FetchBlocks& request) {
  if (request.from.value == 0 || request.from > committed_) return;
  auto at = tail_.find(request.from);
  if (at == tail_.end()) {
    const std::uint64_t first_here =
        tail_.empty() ? committed_.value + 1 : tail_.begin()->first.value;
    if (request.from.value >= first_here) return;
    const auto count = std::min<std::uint64_t>(request.count, first_here - request.from.value);
    return emit(ServeBlocks{from, request.from, static_cast<std::uint32_t>(count)});
  }
  Blocks reply;
  std::size_t bytes = 0;
  for (; at != tail_.end() && reply.blocks.size() < request.count; ++at) {
    const Decided& d = at->second;
    for (const BundlePtr& bundle : d.block->bundles) bytes += bundle->raw().size();
    if (!reply.blocks.empty() && bytes > kMaxSyncBytes) break;
    SyncedBlock synced{Block{d.block->header, d.block->body()}, d.commit, std::nullopt};
    const auto result = certificates_.find(at->first);
    if (result != certificates_.end()) synced.result = result->second;
    reply.blocks.push_back(std::move(synced));
  }
  send(Audience::kPeer, reply, from);
}

// C-11.2: judged by the chain and by certificates; bundle signatures are not judged again.
void Core::on_message(const PeerId& from, const Blocks& message) {
  if (fetch_deadline_ms_ == 0 || from != fetch_from_) return;  // nobody asked
  // The answer to what was asked before a restart, perhaps: this node had come further.
  if (!message.blocks.empty() && message.blocks.front().block.header.height > open()) return;
  fetch_deadline_ms_ = 0;
  CheckJob job{CheckJob::Purpose::kSync, from, {}, {}, {}};
  std::vector<Bytes> unknown;
  Height expected = open();
  Hash32 parent = head_hash_;
  for (const SyncedBlock& synced : message.blocks) {
    const BlockHeader& header = synced.block.header;
    if (header.height < expected) continue;  // decided meanwhile
    const ValidatorSet* set = sets_.at(header.height);
    if (set == nullptr || set->epoch != header.epoch) break;  // after what is executed here
    const Hash32 hash = block_hash(header);
    const VoteContent& commit = synced.commit.content;
    if (header.chain != config_.chain || header.height != expected || header.parent != parent ||
        commit != VoteContent{VoteKind::kCommit, set->epoch, commit.view, expected, hash} ||
        !(check_.certificate(*set, synced.commit) || mutated(Mutation::kSyncUnchecked)))
      return drop(from, "a range of blocks that is not the certified chain");
    if (synced.result) {
      const VoteContent& result = synced.result->content;
      if (result != VoteContent{VoteKind::kExec, set->epoch, View{}, expected, result.hash} ||
          !check_.certificate(*set, *synced.result))
        return drop(from, "a block with an invalid result certificate");
    }
    auto block = assemble(header, hash, synced.block.body, unknown);
    if (!block) return drop(from, "a body that does not match its header");
    job.blocks.push_back(std::move(block));
    job.commits.push_back(synced.commit);
    job.results.push_back(synced.result);
    expected = expected.next();
    parent = hash;
  }
  if (job.blocks.empty()) return avoid(from, kAvoidMs);
  syncing_job_ = true;
  check_or_finish(std::move(job), std::move(unknown), false);
}

void Core::finish_sync(CheckJob job) {
  syncing_job_ = false;
  for (std::size_t i = 0; i < job.blocks.size() && halted_.empty(); ++i) {
    const auto& block = job.blocks[i];
    if (block->header.height == open() && block->header.parent == head_hash_)
      decide(block, job.commits[i]);
    if (job.results[i] && !learn_result(*job.results[i])) return;
  }
  catch_up();
}

void Core::on_message(const PeerId& from, const FetchResults& request) {
  auto at = certificates_.find(request.from);
  if (at == certificates_.end()) {
    if (request.from <= certified_ && request.from.value != 0)
      emit(ServeResults{from, request.from, request.count});
    return;
  }
  Results reply;
  for (; at != certificates_.end() && reply.certificates.size() < request.count; ++at)
    reply.certificates.push_back(at->second);
  send(Audience::kPeer, reply, from);
}

void Core::on_message(const PeerId& from, const Results& message) {
  if (from == results_from_) results_deadline_ms_ = 0;
  for (const Certificate& certificate : message.certificates) {
    const VoteContent& content = certificate.content;
    if (content.height <= certified_) continue;
    const ValidatorSet* set = sets_.at(content.height);
    if (set == nullptr || content.height > committed_) break;
    if (content != VoteContent{VoteKind::kExec, set->epoch, View{}, content.height, content.hash} ||
        !(check_.certificate(*set, certificate) || mutated(Mutation::kResultUnchecked)))
      return drop(from, "an invalid result certificate");
    if (!learn_result(certificate)) return;
    certify();
  }
}

void Core::on_message(const PeerId&, const BundleGossip&) {
  // Comes back as BundleAdmitted once its signature is verified outside.
}

// C-12.1: reports each contradiction once, and only so many of one validator: they prove nothing
// new, and must not keep those of another one out.
void Core::found(Evidence evidence) {
  const auto key =
      evidence.votes.empty()
          ? std::tuple(evidence.proposals[0].signer, std::uint8_t{0},
                       evidence.proposals[0].content.epoch, evidence.proposals[0].content.view,
                       evidence.proposals[0].content.height)
          : std::tuple(evidence.votes[0].signer,
                       static_cast<std::uint8_t>(evidence.votes[0].content.kind),
                       evidence.votes[0].content.epoch, evidence.votes[0].content.view,
                       evidence.votes[0].content.height);
  const ValidatorSet* set = sets_.of(std::get<Epoch>(key));
  if (set == nullptr) return;
  const PublicKey& validator = set->validators[std::get<0>(key)].key;
  std::size_t& reported = contradictions_of_[validator];
  if (reported >= kMaxContradictions || !contradictions_.insert(key).second) return;
  ++reported;
  emit(EvidenceFound{validator, std::move(evidence)});
}

}  // namespace usance::consensus
