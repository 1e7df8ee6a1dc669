// Reading results: receipts, events, what is indexed by key, and the state by height.
#include "storage/ledger_store_impl.h"
#include "storage/packed_list.h"

namespace usance::storage {

using keys::OutcomePart;

namespace {

// A reader's own small cache: a query that touches one object reads its way once.
constexpr std::size_t kViewCacheBytes = 2u << 20;

class OwnedStateView final : public StateView {
 public:
  OwnedStateView(const Database& database, const StateVersion& version)
      : source_(database, kViewCacheBytes),
        version_(version),
        view_(source_, version_, StoredStateView::Reader::kOther) {}
  [[nodiscard]] std::optional<Bytes> get(const StateKey& key) const override {
    return view_.get(key);
  }
  [[nodiscard]] std::vector<StateItem> list(const std::string& contract, const Bytes& scope,
                                            const Bytes& from, const Bytes& to,
                                            std::size_t limit) const override {
    return view_.list(contract, scope, from, to, limit);
  }

 private:
  StateSource source_;
  StateVersion version_;
  StoredStateView view_;
};

tl::unexpected<Error> not_held(const char* what, const char* verb, Height height, Height base) {
  return fail(ErrorCode::kPruned, std::string(what) + " " + std::to_string(height.value) + " " +
                                      verb +
                                      " not held here: the ledger begins with the snapshot of "
                                      "height " +
                                      std::to_string(base.value));
}

}  // namespace

Result<StoredResult> LedgerStore::Impl::stored_result(Height height) const {
  const auto done = executed();
  if (!done || height > *done)
    return fail(ErrorCode::kNotFound,
                "height " + std::to_string(height.value) + " is not executed here" +
                    (done ? "; the newest is " + std::to_string(done->value) : std::string()));
  USANCE_TRY(check_result_held(height));
  USANCE_ASSIGN(const auto raw, database->get(Family::kResults, keys::height(height)));
  if (!raw) return fail(ErrorCode::kCorrupt, at_height("the result", height) + " is missing");
  USANCE_ASSIGN(auto stored,
                decode_stored<StoredResult>(contents(*raw), at_height("the result", height)));
  if (stored.result.height != height)
    return fail(ErrorCode::kCorrupt, at_height("the result", height) + " is another height's");
  return stored;
}

Result<rocksdb::PinnableSlice> LedgerStore::Impl::outcome(Height height, OutcomePart part) const {
  USANCE_TRY(stored_result(height));
  USANCE_TRY(check_block_held(height));
  USANCE_ASSIGN(auto raw, database->get(Family::kOutcomes, keys::outcome(height, part)));
  if (!raw) return fail(ErrorCode::kCorrupt, at_height("the outcome", height) + " is missing");
  return *std::move(raw);
}

Result<void> LedgerStore::Impl::check_result_held(Height height) const {
  if (height >= base) return {};
  return not_held("height", "is", height, base);
}

Result<void> LedgerStore::Impl::check_block_held(Height height) const {
  if (height > base || base == Height(0)) return {};
  return not_held("block and outcome of height", "are", height, base);
}

Result<ResultHeader> LedgerStore::genesis_result() const {
  if (impl_->base == Height(0)) return result_header(Height(0));
  USANCE_ASSIGN(const auto raw, impl_->database->get(Family::kMeta, kGenesisResultKey));
  if (!raw) return fail(ErrorCode::kCorrupt, "the genesis' result is missing");
  return decode_stored<ResultHeader>(contents(*raw), "the genesis' result");
}

Result<std::vector<HandOver>> LedgerStore::hand_overs_to_base() const {
  if (impl_->base == Height(0)) return std::vector<HandOver>();
  USANCE_ASSIGN(const auto raw, impl_->database->get(Family::kMeta, kHandOversKey));
  if (!raw) return fail(ErrorCode::kCorrupt, "the hand-overs to the snapshot are missing");
  USANCE_ASSIGN(const PackedList list, PackedList::open(contents(*raw)));
  return list.all<HandOver>();
}

Result<ResultHeader> LedgerStore::result_header(Height height) const {
  USANCE_ASSIGN(StoredResult stored, impl_->stored_result(height));
  return stored.result;
}

Result<std::vector<Receipt>> LedgerStore::receipts(Height height) const {
  USANCE_ASSIGN(const auto raw, impl_->outcome(height, OutcomePart::kReceipts));
  USANCE_ASSIGN(const PackedList list, PackedList::open(contents(raw)));
  return list.all<Receipt>();
}

Result<Receipt> LedgerStore::receipt(ActionRef ref) const {
  USANCE_ASSIGN(const auto raw, impl_->outcome(ref.height, OutcomePart::kReceipts));
  USANCE_ASSIGN(const PackedList list, PackedList::open(contents(raw)));
  if (ref.action >= list.size())
    return fail(ErrorCode::kNotFound, "height " + std::to_string(ref.height.value) + " has only " +
                                          std::to_string(list.size()) + " actions");
  return list.at<Receipt>(ref.action);
}

Result<std::vector<Event>> LedgerStore::events(Height height) const {
  USANCE_ASSIGN(const auto raw, impl_->outcome(height, OutcomePart::kEvents));
  USANCE_ASSIGN(const PackedList list, PackedList::open(contents(raw)));
  return list.all<Event>();
}

Result<std::vector<BlockIds>> LedgerStore::recent_ids(std::uint64_t depth) const {
  std::vector<BlockIds> out;
  const auto done = executed();
  if (!done) return out;
  const std::uint64_t begin = done->value >= depth ? done->value - depth + 1 : 0;
  for (Height height(begin); height <= *done; height = height.next()) {
    // Also below the base: a snapshot comes with them.
    if (height == Height(0) && impl_->base != Height(0)) continue;
    USANCE_ASSIGN(
        const auto raw,
        impl_->database->get(Family::kOutcomes, keys::outcome(height, OutcomePart::kActions)));
    if (!raw)
      return fail(ErrorCode::kCorrupt, at_height("the list of ids", height) + " is missing");
    USANCE_ASSIGN(const PackedList list, PackedList::open(contents(*raw)));
    USANCE_ASSIGN(const auto actions, list.all<StoredAction>());
    BlockIds& block = out.emplace_back();
    block.height = height;
    for (const StoredAction& action : actions)
      if (!action.is_void && !action.timer) block.ids.push_back(action.id);
  }
  return out;
}

Result<std::optional<ActionRef>> LedgerStore::find_action(const TxId& id) const {
  USANCE_ASSIGN(const auto raw, impl_->database->get(Family::kActions, slice(id.view())));
  if (!raw) return std::optional<ActionRef>();
  const std::string_view value = raw->ToStringView();
  if (value.size() != 12)
    return fail(ErrorCode::kCorrupt, "the index of transaction " + to_hex(id) + " is malformed");
  const ActionRef ref{Height(keys::read_number<std::uint64_t>(value.substr(0, 8))),
                      keys::read_number<std::uint32_t>(value.substr(8))};
  const auto done = executed();
  if (!done || ref.height > *done) return std::optional<ActionRef>();
  return std::optional<ActionRef>(ref);
}

Result<std::vector<StoredEvent>> LedgerStore::events_of(const std::string& contract,
                                                        const Bytes& key,
                                                        std::optional<EventCursor> after, Height to,
                                                        std::size_t limit) const {
  std::vector<StoredEvent> out;
  const auto done = executed();
  if (!done) return out;
  if (impl_->base != Height(0) &&
      (!after || *after < EventCursor{impl_->base, UINT32_MAX, UINT32_MAX}))
    return fail(ErrorCode::kPruned, "events up to height " + std::to_string(impl_->base.value) +
                                        " are not held here: the ledger begins with a snapshot");
  const Height last = std::min(to, *done);
  const std::string prefix = keys::event_prefix(contract, key);
  const Height first = after ? after->height : Height(0);
  struct Row {
    Height height;
    std::string positions;
  };
  std::vector<Row> rows;
  {
    const Cursor it = impl_->database->cursor(Family::kEvents);
    std::size_t wanted = limit;  // the cursor may leave out some of its own height
    for (it->Seek(keys::event(contract, key, first));
         wanted > 0 && it->Valid() && it->key().starts_with(prefix); it->Next()) {
      const Height height(
          keys::read_number<std::uint64_t>(it->key().ToStringView().substr(prefix.size())));
      if (height > last) break;
      rows.push_back({height, it->value().ToString()});
      if (!after || height != first) wanted -= std::min(wanted, it->value().size() / 4);
    }
    if (!it->status().ok()) return tl::unexpected<Error>(to_error(it->status()));
  }
  for (const auto& [height, positions] : rows) {
    USANCE_ASSIGN(const auto raw, impl_->outcome(height, OutcomePart::kEvents));
    USANCE_ASSIGN(const PackedList list, PackedList::open(contents(raw)));
    for (std::string_view left = positions; left.size() >= 4 && out.size() < limit;
         left.remove_prefix(4)) {
      const auto position = keys::read_number<std::uint32_t>(left.substr(0, 4));
      if (position >= list.size())
        return fail(ErrorCode::kCorrupt,
                    at_height("the event index", height) + " names an event that is not there");
      USANCE_ASSIGN(Event event, list.at<Event>(position));
      if (after && EventCursor{height, event.action, event.index} <= *after) continue;
      out.push_back({height, position, std::move(event)});
    }
  }
  return out;
}

Result<std::unique_ptr<StateView>> LedgerStore::view(Height height) const {
  USANCE_ASSIGN(const StoredResult stored, impl_->stored_result(height));
  return std::unique_ptr<StateView>(
      std::make_unique<OwnedStateView>(*impl_->database, stored.version()));
}

Result<std::vector<Bytes>> LedgerStore::scopes(const std::string& contract, const Bytes& prefix,
                                               const std::optional<Bytes>& after, Height height,
                                               std::size_t limit) const {
  USANCE_TRY(impl_->stored_result(height));
  std::vector<Bytes> out;
  const std::string contract_prefix = keys::scope_prefix(contract);
  const std::string wanted = keys::scope(contract, prefix);
  // The first key that may count: the prefix itself, or the one right behind `after`.
  std::string begin = wanted;
  if (after) begin = std::max(begin, keys::scope(contract, *after) + '\0');
  const Cursor it = impl_->database->cursor(Family::kScopes);
  for (it->Seek(begin); out.size() < limit && it->Valid() && it->key().starts_with(wanted);
       it->Next()) {
    const Height created(keys::read_number<std::uint64_t>(it->value().ToStringView()));
    if (created > height) continue;
    rocksdb::Slice name = it->key();
    name.remove_prefix(contract_prefix.size());
    out.push_back(copy(name));
  }
  if (!it->status().ok()) return tl::unexpected<Error>(to_error(it->status()));
  return out;
}

}  // namespace usance::storage
