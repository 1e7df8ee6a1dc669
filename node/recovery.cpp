#include "node/recovery.h"

#include <algorithm>
#include <random>

#include "consensus/vote_record.h"
#include "contracts/system/governance_view.h"
#include "node/epochs.h"

namespace usance::node {

namespace {

// Certificates are stored in order of height and without gaps, the newest perhaps not durably.
Result<Height> highest_certified(const storage::LedgerStore& store, Height head) {
  for (Height at = head; at.value > 0; at = Height(at.value - 1)) {
    const auto certificate = store.result_certificate(at);
    if (certificate) return at;
    if (certificate.error().code != ErrorCode::kNotFound)
      return tl::unexpected(certificate.error());
  }
  return Height(0);
}

Result<std::vector<consensus::Recovery::ParametersFrom>> recent_parameters(
    const storage::LedgerStore& store, Height head) {
  std::vector<consensus::Recovery::ParametersFrom> all;
  const std::uint64_t first =
      head.value > limits::kExecutionLag ? head.value - limits::kExecutionLag : 0;
  for (std::uint64_t at = std::max(first, store.base().value); at <= head.value; ++at) {
    USANCE_ASSIGN(const auto view, store.view(Height(at)));
    const Parameters parameters = governance::parameters(*view);
    // The core votes on nothing that is judged by a state below the base.
    if (all.empty())
      all.push_back({Height(first), parameters});
    else if (all.back().parameters != parameters)
      all.push_back({Height(at), parameters});
  }
  return all;
}

// The blocks of the open height that the vote record speaks of.
Result<std::vector<consensus::BlockPtr>> undecided_blocks(const storage::LedgerStore& store,
                                                          const Bytes& raw) {
  std::vector<consensus::BlockPtr> blocks;
  const auto record = decode<consensus::VoteRecord>(raw);
  if (!record) return blocks;  // the core treats it as forgotten votes
  std::vector<Hash32> hashes;
  for (const auto& cast : {record->proposed, record->prepared, record->committed})
    if (cast) hashes.push_back(cast->block);
  if (record->lock) hashes.push_back(record->lock->content.hash);
  std::sort(hashes.begin(), hashes.end());
  hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
  for (const Hash32& hash : hashes) {
    USANCE_ASSIGN(const auto block, store.find_block(record->height, hash));
    if (!block) continue;
    USANCE_ASSIGN(blocks.emplace_back(), checked_block(store.chain(), *block));
  }
  return blocks;
}

std::uint64_t fresh_number() {
  std::random_device device;
  std::uint64_t number = 0;
  while (number == 0) number = (std::uint64_t{device()} << 32) | device();
  return number;
}

}  // namespace

Result<consensus::BlockPtr> checked_block(const ChainId& chain, const Block& block) {
  auto made = std::make_shared<consensus::CheckedBlock>();
  made->header = block.header;
  made->hash = block_hash(block.header);
  for (const Bytes& raw : block.body.bundles) {
    auto bundle = CheckedBundle::decode_certified(chain, raw);
    if (!bundle)
      return fail(ErrorCode::kCorrupt, "a stored block at height " +
                                           std::to_string(block.header.height.value) +
                                           " does not decode: " + bundle.error().message);
    made->bundles.push_back(std::make_shared<const CheckedBundle>(*std::move(bundle)));
  }
  return made;
}

Result<consensus::Recovery> recover(const storage::LedgerStore& store, const ValidatorSet& genesis,
                                    const VoteLog& vote_log) {
  consensus::Recovery recovery;
  if (const auto newest = vote_log.newest()) {
    recovery.vote_record = newest->record;
    recovery.vote_log_sequence = newest->sequence;
    USANCE_ASSIGN(recovery.undecided, undecided_blocks(store, newest->record));
  }
  recovery.ledger_vote_sequence = store.recovery().vote_sequence;
  recovery.boot_nonce = fresh_number();
  recovery.base = store.base();
  const Height head = store.executed().value();
  USANCE_ASSIGN(recovery.head, store.header(head));
  if (head.value > 0) {
    USANCE_ASSIGN(recovery.head_commit, store.commit_certificate(head));
  }
  USANCE_ASSIGN(recovery.head_result, store.result_header(head));
  recovery.head_result_hash = result_hash(recovery.head_result);
  USANCE_ASSIGN(recovery.certified, highest_certified(store, head));
  if (recovery.certified.value > 0) {
    USANCE_ASSIGN(recovery.certified_proof, store.result_certificate(recovery.certified));
  }
  for (Height at = recovery.certified.next(); at <= head; at = at.next()) {
    USANCE_ASSIGN(const ResultHeader result, store.result_header(at));
    recovery.uncertified.push_back({at, result_hash(result)});
  }
  USANCE_ASSIGN(recovery.sets, sets_in_force(store, genesis, recovery.certified, head));
  USANCE_ASSIGN(const auto ordered, store.ordered_blocks());
  for (const storage::OrderedBlock& block : ordered) {
    USANCE_ASSIGN(auto checked, checked_block(store.chain(), block.block));
    recovery.ordered.push_back({std::move(checked), block.certificate});
  }
  USANCE_ASSIGN(auto recent, store.recent_ids(limits::kReplayHorizon));
  for (storage::BlockIds& ids : recent)
    recovery.recent_ids.push_back({ids.height, std::move(ids.ids)});
  USANCE_ASSIGN(const auto view, store.view(head));
  for (const KeyLife& life : governance::all_keys(*view))
    recovery.keys.push_back({life.org, life.key, life.added, life.revoked});
  USANCE_ASSIGN(recovery.parameters, recent_parameters(store, head));
  return recovery;
}

}  // namespace usance::node
