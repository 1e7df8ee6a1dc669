#include "node/delivery.h"

#include "storage/ledger_store.h"

namespace usance::node {

namespace {

proto::ApiError halted_error(std::string why) {
  return {v1::REASON_CORRUPT, std::move(why) + "; submit to another node"};
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
void Delivery::certified(std::shared_ptr<const CertifiedBlock> block) {
  mailbox_.push_always(std::move(block));
}
void Delivery::halt(std::string reason) {
  mailbox_.push_always(Halt{std::move(reason)});
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
  refuse_all(proto::ApiError(v1::REASON_SHUTTING_DOWN, "the node is shutting down")
                 .retry(std::chrono::seconds(1)),
             batch);
  for (auto& [sink, outcomes] : batch) sink->outcomes(std::move(outcomes));
}

void Delivery::handle(std::vector<Expected>& expected, Batch&) {
  for (Expected& one : expected) {
    Pending& pending = pending_[one.bundle->hash()];
    if (!pending.bundle) {
      pending.bundle = one.bundle;
      const std::lock_guard lock(pending_ids_mutex_);
      pending_ids_.insert(one.bundle->ids().begin(), one.bundle->ids().end());
    }
    pending.waiters.push_back(std::move(one.waiter));
  }
}

void Delivery::forget(const Pending& pending) {
  const std::lock_guard lock(pending_ids_mutex_);
  for (const TxId& id : pending.bundle->ids()) pending_ids_.erase(id);
}

void Delivery::refuse(const Hash32& bundle, const proto::ApiError& error, Batch& batch) {
  const auto found = pending_.find(bundle);
  if (found == pending_.end()) return;
  {
    const std::lock_guard lock(refused_mutex_);
    ++refused_[error.reason];
  }
  for (Waiter& waiter : found->second.waiters) {
    BundleOutcome outcome;
    outcome.sequence = waiter.sequence;
    outcome.error = error;
    batch[waiter.sink].push_back(std::move(outcome));
  }
  forget(found->second);
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
  forget(found->second);
  pending_.erase(found);
  return true;
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
      // The same bundle again: one that still waits keeps its waiters, one that is done has its
      // outcome in the store. Only another bundle with the same transactions is refused.
      if (admitted_.contains(admission.bundle)) {
        tell_admitted(admission.bundle, batch);
        continue;
      }
      if (answer_from_store(admission.bundle, batch)) continue;
      refuse(admission.bundle, {v1::REASON_DUPLICATE, admission.error->message}, batch);
      continue;
    }
    if (admission.error) {
      proto::ApiError error(*admission.error);
      if (admission.error->code == ErrorCode::kResourceExhausted)
        error.reason = v1::REASON_MEMPOOL_FULL;
      if (admission.error->code == ErrorCode::kPermissionDenied)
        error.reason = v1::REASON_UNKNOWN_KEY;
      if (admission.error->code == ErrorCode::kCorrupt) error = halted_error(error.message);
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
      forget(found->second);
      pending_.erase(found);
    }
    action += count;
  }
  certified_height_ = block->result.height.value;
  std::erase_if(listeners_, [&](const std::weak_ptr<HeightListener>& weak) {
    const auto listener = weak.lock();
    if (listener) listener->certified(block->result.height);
    return !listener;
  });
}

void Delivery::handle(Halt& halt, Batch& batch) {
  admitted_.clear();
  refuse_all(halted_error("this node has stopped by itself: " + halt.reason +
                          "; whether the bundle was ordered, other nodes can say"),
             batch);
}

void Delivery::handle(Listen& listen, Batch&) {
  if (const auto listener = listen.listener.lock()) {
    listener->certified(certified_height());
    listeners_.push_back(std::move(listen.listener));
  }
}

}  // namespace usance::node
