#include "contracts/host/overlay.h"

#include <algorithm>
#include <cstring>

#include <sodium.h>

namespace usance {

namespace {

// How many items of the parent a search loads at once: few where it begins, so that jumping about
// among large values loads little, more as it goes on.
constexpr std::size_t kFirstItems = 2;
constexpr std::size_t kMostItems = 64;

bool less(ByteView a, ByteView b) {
  const std::size_t shared = std::min(a.size(), b.size());
  const int order = shared == 0 ? 0 : std::memcmp(a.data(), b.data(), shared);
  return order < 0 || (order == 0 && a.size() < b.size());
}

}  // namespace

bool Overlay::ItemLess::operator()(ByteView a, ByteView b) const {
  return less(a, b);
}

std::size_t Overlay::Salted::operator()(std::string_view name) const noexcept {
  std::uint64_t hash = 0;
  static_assert(sizeof hash == crypto_shorthash_BYTES);
  crypto_shorthash(reinterpret_cast<unsigned char*>(&hash),
                   reinterpret_cast<const unsigned char*>(name.data()), name.size(), key.data());
  return hash;
}

Overlay::Salted::Salted(const Hash32& salt) {
  static_assert(sizeof key == crypto_shorthash_KEYBYTES);
  std::copy_n(salt.bytes.begin(), key.size(), key.begin());
}

Overlay::Overlay(const StateView& parent, const Hash32& salt)
    : parent_(parent), scopes_(64, Salted(salt)) {}

Overlay::~Overlay() = default;

Overlay::Scope& Overlay::scope_of(std::string_view contract, ByteView scope) {
  if (last_scope_ != nullptr && last_scope_->contract == contract &&
      std::ranges::equal(last_scope_->scope, scope))
    return *last_scope_;
  // A contract's name holds no NUL, so the joined name is unambiguous.
  name_scratch_.assign(contract);
  name_scratch_.push_back('\0');
  name_scratch_.append(as_text(scope));
  auto found = scopes_.find(std::string_view(name_scratch_));
  if (found == scopes_.end()) {
    auto made = std::make_unique<Scope>();
    made->contract = contract;
    made->scope.assign(scope.begin(), scope.end());
    found = scopes_.emplace(name_scratch_, std::move(made)).first;
  }
  last_scope_ = found->second.get();
  return *last_scope_;
}

bool Overlay::in_window(const Scope& scope, ByteView item) {
  return scope.has_window && !less(item, scope.known_from) &&
         (scope.to_end || less(item, scope.known_to));
}

Overlay::Items::iterator Overlay::find_or_load(Scope& scope, ByteView item) {
  auto entry = scope.items.find(item);
  if (entry != scope.items.end() || in_window(scope, item)) return entry;
  key_scratch_.contract.assign(scope.contract);
  key_scratch_.scope.assign(scope.scope.begin(), scope.scope.end());
  key_scratch_.item.assign(item.begin(), item.end());
  std::optional<Bytes> value = parent_.get(key_scratch_);
  if (!value) return scope.items.end();
  return scope.items.emplace(key_scratch_.item, Entry{std::move(*value), true, 0}).first;
}

std::optional<ByteView> Overlay::get(std::string_view contract, ByteView scope, ByteView item) {
  Scope& s = scope_of(contract, scope);
  const auto entry = find_or_load(s, item);
  if (entry == s.items.end() || !entry->second.present) return std::nullopt;
  return ByteView(entry->second.value);
}

void Overlay::put(std::string_view contract, ByteView scope, ByteView item, ByteView value) {
  Scope& s = scope_of(contract, scope);
  auto entry = s.items.find(item);
  if (entry == s.items.end()) {
    // What the parent holds need not be known to overwrite it; commit() asks if it matters.
    entry = s.items.emplace(Bytes(item.begin(), item.end()), Entry{}).first;
    journal_.push_back({&s, entry, true, false, {}});
    entry->second.value.assign(value.begin(), value.end());
  } else {
    Bytes replacement(value.begin(), value.end());  // `value` may be a view of the old one
    journal_.push_back({&s, entry, false, entry->second.present, std::move(entry->second.value)});
    entry->second.value = std::move(replacement);
  }
  entry->second.present = true;
}

bool Overlay::del(std::string_view contract, ByteView scope, ByteView item) {
  Scope& s = scope_of(contract, scope);
  const auto entry = find_or_load(s, item);
  if (entry == s.items.end() || !entry->second.present) return false;
  journal_.push_back({&s, entry, false, true, std::move(entry->second.value)});
  entry->second.value.clear();
  entry->second.present = false;
  return true;
}

void Overlay::load_window(Scope& scope, ByteView from) {
  const Bytes start(from.begin(), from.end());
  const bool extends = scope.has_window && !scope.to_end && scope.known_to == start;
  scope.batch = extends ? std::min(scope.batch * 2, kMostItems) : kFirstItems;
  std::vector<StateItem> loaded = parent_.list(scope.contract, scope.scope, start, {}, scope.batch);
  if (!extends) scope.known_from = start;
  scope.has_window = true;
  scope.to_end = loaded.size() < scope.batch;
  if (!scope.to_end) {
    scope.known_to = loaded.back().item;
    scope.known_to.push_back(0);  // the smallest item after the last one loaded
  }
  for (StateItem& item : loaded)
    scope.items.try_emplace(std::move(item.item), Entry{std::move(item.value), true, 0});
}

std::optional<Overlay::Found> Overlay::next(std::string_view contract, ByteView scope,
                                            ByteView from, ByteView to, std::size_t& skipped) {
  skipped = 0;
  Scope& s = scope_of(contract, scope);
  Bytes start(from.begin(), from.end());
  for (;;) {
    if (!to.empty() && !less(start, to)) return std::nullopt;
    if (!in_window(s, start)) load_window(s, start);
    for (auto entry = s.items.lower_bound(ByteView(start)); entry != s.items.end(); ++entry) {
      if (!s.to_end && !less(entry->first, s.known_to)) break;
      if (!to.empty() && !less(entry->first, to)) return std::nullopt;
      if (entry->second.present) return Found{entry->first, entry->second.value};
      ++skipped;
    }
    if (s.to_end) return std::nullopt;
    start = s.known_to;
  }
}

void Overlay::roll_back(Mark mark) {
  while (journal_.size() > mark) {
    Undo& undo = journal_.back();
    if (undo.created) {
      // The window may have been loaded around this entry and hold the parent's item no more.
      if (in_window(*undo.scope, undo.entry->first)) undo.scope->has_window = false;
      undo.scope->items.erase(undo.entry);
    } else {
      undo.entry->second.present = undo.was_present;
      undo.entry->second.value = std::move(undo.value);
    }
    journal_.pop_back();
  }
}

bool Overlay::exists_in_parent(const Scope& scope, const Bytes& item) const {
  return parent_.get(StateKey{scope.contract, scope.scope, item}).has_value();
}

void Overlay::commit(std::uint32_t action, std::vector<StateChange>& changes) {
  ++commits_;
  const std::size_t first = changes.size();
  for (const Undo& undo : journal_) {  // an item's first record says what it was before
    Entry& entry = undo.entry->second;
    if (entry.listed_in == commits_) continue;
    entry.listed_in = commits_;
    const Bytes& item = undo.entry->first;
    if (!entry.present) {
      const bool existed = undo.created ? exists_in_parent(*undo.scope, item) : undo.was_present;
      if (!existed) continue;
    }
    StateChange& change = changes.emplace_back();
    change.key = {undo.scope->contract, undo.scope->scope, item};
    if (entry.present) change.value = entry.value;
    change.action = action;
  }
  std::sort(changes.begin() + static_cast<std::ptrdiff_t>(first), changes.end(),
            [](const StateChange& a, const StateChange& b) { return a.key < b.key; });
  journal_.clear();
}

std::optional<Bytes> OverlayView::get(const StateKey& key) const {
  const auto value = overlay_.get(key.contract, key.scope, key.item);
  if (!value) return std::nullopt;
  return Bytes(value->begin(), value->end());
}

std::vector<StateItem> OverlayView::list(const std::string& contract, const Bytes& scope,
                                         const Bytes& from, const Bytes& to,
                                         std::size_t limit) const {
  std::vector<StateItem> items;
  Bytes start = from;
  std::size_t skipped = 0;
  while (items.size() < limit) {
    const auto found = overlay_.next(contract, scope, start, to, skipped);
    if (!found) break;
    items.push_back({Bytes(found->item.begin(), found->item.end()),
                     Bytes(found->value.begin(), found->value.end())});
    start = items.back().item;
    start.push_back(0);
  }
  return items;
}

}  // namespace usance
