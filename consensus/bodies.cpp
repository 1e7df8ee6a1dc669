// Blocks whose bundles are not known here: decoding outside, and asking others for what is missing.
#include <algorithm>

#include "base/hash.h"
#include "consensus/core.h"

namespace usance::consensus {

namespace {

constexpr std::size_t kMaxJobs = 8;
constexpr std::uint64_t kAskEveryMs = 150;

}  // namespace

BlockBody CheckedBlock::body() const {
  BlockBody body;
  body.bundles.reserve(bundles.size());
  for (const BundlePtr& bundle : bundles) body.bundles.push_back(bundle->raw());
  return body;
}

// C-10.4: bundles that this node verified before are taken from the mempool by the hash of their
// whole bytes; null if the body is not the one that the header commits to.
std::shared_ptr<CheckedBlock> Core::assemble(const BlockHeader& header, const Hash32& hash,
                                             const BlockBody& body,
                                             std::vector<Bytes>& unknown) const {
  auto block = std::make_shared<CheckedBlock>();
  block->header = header;
  block->hash = hash;
  std::vector<Hash32> hashes;
  hashes.reserve(body.bundles.size());
  for (const Bytes& raw : body.bundles) hashes.push_back(sha256(raw));
  if (body_root(hashes) != header.body_root) return nullptr;
  for (std::size_t i = 0; i < hashes.size(); ++i) {
    block->bundles.push_back(pool_.find(hashes[i]));
    if (!block->bundles.back()) unknown.push_back(body.bundles[i]);
  }
  return block;
}

void Core::check_or_finish(CheckJob job, std::vector<Bytes> unknown, bool signatures) {
  if (unknown.empty()) return finish(std::move(job));
  const std::uint64_t ticket = next_ticket_++;
  jobs_.emplace(ticket, std::move(job));
  if (jobs_.size() > kMaxJobs) {
    if (jobs_.begin()->second.purpose == CheckJob::Purpose::kSync) syncing_job_ = false;
    jobs_.erase(jobs_.begin());
  }
  emit(CheckBundles{ticket, signatures, std::move(unknown)});
}

void Core::on(const BundlesChecked& event) {
  const auto found = jobs_.find(event.ticket);
  if (found == jobs_.end()) return;
  CheckJob job = std::move(found->second);
  jobs_.erase(found);
  std::size_t next = 0;
  bool whole = true;
  for (const auto& block : job.blocks) {
    for (BundlePtr& bundle : block->bundles) {
      if (bundle) continue;
      bundle = next < event.bundles.size() ? event.bundles[next] : nullptr;
      ++next;
      whole = whole && bundle != nullptr;
    }
  }
  if (whole) return finish(std::move(job));
  if (job.purpose == CheckJob::Purpose::kSync) syncing_job_ = false;
  if (job.purpose == CheckJob::Purpose::kCandidate && candidate_ &&
      candidate_->hash == job.blocks.front()->hash) {
    candidate_->refused = true;
    candidate_->reason = "a bundle does not decode or its signature does not verify";
  }
  drop(job.from, "a block with an invalid bundle");
}

void Core::finish(CheckJob job) {
  if (job.purpose == CheckJob::Purpose::kSync) return finish_sync(std::move(job));
  const BlockPtr block = job.blocks.front();
  if (block->header.height != open() || block->header.parent != head_hash_) return;
  if (candidate_ && candidate_->hash == block->hash) candidate_->block = block;
  keep_body(block);
}

void Core::keep_body(const BlockPtr& block) {
  bodies_[block->hash] = block;
  if (undecided_commit_ && undecided_commit_->content.hash == block->hash)
    learn_commit(Certificate(*undecided_commit_));
}

// Asks one voter after the other for the body behind a certificate, or for a proposal that others
// voted for and that did not arrive here.
void Core::fetch_missing_bodies() {
  std::optional<Certificate> wanted = undecided_commit_;
  if (!wanted && begun_ && !changing_ && is_leader() && needs_proof() && !candidate_) {
    const auto lock = highest_lock(begun_->proof, committed_);
    if (lock && !bodies_.contains(lock->block)) wanted = begun_->proof.lock;
  }
  if (wanted && !bodies_.contains(wanted->content.hash) && mono_ >= asked_body_ms_ + kAskEveryMs) {
    asked_body_ms_ = mono_;
    const std::vector<std::uint32_t> who = signers(*wanted);
    const Validator& voter = set_->validators[who[rotation_++ % who.size()]];
    if (!is_own(voter.key))
      send(Audience::kPeer, FetchBody{open(), wanted->content.hash}, voter.key);
  }
  if (wanted || candidate_ || !self_ || mono_ < asked_proposal_ms_ + kAskEveryMs) return;
  const auto votes = votes_.find(open());
  if (votes == votes_.end()) return;
  std::vector<const Vote*> useful;
  for (const auto* slots : {&votes->second.prepare, &votes->second.commit})
    for (const auto& slot : *slots)
      if (slot && slot->signer != self_ && slot->content.view >= std::max(view_, asked_))
        useful.push_back(&*slot);
  if (useful.empty()) return;
  asked_proposal_ms_ = mono_;
  const Vote& vote = *useful[rotation_++ % useful.size()];
  send(Audience::kPeer, FetchProposal{vote.content.epoch, vote.content.view, open()},
       set_->validators[vote.signer].key);
}

void Core::on_message(const PeerId& from, const FetchBody& request) {
  BlockPtr block;
  const auto undecided = bodies_.find(request.block);
  const auto decided = tail_.find(request.height);
  if (undecided != bodies_.end()) {
    block = undecided->second;
  } else if (decided != tail_.end() && decided->second.block->hash == request.block) {
    block = decided->second.block;
  }
  if (block) send(Audience::kPeer, BlockReply{Block{block->header, block->body()}}, from);
}

void Core::on_message(const PeerId& from, const BlockReply& reply) {
  const BlockHeader& header = reply.block.header;
  if (header.height != open() || header.parent != head_hash_) return;
  const Hash32 hash = block_hash(header);
  const auto lock = begun_ ? highest_lock(begun_->proof, committed_) : std::nullopt;
  const bool wanted = (undecided_commit_ && undecided_commit_->content.hash == hash) ||
                      (lock && lock->block == hash);
  if (!wanted || bodies_.contains(hash)) return;
  CheckJob job{CheckJob::Purpose::kBody, from, {}, {}, {}};
  std::vector<Bytes> unknown;
  auto block = assemble(header, hash, reply.block.body, unknown);
  if (!block) return drop(from, "a body that does not match its header");
  job.blocks.push_back(std::move(block));
  check_or_finish(std::move(job), std::move(unknown), false);
}

void Core::on_message(const PeerId& from, const FetchProposal& request) {
  if (request.height < open()) return answer_stale(from);
  if (!candidate_ || !candidate_->message || request.epoch != set_->epoch ||
      request.height != open() || request.view != candidate_->view)
    return;
  const auto& proposal = std::get<Proposal>(*candidate_->message);
  if (self_ && proposal.signer == *self_ && !own_proposal_is_durable()) return;
  send(Audience::kPeer, *candidate_->message, from);
}

}  // namespace usance::consensus
