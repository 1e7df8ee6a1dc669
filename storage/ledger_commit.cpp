// Staging and committing results: everything of one height in one batch.
#include <algorithm>

#include "storage/ledger_store_impl.h"
#include "storage/outcome_index.h"
#include "storage/packed_list.h"

namespace usance::storage {

using keys::OutcomePart;

StagedState::StagedState(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
StagedState::StagedState(StagedState&&) noexcept = default;
StagedState& StagedState::operator=(StagedState&&) noexcept = default;
StagedState::~StagedState() = default;
Height StagedState::height() const {
  return impl_->staging.version.height;
}
const Hash32& StagedState::state_root() const {
  return impl_->staging.version.tree.root.hash;
}

namespace {

tl::unexpected<Error> mismatch(const char* what) {
  return fail(ErrorCode::kInvalidArgument, std::string("a commit does not fit: ") + what);
}

void put_event_index(Batch& batch, Height height, std::span<const Event> events) {
  // One key per contract and event key, ascending.
  std::vector<std::pair<std::string, std::uint32_t>> rows;
  rows.reserve(events.size());
  for (std::uint32_t i = 0; i < events.size(); ++i)
    rows.emplace_back(keys::event(events[i].contract, events[i].key, height), i);
  std::sort(rows.begin(), rows.end());
  std::string positions;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    keys::append_number(positions, rows[i].second);
    if (i + 1 < rows.size() && rows[i + 1].first == rows[i].first) continue;
    batch.put(Family::kEvents, rows[i].first, positions);
    positions.clear();
  }
}

void put_index(Batch& batch, Family family, const std::vector<IndexWrite>& writes) {
  for (const IndexWrite& write : writes)
    write.value ? batch.put(family, write.key, *write.value) : batch.erase(family, write.key);
}

void put_state(Batch& batch, const Staging& staging) {
  for (const StagedObject& object : staging.objects)
    batch.put(Family::kObjects, keys::address(object.address), slice(object.record));
  for (const NewPage& page : staging.pages.pages)
    batch.put(Family::kPages, keys::address(page.address),
              slice(encode_page(page.kind, *page.page)));
  put_index(batch, Family::kItems, staging.items);
  put_index(batch, Family::kScopes, staging.scopes);
}

bool ascending(std::span<const Event> events, std::size_t actions) {
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (events[i].action >= actions) return false;
    if (i > 0 && !(std::pair(events[i - 1].action, events[i - 1].index) <
                   std::pair(events[i].action, events[i].index)))
      return false;
  }
  return true;
}

}  // namespace

Result<StagedState> LedgerStore::stage(Height height, std::span<const StateChange> changes) {
  const auto done = executed();
  if (height != (done ? done->next() : Height(0)))
    return fail(ErrorCode::kInvalidArgument,
                "height " + std::to_string(height.value) + " is not the next to execute");
  USANCE_ASSIGN(Staging staging, stage_changes(impl_->source, impl_->state, height, changes));
  return StagedState(std::make_unique<StagedState::Impl>(StagedState::Impl{std::move(staging)}));
}

Result<void> LedgerStore::commit(const StagedState& staged, const DecidedBlock& block,
                                 std::span<const Receipt> receipts, std::span<const Event> events,
                                 const ResultHeader& result) {
  Impl& s = *impl_;
  const Staging& staging = staged.impl_->staging;
  const Height height = staging.version.height;
  const Hash32 hash = block_hash(block.header);
  const auto done = executed();
  if (height != (done ? done->next() : Height(0))) return mismatch("the height is not the next");
  if (block.header.height != height || result.height != height)
    return mismatch("block, result and state are of different heights");
  if (block.header.chain != s.chain || result.chain != s.chain)
    return mismatch("it is of another network");
  if (done && block.header.parent != s.last_block) return mismatch("the block has another parent");
  if (result.block != hash) return mismatch("the result is of another block");
  if (result.state_root != staged.state_root()) return mismatch("the state root is another");
  if (result.ledger_root != next_ledger_root()) return mismatch("the ledger root is another");
  if (result.actions != receipts.size()) return mismatch("there is not one receipt per action");
  if (!ascending(events, receipts.size())) return mismatch("the events are out of order");

  Batch batch(*s.database);
  USANCE_ASSIGN(const auto known, s.find_header(height, hash));
  if (!known) {
    if (block.body == nullptr) return mismatch("the block's body is not stored");
    s.put_block(batch, block.header, hash, *block.body);
  }
  if (block.certificate != nullptr) {
    if (block.certificate->content.kind != VoteKind::kCommit ||
        block.certificate->content.height != height || block.certificate->content.hash != hash)
      return mismatch("the commit certificate is of another block");
    USANCE_TRY(s.put_certificate(batch, *block.certificate));
  } else if (height != Height(0)) {
    USANCE_ASSIGN(const auto stored, s.find_certificate(height, VoteKind::kCommit));
    if (!stored || stored->content.hash != hash)
      return mismatch("the block's commit certificate is not stored");
  }
  USANCE_TRY(s.delete_competitors(batch, height, hash));

  const StoredResult stored{result, staging.version.tree.root.kind,
                            staging.version.tree.page.height, staging.version.tree.page.index};
  batch.put(Family::kResults, keys::height(height), slice(encode(stored)));
  const std::vector<StoredAction> actions = actions_of(receipts);
  batch.put(Family::kOutcomes, keys::outcome(height, OutcomePart::kReceipts),
            slice(pack(receipts)));
  batch.put(Family::kOutcomes, keys::outcome(height, OutcomePart::kEvents), slice(pack(events)));
  put_actions(batch, height, actions);
  put_event_index(batch, height, events);
  put_state(batch, staging);
  MerkleFrontier frontier = s.frontier;
  s.ledger.append(batch, frontier, ledger_leaf(hash, result_hash(result)));
  batch.put(Family::kMeta, kExecutedKey, keys::height(height));
  batch.put(Family::kMeta, kVoteSequenceKey, keys::height(Height(block.vote_sequence)));
  USANCE_TRY(s.database->write(batch, s.options.sync));

  // Durable. Only now does anything in memory move.
  for (const Address page : staging.pages.replaced) s.source.forget_page(page);
  for (const Address object : staging.removed_objects) s.source.forget_object(object);
  for (const NewPage& page : staging.pages.pages) s.source.remember(page.address, page.page);
  for (const StagedObject& object : staging.objects)
    s.source.replace(object.replaces, object.address, object.object);
  s.state = staging.version;
  s.frontier = std::move(frontier);
  s.last_block = hash;
  s.executed_count.store(height.value + 1, std::memory_order_release);
  return {};
}

Hash32 LedgerStore::next_ledger_root() const {
  return impl_->frontier.root();
}

const StateView& LedgerStore::latest_view() const {
  return impl_->latest;
}

}  // namespace usance::storage
