#include "node/envelope_store.h"

#include <algorithm>

#include "base/file.h"
#include "node/files.h"

namespace usance::node {

namespace {

namespace fs = std::filesystem;

constexpr const char* kEnvelope = ".envelope";
constexpr const char* kRecord = ".record";
constexpr const char* kUnfinished = ".new";  // by replace_text, when a crash came in between
constexpr std::size_t kMostRecordBytes = 256 * 1024;

tl::unexpected<Error> not_kept(const Hash32& id) {
  return fail(ErrorCode::kNotFound, "this node keeps no envelope " + to_hex(id) +
                                        "; was it put at another node, or has it had its time?");
}

Result<void> unlink(const fs::path& file) {
  std::error_code error;
  fs::remove(file, error);
  if (error) return fail(ErrorCode::kIo, "cannot erase " + file.string() + ": " + error.message());
  return {};
}

}  // namespace

Result<std::unique_ptr<EnvelopeStore>> EnvelopeStore::open(const fs::path& folder,
                                                           const Limits& limits) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error)
    return fail(ErrorCode::kIo, "cannot create " + folder.string() + ": " + error.message());
  std::unique_ptr<EnvelopeStore> store(new EnvelopeStore(folder, limits));
  USANCE_TRY(store->load());
  return store;
}

Result<void> EnvelopeStore::load() {
  std::error_code error;
  std::map<Hash32, fs::path> unrecorded;
  std::vector<fs::path> records;
  for (const auto& entry : fs::directory_iterator(folder_, error)) {
    const fs::path& path = entry.path();
    Hash32 id;
    if (path.extension() == kUnfinished) USANCE_TRY(unlink(path));
    if (!fixed_from_hex(path.stem().string(), id)) continue;
    if (path.extension() == kEnvelope) unrecorded[id] = path;
    if (path.extension() == kRecord) records.push_back(path);
  }
  if (error)
    return fail(ErrorCode::kIo, "cannot read " + folder_.string() + ": " + error.message());
  for (const fs::path& path : records) {
    Hash32 id;
    if (!fixed_from_hex(path.stem().string(), id)) continue;
    unrecorded.erase(id);
    USANCE_ASSIGN(const std::string bytes, read_file(path, kMostRecordBytes));
    auto record = decode<EnvelopeRecord>(as_bytes(bytes));
    if (!record) {
      damaged_.push_back(path);
      continue;
    }
    count(*record, true);
    records_.emplace(id, *std::move(record));
  }
  for (const auto& [id, path] : unrecorded) USANCE_TRY(unlink(path));
  return {};
}

fs::path EnvelopeStore::file(const Hash32& id, const char* kind) const {
  return folder_ / (to_hex(id) + kind);
}

void EnvelopeStore::count(const EnvelopeRecord& record, bool added) {
  for (Use* use : {&total_, &used_[record.header.sender]}) {
    use->bytes = added ? use->bytes + record.bytes : use->bytes - record.bytes;
    use->count = added ? use->count + 1 : use->count - 1;
  }
}

Result<void> EnvelopeStore::check_room(const OrgId& sender, std::uint64_t bytes) const {
  const auto over = [&](const Use& use, std::uint64_t share) {
    return use.bytes + bytes > limits_.bytes / share || use.count + 1 > limits_.count / share;
  };
  if (over(total_, 1))
    return fail(ErrorCode::kResourceExhausted,
                "this node keeps as many envelopes as it may; use another node, or ask its "
                "operator for more room (envelopes.bytes)");
  const auto found = used_.find(sender);
  if (found != used_.end() && over(found->second, 2))
    return fail(ErrorCode::kResourceExhausted,
                "this node keeps as many envelopes of '" + sender.value +
                    "' as one sender may have here; erase some, or use another node");
  return {};
}

Result<void> EnvelopeStore::write_record(const Hash32& id, const EnvelopeRecord& record) const {
  return replace_text(file(id, kRecord), as_text(encode(record)));
}

