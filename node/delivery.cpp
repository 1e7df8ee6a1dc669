#include "node/delivery.h"

#include <algorithm>

#include "storage/ledger_store.h"

namespace usance::node {

namespace {

proto::ApiError shutting_down() {
  return proto::ApiError(v1::REASON_SHUTTING_DOWN, "the node is shutting down")
      .retry(std::chrono::seconds(1));
}

}  // namespace

Delivery::Delivery(const storage::LedgerStore& store, Height certified)
    : store_(store), certified_height_(certified.value) {}
Delivery::~Delivery() {
  stop();
}

void Delivery::start() {
  thread_ = std::thread([this] { run(); });
}

void Delivery::stop() {
  mailbox_.close();
  if (thread_.joinable()) thread_.join();
}

void Delivery::expect(std::vector<Expected> expected) {
  mailbox_.push_always(std::move(expected));
}
void Delivery::admissions(std::vector<consensus::Admission> admissions) {
  mailbox_.push_always(std::move(admissions));
}
void Delivery::evicted(std::vector<consensus::Evicted> evicted) {
  mailbox_.push_always(std::move(evicted));
}
void Delivery::ordered(consensus::BlockPtr block) {
  mailbox_.push_always(std::move(block));
}
void Delivery::certified(std::shared_ptr<const CertifiedBlock> block) {
  mailbox_.push_always(std::move(block));
}
void Delivery::halt(std::string reason) {
  mailbox_.push_always(
      RefuseAll{{v1::REASON_CORRUPT,
                 "this node has stopped by itself: " + reason +
                     "; whether the bundle was ordered, and new bundles, are for other nodes"}});
}
void Delivery::refuse_waiters() {
  mailbox_.push_always(RefuseAll{shutting_down()});
}
void Delivery::listen(std::weak_ptr<HeightListener> listener) {
  mailbox_.push_always(Listen{std::move(listener)});
}
bool Delivery::waits_for(const TxId& id) const {
  const std::lock_guard lock(pending_ids_mutex_);
  return pending_ids_.contains(id);
}

std::map<v1::Reason, std::uint64_t> Delivery::refused() const {
  const std::lock_guard lock(refused_mutex_);
  return refused_;
}

void Delivery::run() {
  std::vector<Item> items;
  while (mailbox_.take_all(items)) {
    Batch batch;
    for (Item& item : items) std::visit([&](auto& what) { handle(what, batch); }, item);
    for (auto& [sink, outcomes] : batch) sink->outcomes(std::move(outcomes));
  }
  Batch batch;
  refuse_all(shutting_down(), batch);
  for (auto& [sink, outcomes] : batch) sink->outcomes(std::move(outcomes));
}

void Delivery::handle(std::vector<Expected>& expected, Batch& batch) {
  for (Expected& one : expected) {
    Pending& pending = pending_[one.bundle->hash()];
    if (!pending.bundle) {
      pending.bundle = one.bundle;
      hold(*one.bundle);
    }
    if (one.waiter) pending.waiters.push_back(*std::move(one.waiter));
    if (refusing_) refuse(one.bundle->hash(), *refusing_, batch);
  }
}

void Delivery::hold(const CheckedBundle& bundle) {
  const std::lock_guard lock(pending_ids_mutex_);
  for (const TxId& id : bundle.ids()) ++pending_ids_[id];
}

void Delivery::release(const CheckedBundle& bundle) {
  const std::lock_guard lock(pending_ids_mutex_);
  for (const TxId& id : bundle.ids())
    if (const auto held = pending_ids_.find(id); held != pending_ids_.end() && --held->second == 0)
      pending_ids_.erase(held);
}

void Delivery::refuse(const Hash32& bundle, const proto::ApiError& error, Batch& batch) {
  const auto found = pending_.find(bundle);
  if (found == pending_.end()) return;
  if (!found->second.waiters.empty()) {
    const std::lock_guard lock(refused_mutex_);
    ++refused_[error.reason];
  }
  for (Waiter& waiter : found->second.waiters) {
    BundleOutcome outcome;
    outcome.sequence = waiter.sequence;
    outcome.error = error;
    batch[waiter.sink].push_back(std::move(outcome));
  }
  release(*found->second.bundle);
  pending_.erase(found);
}

void Delivery::refuse_all(const proto::ApiError& error, Batch& batch) {
  while (!pending_.empty()) refuse(pending_.begin()->first, error, batch);
}

// A bundle that was ordered before: its certified outcome if all of it stands together in one
// block, as a bundle sent twice does.
bool Delivery::answer_from_store(const Hash32& bundle, Batch& batch) {
  const auto found = pending_.find(bundle);
  if (found == pending_.end()) return false;
  const auto& ids = found->second.bundle->ids();
  const auto first = store_.find_action(ids.front());
  const auto last = store_.find_action(ids.back());
  if (!first || !*first || !last || !*last || (*first)->height != (*last)->height ||
      (*last)->action - (*first)->action + 1 != ids.size() || (*first)->height > certified_height())
    return false;
  const Height height = (*first)->height;
  auto made = std::make_shared<CertifiedBlock>();
  auto receipts = store_.receipts(height);
  auto result = store_.result_header(height);
  auto certificate = store_.result_certificate(height);
  if (!receipts || !result || !certificate) return false;
  made->receipts = *std::move(receipts);
  made->result = *std::move(result);
  made->certificate = *std::move(certificate);
  for (Waiter& waiter : found->second.waiters) {
    BundleOutcome outcome;
    outcome.sequence = waiter.sequence;
    outcome.block = made;
    outcome.first = (*first)->action;
    outcome.count = static_cast<std::uint32_t>(ids.size());
    batch[waiter.sink].push_back(std::move(outcome));
  }
  release(*found->second.bundle);
  pending_.erase(found);
  return true;
}

// The bundle, or since before a restart a transaction of it, is in a decided block whose result is
// not certified.
bool Delivery::awaits_certificate(const CheckedBundle& bundle) const {
  for (const auto& [height, block] : ordered_)
    for (const consensus::BundlePtr& one : block->bundles)
      if (one->hash() == bundle.hash()) return true;
  return std::ranges::any_of(bundle.ids(), [&](const TxId& id) {
    const auto stored = store_.find_action(id);
    return stored && *stored && (*stored)->height > certified_height();
  });
}

// The same bundle again: one that still waits keeps its waiters, one that is ordered waits for its
// certificate, one that is certified has its outcome in the store. Only another bundle with the
// same transactions is refused.
void Delivery::answer_again(const Hash32& bundle, const std::string& why, Batch& batch) {
  if (admitted_.contains(bundle)) return tell_admitted(bundle, batch);
  const auto found = pending_.find(bundle);
  if (found == pending_.end()) return;
  const bool somebody_waits = !found->second.waiters.empty();
  if (somebody_waits && answer_from_store(bundle, batch)) return;
  if (somebody_waits && awaits_certificate(*found->second.bundle))
    again_.insert_or_assign(bundle, why);
  else
    refuse(bundle, {v1::REASON_DUPLICATE, why}, batch);
}

void Delivery::tell_admitted(const Hash32& bundle, Batch& batch) {
  const auto found = pending_.find(bundle);
  if (found == pending_.end()) return;
  std::erase_if(found->second.waiters, [&](Waiter& waiter) {
    if (!waiter.until_admitted) return false;
    BundleOutcome outcome;
    outcome.sequence = waiter.sequence;
    batch[waiter.sink].push_back(std::move(outcome));
    return true;
  });
}

void Delivery::handle(std::vector<consensus::Admission>& admissions, Batch& batch) {
  for (const consensus::Admission& admission : admissions) {
    if (admission.error && admission.error->code == ErrorCode::kAlreadyExists) {
      answer_again(admission.bundle, admission.error->message, batch);
      continue;
    }
    if (admission.error) {
      proto::ApiError error(*admission.error);
      if (admission.error->code == ErrorCode::kResourceExhausted)
        error.reason = v1::REASON_MEMPOOL_FULL;
      if (admission.error->code == ErrorCode::kPermissionDenied)
        error.reason = v1::REASON_UNKNOWN_KEY;
      refuse(admission.bundle, error, batch);
      continue;
    }
    admitted_.insert(admission.bundle);
    tell_admitted(admission.bundle, batch);
  }
}

void Delivery::handle(std::vector<consensus::Evicted>& evicted, Batch& batch) {
  for (const consensus::Evicted& one : evicted) {
    admitted_.erase(one.bundle->hash());
    proto::ApiError error(v1::REASON_EVICTED,
                          "left the mempool without being ordered: " + one.reason.message);
    if (one.reason.code == ErrorCode::kExpired) error.reason = v1::REASON_EXPIRED;
    refuse(one.bundle->hash(), error, batch);
  }
}

void Delivery::handle(consensus::BlockPtr& block, Batch&) {
  const auto [at, added] = ordered_.emplace(block->header.height, block);
  if (!added) return;
  for (const consensus::BundlePtr& bundle : block->bundles) hold(*bundle);
}

void Delivery::handle(std::shared_ptr<const CertifiedBlock>& block, Batch& batch) {
  std::uint32_t action = block->first_transaction();
  for (const consensus::BundlePtr& bundle : block->block->bundles) {
    const auto count = static_cast<std::uint32_t>(bundle->transactions().size());
    admitted_.erase(bundle->hash());
    if (const auto found = pending_.find(bundle->hash()); found != pending_.end()) {
      for (Waiter& waiter : found->second.waiters) {
        BundleOutcome outcome;
        outcome.sequence = waiter.sequence;
        outcome.block = block;
        outcome.first = action;
        outcome.count = count;
        batch[waiter.sink].push_back(std::move(outcome));
      }
      release(*found->second.bundle);
      pending_.erase(found);
    }
    action += count;
  }
  certified_height_ = block->result.height.value;
  while (!ordered_.empty() && ordered_.begin()->first <= block->result.height) {
    for (const consensus::BundlePtr& bundle : ordered_.begin()->second->bundles) release(*bundle);
    ordered_.erase(ordered_.begin());
  }
  for (const auto& [bundle, why] : std::exchange(again_, {})) answer_again(bundle, why, batch);
  std::erase_if(listeners_, [&](const std::weak_ptr<HeightListener>& weak) {
    const auto listener = weak.lock();
    if (listener) listener->certified(block->result.height);
    return !listener;
  });
}

void Delivery::handle(RefuseAll& all, Batch& batch) {
  refusing_ = std::move(all.error);
  refuse_all(*refusing_, batch);
}

void Delivery::handle(Listen& listen, Batch&) {
  if (const auto listener = listen.listener.lock()) {
    listener->certified(certified_height());
    listeners_.push_back(std::move(listen.listener));
  }
}

}  // namespace usance::node
