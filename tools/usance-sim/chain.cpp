#include "tools/usance-sim/chain.h"

#include <algorithm>
#include <ranges>

#include "base/hash.h"
#include "consensus/divergence.h"
#include "contracts/executor/result.h"
#include "contracts/system/timers.h"

namespace usance::sim {

namespace {

constexpr std::uint64_t kExecuteTwiceEvery = 16;  // heights

class EmptyState final : public StateView {
 public:
  [[nodiscard]] std::optional<Bytes> get(const StateKey&) const override { return std::nullopt; }
  [[nodiscard]] std::vector<StateItem> list(const std::string&, const Bytes&, const Bytes&,
                                            const Bytes&, std::size_t) const override {
    return {};
  }
};

std::vector<StateChange> timer_changes(const ChainId& chain, const std::vector<TimeMs>& timers) {
  const EmptyState empty;
  Overlay overlay(empty, chain);
  for (const TimeMs at : timers) {
    timers::Timer timer;
    timer.contract = "nobody";
    timer.method = "Wake";
    timer.at = static_cast<std::int64_t>(at.value);
    timer.gas = 1'000'000;
    timers::add(overlay, std::move(timer));
  }
  std::vector<StateChange> changes;
  overlay.commit(0, changes);
  return changes;
}

Hash32 identity(const Executed& parent, const consensus::CheckedBlock& block,
                const std::vector<ReceiptStatus>& marks) {
  Bytes bytes;
  for (const ReceiptStatus mark : marks) bytes.push_back(static_cast<std::uint8_t>(mark));
  return sha256({parent.result_hash.view(), block.hash.view(), bytes});
}

}  // namespace

void StateHistory::apply(Height height, const std::vector<StateChange>& changes) {
  for (const StateChange& change : changes) {
    std::vector<Version>& versions = items_[change.key];
    if (!versions.empty() && versions.back().height == height) {
      versions.back().value = change.value;
    } else {
      versions.push_back({height, change.value});
    }
  }
}

std::optional<Bytes> StateHistory::get(const StateKey& key, Height at) const {
  const auto found = items_.find(key);
  if (found == items_.end()) return std::nullopt;
  for (auto version = found->second.rbegin(); version != found->second.rend(); ++version)
    if (version->height <= at) return version->value;
  return std::nullopt;
}

std::vector<StateItem> StateHistory::list(const std::string& contract, const Bytes& scope,
                                          const Bytes& from, const Bytes& to, std::size_t limit,
                                          Height at) const {
  std::vector<StateItem> out;
  for (auto item = items_.lower_bound({contract, scope, from});
       item != items_.end() && out.size() < limit; ++item) {
    const StateKey& key = item->first;
    if (key.contract != contract || key.scope != scope) break;
    if (!to.empty() && key.item >= to) break;
    if (auto value = get(key, at)) out.push_back({key.item, *std::move(value)});
  }
  return out;
}

Result<std::shared_ptr<const storage::TreePage>> MemorySource::page(storage::TreeKind,
                                                                    storage::Address address,
                                                                    std::size_t) {
  const auto found = pages_.find(address);
  if (found == pages_.end()) return fail(ErrorCode::kCorrupt, "the page is missing");
  return found->second;
}

Result<std::shared_ptr<const storage::Object>> MemorySource::object(
    const storage::BucketLeaf& leaf) {
  const auto found = objects_.find(leaf.record);
  if (found == objects_.end()) return fail(ErrorCode::kCorrupt, "the object is missing");
  return found->second;
}

void MemorySource::remember(const storage::Staging& staging) {
  for (const storage::NewPage& page : staging.pages.pages) pages_[page.address] = page.page;
  for (const storage::StagedObject& object : staging.objects)
    objects_[object.address] = object.object;
}

Chain::Chain(const Genesis& genesis, const std::vector<TimeMs>& timers, const Verifier& verifier)
    : genesis_header_(genesis_block_header(genesis.chain_id, genesis.time)),
      executor_(genesis.chain_id, verifier),
      second_(genesis.chain_id, verifier) {
  auto outcome = genesis_outcome(genesis);
  USANCE_INVARIANT(outcome.has_value());
  for (StateChange& change : timer_changes(genesis.chain_id, timers))
    outcome->changes.push_back(std::move(change));
  std::sort(outcome->changes.begin(), outcome->changes.end(),
            [](const StateChange& a, const StateChange& b) { return a.key < b.key; });
  if (!timers.empty()) outcome->next_timer_due = *std::min_element(timers.begin(), timers.end());
  genesis_ = finish(genesis_header_, *outcome, nullptr);
}

std::shared_ptr<Chain::Step> Chain::finish(const BlockHeader& header, const BlockOutcome& outcome,
                                           const Step* parent) {
  auto step = std::make_shared<Step>();
  const storage::StateVersion before = parent != nullptr ? parent->state : storage::StateVersion{};
  auto staging = storage::stage_changes(source_, before, header.height, outcome.changes);
  USANCE_INVARIANT(staging.has_value());
  source_.remember(*staging);
  history_.apply(header.height, outcome.changes);
  step->state = staging->version;
  if (parent != nullptr) step->frontier = parent->frontier;
  step->result =
      make_result_header(header, outcome, step->state.tree.root.hash, step->frontier.root());
  step->result_hash = result_hash(step->result);
  step->frontier.append(ledger_leaf(block_hash(header), step->result_hash));
  step->in_force = outcome.parameters;
  if (parent != nullptr && parent->in_force != outcome.parameters)
    step->parameters = outcome.parameters;
  for (const KeyLife& life : outcome.key_changes)
    step->keys.push_back({life.org, life.key, life.added, life.revoked});
  if (outcome.pending) step->next_set = outcome.pending->set;
  consensus::ResultParts parts = consensus::result_parts(step->result, outcome.receipts);
  step->actions = std::move(parts.transactions);
  step->receipts = std::move(parts.receipts);
  newest_ = std::max(newest_, header.height);
  return step;
}

// Two blocks at one height are a violation that the checker reports by other means. The second is
// not executed: the store has one version per height.
std::shared_ptr<const Chain::Step> Chain::fork(const Step& parent,
                                               const consensus::CheckedBlock& block) const {
  auto step = std::make_shared<Step>(parent);
  step->fork = true;
  step->result.height = block.header.height;
  step->result.block = block.hash;
  step->result.time = block.header.time;
  step->result.state_root = sha256({parent.result.state_root.view(), block.hash.view()});
  step->result_hash = result_hash(step->result);
  step->parameters.reset();
  step->keys.clear();
  return step;
}

ExecutedPtr Chain::execute(const Executed& parent_in, const consensus::CheckedBlock& block,
                           const std::vector<ReceiptStatus>& marks) {
  const auto& parent = static_cast<const Step&>(parent_in);
  const Hash32 id = identity(parent, block, marks);
  if (const auto known = done_.find(id); known != done_.end()) return known->second;
  if (parent.fork || block.header.height <= newest_)
    return done_.emplace(id, fork(parent, block)).first->second;
  const BlockInput input{block.header, block.bundles, marks};
  const HistoryView before(history_, parent.result.height);
  const BlockOutcome outcome = executor_.execute_block(before, input);
  if (block.header.height.value % kExecuteTwiceEvery == 0) {
    const BlockOutcome again = second_.execute_block(before, input);
    if (again.receipts != outcome.receipts || again.changes != outcome.changes ||
        again.events != outcome.events || again.next_timer_due != outcome.next_timer_due)
      failure_ = "executing height " + std::to_string(block.header.height.value) +
                 " again gave another outcome";
  }
  for (const Receipt& receipt : outcome.receipts) receipts_[receipt.status] += 1;
  auto step = finish(block.header, outcome, &parent);
  done_.emplace(id, step);
  return step;
}

// Where the set began that is in force at this height.
Height Chain::first_of_epoch(Height height) const {
  const auto epoch_at = [&](std::uint64_t at) {
    return governance::validators(state(Height(at))).at(Height(at)).epoch;
  };
  const auto heights = std::views::iota(std::uint64_t{0}, height.value + 1);
  return Height(*std::ranges::lower_bound(heights, epoch_at(height.value), {}, epoch_at));
}

void Chain::recover(Height certified, const Executed& head, consensus::Recovery& recovery) const {
  const auto& at = static_cast<const Step&>(head);
  const Height height = at.state.height;
  // From W below the highest certified height on, and the set before (C-9.1).
  recovery.sets.clear();
  const std::uint64_t behind = std::min(certified, height).value;
  const Height lowest(
      std::max(behind - std::min(behind, limits::kExecutionLag), recovery.base.value));
  const Height begun = first_of_epoch(lowest);
  if (begun.value > 0) {
    const Height last(begun.value - 1);
    recovery.sets.push_back({first_of_epoch(last), governance::validators(state(last)).at(last)});
  }
  for (Height from = lowest; from <= height; from = from.next()) {
    const governance::ValidatorSchedule schedule = governance::validators(state(from));
    const auto add = [&](Height first, const ValidatorSet& set) {
      for (const auto& known : recovery.sets)
        if (known.set.epoch == set.epoch) return;
      recovery.sets.push_back({first, set});
    };
    add(from == lowest ? begun : from, schedule.at(from));
    if (schedule.pending) add(schedule.pending->height, schedule.pending->set);
  }
  std::sort(recovery.sets.begin(), recovery.sets.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  recovery.keys.clear();
  for (const KeyLife& life : governance::all_keys(state(height)))
    recovery.keys.push_back({life.org, life.key, life.added, life.revoked});
  recovery.parameters.clear();
  const std::uint64_t first =
      height.value > limits::kExecutionLag ? height.value - limits::kExecutionLag : 0;
  for (Height from(std::max(first, recovery.base.value)); from <= height; from = from.next()) {
    const Parameters parameters = governance::parameters(state(from));
    if (recovery.parameters.empty())
      recovery.parameters.push_back({Height(first), parameters});
    else if (recovery.parameters.back().parameters != parameters)
      recovery.parameters.push_back({from, parameters});
  }
}

std::uint64_t Chain::count(ReceiptStatus status) const {
  const auto found = receipts_.find(status);
  return found == receipts_.end() ? 0 : found->second;
}

}  // namespace usance::sim