Result<KeptReceipt> EnvelopeStore::keep(const Hash32& id, const Envelope& envelope, TimeMs now,
                                        const Sign& sign) {
  const Bytes whole = encode(envelope);
  const std::lock_guard lock(mutex_);
  const auto found = records_.find(id);
  if (found != records_.end()) return found->second.kept;
  USANCE_TRY(check_room(envelope.header.sender, whole.size()));
  EnvelopeRecord record;
  record.header = envelope.header;
  record.bytes = whole.size();
  USANCE_ASSIGN(record.kept, sign(id, now, TimeMs(now.value + limits_.keep_ms)));
  USANCE_TRY(replace_text(file(id, kEnvelope), as_text(whole)));
  USANCE_TRY(write_record(id, record));
  count(record, true);
  return records_.emplace(id, std::move(record)).first->second.kept;
}

Result<Envelope> EnvelopeStore::hand_over(const DeliveryReceipt& receipt, TimeMs now) {
  const Hash32& id = receipt.statement.envelope;
  const std::lock_guard lock(mutex_);
  const auto found = records_.find(id);
  if (found == records_.end() || found->second.kept.statement.until <= now) return not_kept(id);
  EnvelopeRecord& record = found->second;
  if (record.header.recipient(receipt.statement.org) == nullptr)
    return fail(ErrorCode::kPermissionDenied,
                "the envelope does not name '" + receipt.statement.org.value + "'");
  USANCE_ASSIGN(const std::string whole,
                read_file(file(id, kEnvelope), usance::limits::kMaxEnvelopeBytes));
  auto envelope = decode<Envelope>(as_bytes(whole));
  if (!envelope || envelope->header != record.header)
    return fail(ErrorCode::kIo, "the envelope " + to_hex(id) +
                                    " is damaged on this node's disk; ask its sender for it");
  const auto same_key = [&](const TakenDelivery& one) { return one.receipt.key == receipt.key; };
  if (std::ranges::none_of(record.deliveries, same_key)) {
    if (record.deliveries.size() == EnvelopeRecord::kMostDeliveries)
      return fail(ErrorCode::kResourceExhausted,
                  "as many users have taken delivery of this envelope as a node counts");
    record.deliveries.push_back({receipt, now});
    if (auto written = write_record(id, record); !written) {
      record.deliveries.pop_back();
      return tl::unexpected(written.error());
    }
  }
  return envelope;
}

Result<EnvelopeRecord> EnvelopeStore::record(const Hash32& id) const {
  const std::lock_guard lock(mutex_);
  const auto found = records_.find(id);
  if (found == records_.end()) return not_kept(id);
  return found->second;
}

std::vector<EnvelopeRecord> EnvelopeStore::list(const OrgId& org, TimeMs before,
                                                std::size_t limit) const {
  std::vector<const EnvelopeRecord*> concerned;
  const std::lock_guard lock(mutex_);
  for (const auto& [id, record] : records_)
    if (record.kept.statement.at < before && record.header.concerns(org))
      concerned.push_back(&record);
  const auto shown =
      concerned.begin() + static_cast<std::ptrdiff_t>(std::min(limit, concerned.size()));
  std::ranges::partial_sort(concerned, shown, [](const auto* a, const auto* b) {
    return a->kept.statement.at > b->kept.statement.at;
  });
  std::vector<EnvelopeRecord> out;
  for (auto it = concerned.begin(); it != shown; ++it) out.push_back(**it);
  return out;
}

Result<void> EnvelopeStore::remove(const Hash32& id) {
  const auto found = records_.find(id);
  USANCE_TRY(unlink(file(id, kRecord)));
  USANCE_TRY(unlink(file(id, kEnvelope)));
  USANCE_TRY(sync_directory(folder_));
  count(found->second, false);
  records_.erase(found);
  return {};
}

Result<void> EnvelopeStore::erase(const Hash32& id, const OrgId& sender) {
  const std::lock_guard lock(mutex_);
  const auto found = records_.find(id);
  if (found == records_.end()) return not_kept(id);
  if (found->second.header.sender != sender)
    return fail(ErrorCode::kPermissionDenied, "an envelope is erased by its sender");
  return remove(id);
}

EnvelopeStore::Use EnvelopeStore::used() const {
  const std::lock_guard lock(mutex_);
  return total_;
}

std::size_t EnvelopeStore::erase_expired(TimeMs now) {
  const std::lock_guard lock(mutex_);
  std::vector<Hash32> over;
  for (const auto& [id, record] : records_)
    if (record.kept.statement.until <= now) over.push_back(id);
  // What the disk refuses is tried again with the next call.
  return static_cast<std::size_t>(
      std::ranges::count_if(over, [this](const Hash32& id) { return remove(id).has_value(); }));
}

}  // namespace usance::node
