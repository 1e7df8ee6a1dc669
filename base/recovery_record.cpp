#include "base/recovery_record.h"

#include <algorithm>

#include "base/recovery_members.h"
#include "base/sealed_file.h"

namespace usance {

namespace {

constexpr std::string_view kRecordMagic = "usance-recovery/1\n";
constexpr std::string_view kGovernance = "governance";
constexpr std::string_view kOrganisations = "organisations";

auto malformed(std::string what) {
  return fail(ErrorCode::kMalformed, std::move(what));
}
std::string at(Height height) {
  return "height " + std::to_string(height.value);
}

// The rules of a genesis hold for every later set too.
Result<void> check_set(const ValidatorSet& set) {
  if (set.size() < limits::kMinValidators)
    return malformed("the new set has fewer than " + std::to_string(limits::kMinValidators) +
                     " validators");
  for (std::size_t i = 0; i < set.size(); ++i) {
    const Validator& validator = set.validators[i];
    if (!is_acceptable_key(validator.key))
      return malformed("the key of node " + std::to_string(validator.id) + " is no acceptable key");
    if (std::ranges::count(set.validators, validator.key, &Validator::key) != 1)
      return malformed("two validators of the new set have one key");
    const auto seats = std::ranges::count(set.validators, validator.org, &Validator::org);
    if (static_cast<std::size_t>(seats) > set.faults())
      return malformed(validator.org.value + " would hold more of the seats than may be faulty");
  }
  return {};
}

class Judgement {
 public:
  Judgement(const RecoveryRecord& record, const Genesis& genesis,
            std::span<const ValidatorSet> trusted, const Verifier& verifier)
      : record_(record), genesis_(genesis), trusted_(trusted), verifier_(verifier) {}

  Result<RecoverySigners> run() {
    if (record_.chain != genesis_.chain_id || record_.last.chain != genesis_.chain_id)
      return fail(ErrorCode::kInvalidArgument, "the recovery record is of another network");
    if (set_of(record_.last) == nullptr) return of_others(record_.last);
    USANCE_TRY(new_set());
    USANCE_TRY(carried());
    RecoverySigners out;
    USANCE_ASSIGN(out.members, members());
    if (out.members.empty()) return malformed("the record proves that there are no members");
    out.needed = quorum(out.members.size());
    USANCE_TRY(signatures(out));
    return out;
  }

 private:
  const ValidatorSet* set_of(const ResultHeader& header) const {
    const auto found = std::ranges::find_if(trusted_, [&](const ValidatorSet& set) {
      return set.epoch == header.epoch &&
             validator_set_hash(genesis_.chain_id, set) == header.set_hash;
    });
    return found == trusted_.end() ? nullptr : &*found;
  }
  static tl::unexpected<Error> of_others(const ResultHeader& header) {
    return fail(ErrorCode::kFailedPrecondition,
                at(header.height) + " of the recovery record is not of the validators in force");
  }

  Result<void> new_set() const {
    if (record_.next.epoch != epoch_after(record_.last))
      return malformed("the new epoch must be " + std::to_string(epoch_after(record_.last).value));
    USANCE_TRY(check_set(record_.next));
    for (const CertificateKey& key : record_.certificate_keys)
      if (std::ranges::find(record_.next.validators, key.node, &Validator::id) ==
          record_.next.validators.end())
        return malformed("a certificate key for node " + std::to_string(key.node) +
                         ", which is not in the new set");
    return {};
  }

  // A set that takes over right above the last height may have locked; only who executed that
  // height knows it.
  Result<void> carried() const {
    if (!record_.carried) return {};
    const auto& [lock, block] = *record_.carried;
    const VoteContent& content = lock.content;
    const bool pending = record_.last.next && record_.last.next->height == record_.first();
    const Epoch epoch = pending ? record_.last.next->epoch : record_.last.epoch;
    if (block.header.chain != record_.chain || block.header.height != record_.first() ||
        block.header.parent != record_.last.block || content.kind != VoteKind::kPrepare ||
        content.epoch != epoch || content.height != record_.first() ||
        content.hash != block_hash(block.header) || block.header.body_root != body_root(block.body))
      return malformed("the carried block is not one that was locked at " + at(record_.first()));
    const auto set = std::ranges::find(trusted_, epoch, &ValidatorSet::epoch);
    if (set == trusted_.end()) return pending ? Result<void>{} : of_others(record_.last);
    return verify_certificate(record_.chain, *set, lock, verifier_);
  }

