// The recovery record: what the members sign offline when so many validators have lost their keys
// or votes that no quorum is left (docs/spec/recovery.md). It names the last height that stands and
// the validators that go on from there, and takes the place of the hand-over that nobody could
// sign.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/block.h"
#include "base/evidence.h"
#include "base/genesis.h"

namespace usance {

namespace limits {
inline constexpr std::size_t kMaxRecoveryBytes = 32 * 1024 * 1024;
inline constexpr std::size_t kMaxRecoveryReason = 1'024;
inline constexpr std::size_t kMaxRecoverySignatures = 1'024;
}  // namespace limits

// Whose recovery keys count: the organisations that are members in the state after the highest
// height that the old validators certified.
struct CertifiedMembers {
  static constexpr std::uint16_t kTag = 0x01b1;
  static constexpr std::uint8_t kVersion = 1;
  CertifiedResult result;             // by the validators of its height
  std::optional<MerklePath> on_last;  // to last.ledger_root; none if it is `last` itself
  ScopeProof organisations;           // governance's scope "organisations", under its state root

  friend bool operator==(const CertifiedMembers&, const CertifiedMembers&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.result);
    a.optional(s.on_last);
    a(s.organisations);
  }
};

// A block above the last height for which a quorum prepared: it may have been decided where the
// disks are lost. Its transactions are ordered again, at the same height and in the same order.
struct CarriedBlock {
  static constexpr std::uint16_t kTag = 0x01b2;
  static constexpr std::uint8_t kVersion = 1;
  Certificate lock;
  Block block;

  friend bool operator==(const CarriedBlock&, const CarriedBlock&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.lock);
    a(s.block);
  }
};

// A validator whose certificate key is another from now on.
struct CertificateKey {
  static constexpr std::uint16_t kTag = 0x01b3;
  static constexpr std::uint8_t kVersion = 1;
  std::uint32_t node = 0;  // governance id
  Hash32 tls_key;          // SHA-256 of the certificate's SubjectPublicKeyInfo

  friend bool operator==(const CertificateKey&, const CertificateKey&) = default;
  friend bool operator<(const CertificateKey& a, const CertificateKey& b) {
    return a.node < b.node;
  }
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.node);
    a(s.tls_key);
  }
};

struct RecoverySignature {
  static constexpr std::uint16_t kTag = 0x01b4;
  static constexpr std::uint8_t kVersion = 1;
  OrgId org;
  Signature signature;  // by its recovery key over recovery_digest()

  friend bool operator==(const RecoverySignature&, const RecoverySignature&) = default;
  friend bool operator<(const RecoverySignature& a, const RecoverySignature& b) {
    return a.org < b.org;
  }
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a.text(s.org, limits::kMaxNameBytes);
    a(s.signature);
  }
};

struct RecoveryRecord {
  static constexpr std::uint16_t kTag = 0x01b0;
  static constexpr std::uint8_t kVersion = 1;

  ChainId chain;
  std::string reason;  // for people, UTF-8
  ResultHeader last;   // the last height that stands; the signatures certify it
  std::optional<CertifiedMembers> members;  // none: no height was ever certified
  std::optional<CarriedBlock> carried;
  ValidatorSet next;                             // signs from last.height + 1 on
  std::vector<CertificateKey> certificate_keys;  // of validators of `next`
  std::vector<RecoverySignature> signatures;

  friend bool operator==(const RecoveryRecord&, const RecoveryRecord&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.chain);
    a.text(s.reason, limits::kMaxRecoveryReason);
    a(s.last);
    a.optional(s.members);
    a.optional(s.carried);
    a(s.next);
    a.ascending(s.certificate_keys, limits::kMaxValidators);
    a.ascending(s.signatures, limits::kMaxRecoverySignatures);
  }
  [[nodiscard]] Height first() const { return last.height.next(); }  // that `next` signs
};

// What is signed: everything but the signatures. The record's identity.
[[nodiscard]] Hash32 recovery_digest(const RecoveryRecord& record);
// The epoch that a recovery behind this result begins: a set that was pending never takes over.
[[nodiscard]] Epoch epoch_after(const ResultHeader& last);

struct RecoveryMember {
  OrgId org;
  PublicKey recovery_key;
};
struct RecoverySigners {
  std::vector<OrgId> signed_by;
  std::vector<RecoveryMember> members;
  std::size_t needed = 0;  // quorum(members)
  [[nodiscard]] bool enough() const { return signed_by.size() >= needed; }
};

// Everything that can be judged without the ledger, the number of signatures excepted. `trusted`
// are validator sets that are known to be the chain's: the genesis' one, and those that hand-overs
// or a ledger's state name; at least those of the heights that the record proves. Errors:
// kInvalidArgument (of another chain), kMalformed (parts that do not fit each other, a set that may
// not be), kFailedPrecondition (of other validators than the trusted ones), kBadSignature.
[[nodiscard]] Result<RecoverySigners> check_recovery(const RecoveryRecord& record,
                                                     const Genesis& genesis,
                                                     std::span<const ValidatorSet> trusted,
                                                     const Verifier& verifier);
// The same; kPermissionDenied if fewer have signed than needed.
[[nodiscard]] Result<RecoverySigners> verify_recovery(const RecoveryRecord& record,
                                                      const Genesis& genesis,
                                                      std::span<const ValidatorSet> trusted,
                                                      const Verifier& verifier);

// A record's file: base/sealed_file.h, first line "usance-recovery/1".
[[nodiscard]] Bytes write_recovery(const RecoveryRecord& record);
// kInvalidArgument (no record, too large), kMalformed.
[[nodiscard]] Result<RecoveryRecord> read_recovery(ByteView file);

}  // namespace usance
