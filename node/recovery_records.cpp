#include "node/recovery_records.h"

#include <algorithm>

#include "base/file.h"
#include "contracts/system/governance_recovery.h"
#include "contracts/system/governance_view.h"
#include "node/files.h"
#include "node/log.h"
#include "node/recovery.h"

namespace usance::node {

namespace {

constexpr const char* kFolder = "recovery";
constexpr const char* kSuffix = ".record";

std::string at(Height height) {
  return "height " + std::to_string(height.value);
}
auto contradicted(std::string what) {
  return fail(ErrorCode::kFailedPrecondition, std::move(what));
}

// The sets that the ledger names as of the heights which the record proves, as far as it is here.
Result<std::vector<ValidatorSet>> sets_on_ledger(const RecoveryRecord& record,
                                                 const Genesis& genesis,
                                                 const storage::LedgerStore& store) {
  std::vector<ValidatorSet> sets = {genesis.validators()};
  std::vector<Height> heights = {record.last.height};
  if (record.members) heights.push_back(record.members->result.header.height);
  for (const Height height : heights) {
    if (height < store.base()) continue;
    USANCE_ASSIGN(const auto view, store.view(std::min(height, *store.executed())));
    governance::ValidatorSchedule schedule = governance::validators(*view);
    sets.push_back(std::move(schedule.current));
    if (schedule.pending) sets.push_back(std::move(schedule.pending->set));
  }
  return sets;
}

bool knows_recovery(const StateView& state, const RecoveryRecord& record) {
  const Hash32 digest = recovery_digest(record);
  return std::ranges::any_of(governance::recoveries(state),
                             [&](const auto& known) { return known.record == digest; });
}

// What is decided here and is not what the record says.
Result<void> agrees(const RecoveryRecord& record, const storage::LedgerStore& store) {
  const Height last = record.last.height;
  const Height first = record.first();
  if (const auto commit = store.commit_certificate(last);
      commit && commit->content.hash != record.last.block)
    return contradicted("this node holds the certificate of another block at " + at(last));
  if (*store.executed() < last) return {};
  USANCE_ASSIGN(const ResultHeader own, store.result_header(last));
  if (own != record.last)
    return contradicted("the recovery record names another result of " + at(last) +
                        " than this ledger: " + to_hex(result_hash(record.last)) + ", here " +
                        to_hex(result_hash(own)));
  USANCE_ASSIGN(const auto view, store.view(last));
  USANCE_TRY(governance::check_recovery(*view, record));
  if (const auto commit = store.commit_certificate(first);
      commit && commit->content.epoch != record.next.epoch)
    return contradicted("the recovery record would take back " + at(first) +
                        ", which is decided here: a recovery must keep the highest ledger");
  if (*store.executed() < first) return {};
  USANCE_ASSIGN(const auto then, store.view(first));
  if (knows_recovery(*then, record)) return {};
  return contradicted("this ledger went on from " + at(last) + " by another recovery record");
}

}  // namespace

Result<RecoverySigners> judge_recovery(const RecoveryRecord& record, const Genesis& genesis,
                                       const storage::LedgerStore& store) {
  USANCE_TRY(agrees(record, store));
  USANCE_ASSIGN(const std::vector<ValidatorSet> sets, sets_on_ledger(record, genesis, store));
  return check_recovery(record, genesis, sets, ed25519_verifier());
}

Result<RecoveryRecords> RecoveryRecords::load(const std::filesystem::path& data_dir) {
  RecoveryRecords out;
  std::error_code error;
  const auto folder = data_dir / kFolder;
  if (!std::filesystem::exists(folder, error)) return out;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().extension() != kSuffix) continue;
    USANCE_ASSIGN(const std::string text, read_file(entry.path(), limits::kMaxRecoveryBytes));
    auto record = read_recovery(as_bytes(text));
    if (!record) return fail_with(entry.path().string(), record.error());
    out.records_.push_back(*std::move(record));
  }
  if (error) return fail(ErrorCode::kIo, "cannot read " + folder.string() + ": " + error.message());
  std::ranges::sort(out.records_, {}, &RecoveryRecord::first);
  return out;
}

Result<std::filesystem::path> RecoveryRecords::install(const std::filesystem::path& data_dir,
                                                       const RecoveryRecord& record) {
  const auto folder = data_dir / kFolder;
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return fail(ErrorCode::kIo, "cannot make " + folder.string() + ": " + error.message());
  const auto file = folder / (std::to_string(record.next.epoch.value) + kSuffix);
  const Bytes bytes = write_recovery(record);
  USANCE_TRY(replace_text(file, as_text(bytes)));
  USANCE_TRY(sync_directory(folder));
  return file;
}

Result<void> RecoveryRecords::judge(const Genesis& genesis,
                                    const storage::LedgerStore& store) const {
  for (const RecoveryRecord& record : records_) {
    const std::string name =
        "the recovery record of epoch " + std::to_string(record.next.epoch.value);
    if (record.first() <= store.base()) {
      // A quorum of those that it named signed the snapshot.
      USANCE_ASSIGN(const auto state, store.view(store.base()));
      if (!knows_recovery(*state, record))
        return contradicted(name + " is none of those that led to the snapshot of height " +
                            std::to_string(store.base().value));
      continue;
    }
    const auto signers = judge_recovery(record, genesis, store);
    const bool ahead = *store.executed() < record.last.height;
    if (!signers && ahead && signers.error().code == ErrorCode::kFailedPrecondition) {
      log::info("recovery.ahead", name + " is judged when its height is executed here");
      continue;
    }
    if (!signers) return fail_with(name, signers.error());
    if (!signers->enough())
      return fail(ErrorCode::kPermissionDenied,
                  name + " is signed by " + std::to_string(signers->signed_by.size()) + " of " +
                      std::to_string(signers->members.size()) + " members, " +
                      std::to_string(signers->needed) + " must");
    std::string names;
    for (const OrgId& org : signers->signed_by) names += (names.empty() ? "" : ", ") + org.value;
    log::info("recovery.record",
              "the members named the validators of epoch " +
                  std::to_string(record.next.epoch.value) + " themselves",
              {{"last_height", record.last.height}, {"signed_by", names}});
  }
  return {};
}

const RecoveryRecord* RecoveryRecords::beginning_at(Height first) const {
  const auto found = std::ranges::find(records_, first, &RecoveryRecord::first);
  return found == records_.end() ? nullptr : &*found;
}

Directory RecoveryRecords::ahead(Directory directory, Height executed) const {
  for (const RecoveryRecord& record : records_) {
    if (record.first() <= executed) continue;
    for (KnownNode& node : directory.nodes) {
      const auto seat = std::ranges::find(record.next.validators, node.id, &Validator::id);
      node.validator = seat != record.next.validators.end();
      if (node.validator) {
        node.key = seat->key;
        node.next_key.reset();
      }
      const auto key = std::ranges::find(record.certificate_keys, node.id, &CertificateKey::node);
      if (key != record.certificate_keys.end()) node.tls_key = key->tls_key;
    }
  }
  return directory;
}

Result<std::vector<consensus::Recovery::SetRecovery>> RecoveryRecords::for_core() const {
  std::vector<consensus::Recovery::SetRecovery> out;
  for (const RecoveryRecord& record : records_) {
    consensus::BlockPtr carried;
    if (record.carried) {
      USANCE_ASSIGN(carried, checked_block(record.chain, record.carried->block));
    }
    out.push_back({record.last.height, result_hash(record.last), record.next, std::move(carried)});
  }
  return out;
}

}  // namespace usance::node