  Result<std::vector<RecoveryMember>> members() const {
    if (!record_.members) {
      // Results are certified at most 2W heights late.
      if (record_.last.height.value > 2 * limits::kExecutionLag)
        return malformed("the record does not prove who the members are");
      std::vector<RecoveryMember> members;
      members.reserve(genesis_.organisations.size());
      for (const GenesisOrganisation& org : genesis_.organisations)
        members.push_back({org.id, org.recovery_key});
      std::ranges::sort(members, {}, &RecoveryMember::org);
      return members;
    }
    const auto& [header, certificate] = record_.members->result;
    // Results are certified before the next set begins (C-9.2): no older set has a say.
    const auto& next = header.next;
    if (header.set_hash != record_.last.set_hash &&
        !(next && next->set_hash == record_.last.set_hash && next->epoch == record_.last.epoch))
      return malformed(
          "the members are not proven by the validators of the last height, nor by "
          "those who handed over to them");
    USANCE_TRY(certified(header, certificate));
    USANCE_TRY(on_last(header, record_.members->on_last));
    if (const Result<void> proven =
            verify_scope_proof(header.state_root, kGovernance, as_bytes(kOrganisations),
                               record_.members->organisations);
        !proven)
      return malformed("the members' list does not lead to the state of " + at(header.height));
    return members_of(record_.members->organisations);
  }

  Result<void> certified(const ResultHeader& header, const Certificate& certificate) const {
    const ValidatorSet* set = set_of(header);
    if (header.chain != record_.chain || set == nullptr) return of_others(header);
    const VoteContent expected{VoteKind::kExec, set->epoch, View{}, header.height,
                               result_hash(header)};
    if (certificate.content != expected)
      return malformed("the certificate of " + at(header.height) + " is of something else");
    return verify_certificate(record_.chain, *set, certificate, verifier_);
  }

  Result<void> on_last(const ResultHeader& header, const std::optional<MerklePath>& path) const {
    if (!path)
      return header == record_.last
                 ? Result<void>{}
                 : malformed("nothing leads from " + at(header.height) + " to the last height");
    const Result<Hash32> root =
        merkle_path_root(ledger_leaf(header.block, result_hash(header)), *path);
    if (path->index != header.height.value || path->size != record_.last.height.value || !root ||
        *root != record_.last.ledger_root)
      return malformed(at(header.height) + " is not on the ledger of the last height");
    return {};
  }

  Result<void> signatures(RecoverySigners& out) const {
    const Hash32 digest = recovery_digest(record_);
    for (const RecoverySignature& one : record_.signatures) {
      const auto member = std::ranges::find(out.members, one.org, &RecoveryMember::org);
      if (member == out.members.end())
        return fail(ErrorCode::kPermissionDenied, one.org.value + " is no member and has no say");
      if (!verifier_.verify(member->recovery_key, digest, one.signature))
        return fail(ErrorCode::kBadSignature,
                    "the signature of " + one.org.value + " is not by its recovery key");
      out.signed_by.push_back(one.org);
    }
    return {};
  }

  const RecoveryRecord& record_;
  const Genesis& genesis_;
  const std::span<const ValidatorSet> trusted_;
  const Verifier& verifier_;
};

}  // namespace

Hash32 recovery_digest(const RecoveryRecord& record) {
  RecoveryRecord unsigned_record = record;
  unsigned_record.signatures.clear();
  return tagged_hash("usance/recovery", record.chain, unsigned_record);
}

Epoch epoch_after(const ResultHeader& last) {
  return (last.next ? last.next->epoch : last.epoch).next();
}

Result<RecoverySigners> check_recovery(const RecoveryRecord& record, const Genesis& genesis,
                                       std::span<const ValidatorSet> trusted,
                                       const Verifier& verifier) {
  return Judgement(record, genesis, trusted, verifier).run();
}

Result<RecoverySigners> verify_recovery(const RecoveryRecord& record, const Genesis& genesis,
                                        std::span<const ValidatorSet> trusted,
                                        const Verifier& verifier) {
  USANCE_ASSIGN(RecoverySigners signers, check_recovery(record, genesis, trusted, verifier));
  if (!signers.enough())
    return fail(ErrorCode::kPermissionDenied,
                std::to_string(signers.signed_by.size()) + " of " +
                    std::to_string(signers.members.size()) +
                    " organisations have signed the recovery record, " +
                    std::to_string(signers.needed) + " must");
  return signers;
}

Bytes write_recovery(const RecoveryRecord& record) {
  return write_sealed(kRecordMagic, record);
}

Result<RecoveryRecord> read_recovery(ByteView file) {
  USANCE_ASSIGN(auto read, read_sealed<RecoveryRecord>(kRecordMagic, "a recovery record",
                                                       limits::kMaxRecoveryBytes, file));
  if (!read.intact)
    return fail(ErrorCode::kMalformed, "the file was damaged: its checksum does not fit");
  return std::move(read.content);
}

}  // namespace usance
