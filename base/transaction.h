// Transactions and the signed bundles they travel in.
//
// A bundle is 1 to 1,000 transactions of one signer under one signature. It is not atomic: its
// transactions succeed and fail one by one, and stand together, in leaf order, in the block.
#pragma once

#include <vector>

#include "base/codec.h"
#include "base/limits.h"
#include "base/merkle.h"
#include "base/signature.h"

namespace usance {

struct Transaction {
  static constexpr std::uint16_t kTag = 0x0110;
  static constexpr std::uint8_t kVersion = 1;

  OrgId org;                  // the organisation on whose behalf it is sent
  PublicKey user_key;         // the user's registered key; equal to the bundle's signer
  Nonce nonce;                // makes the id unique; random
  Height valid_until_height;  // last height that may contain it; at most D ahead (else VOID)
  TimeMs valid_until_time;    // 0 = no limit; against the block's time
  std::uint64_t gas_limit = 0;
  std::string contract;  // registered name: "letter_of_credit"; or a system contract: "governance"
  std::string method;    // as in the contract's interface: "Issue"
  Bytes arguments;       // the method's request message in contract encoding

  friend bool operator==(const Transaction&, const Transaction&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a.text(s.org, limits::kMaxNameBytes);
    a(s.user_key);
    a(s.nonce);
    a(s.valid_until_height);
    a(s.valid_until_time);
    a(s.gas_limit);
    a.text(s.contract, limits::kMaxNameBytes);
    a.text(s.method, limits::kMaxNameBytes);
    // Deployments carry code; every other call is held to kMaxArgumentBytes by the executor.
    a.bytes(s.arguments, limits::kMaxBundleBytes);
  }
};

using TxId = Hash32;
[[nodiscard]] TxId transaction_id(const ChainId& chain, ByteView transaction_bytes);
[[nodiscard]] TxId transaction_id(const ChainId& chain, const Transaction& tx);

// What a client signs: H("usance/bundle", chain, count, root over the transactions' ids).
[[nodiscard]] Hash32 bundle_digest(const ChainId& chain, std::uint32_t count, const Hash32& root);

struct Bundle {
  static constexpr std::uint16_t kTag = 0x0111;
  static constexpr std::uint8_t kVersion = 1;

  std::vector<Transaction> transactions;  // all of one organisation and one key
  Signature signature;

  friend bool operator==(const Bundle&, const Bundle&) = default;
  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a.vector(s.transactions, limits::kMaxBundleTransactions);
    a(s.signature);
  }
};

[[nodiscard]] Bundle sign_bundle(const ChainId& chain, std::vector<Transaction> transactions,
                                 const Signer& signer);

// A bundle whose bytes were decoded, whose ids were computed, and whose signature was verified
// (or vouched for by a commit certificate, see decode_certified). Immutable, shared by the
// mempool, blocks and the executor, so that a signature is verified once per replica.
class CheckedBundle {
 public:
  // Decodes and verifies everything that needs no state: sizes, one signer, well-formed names,
  // the signature. Cheap checks first; the signature is checked before the leaves are used.
  static Result<CheckedBundle> check(const ChainId& chain, Bytes raw, const Verifier& verifier);
  // As check() without the signature: for bodies under a commit certificate.
  static Result<CheckedBundle> decode_certified(const ChainId& chain, Bytes raw);

  [[nodiscard]] const Bytes& raw() const { return raw_; }
  // Over the whole bytes, key and signature included: the identity for "already verified".
  [[nodiscard]] const Hash32& hash() const { return hash_; }
  [[nodiscard]] const std::vector<Transaction>& transactions() const { return transactions_; }
  [[nodiscard]] const std::vector<TxId>& ids() const { return ids_; }
  [[nodiscard]] const OrgId& org() const { return transactions_.front().org; }
  [[nodiscard]] const PublicKey& key() const { return transactions_.front().user_key; }
  [[nodiscard]] const Signature& signature() const { return signature_; }
  [[nodiscard]] Hash32 root() const;  // over ids(); what the signature binds together with count

 private:
  CheckedBundle() = default;
  static Result<CheckedBundle> decode_unverified(const ChainId& chain, Bytes raw);

  Bytes raw_;
  Hash32 hash_;
  std::vector<Transaction> transactions_;
  std::vector<TxId> ids_;
  Signature signature_;
};

// [a-z0-9_.-], 1 to 64 characters for organisations and contracts; methods also take A-Z.
[[nodiscard]] bool is_wellformed_name(std::string_view name, bool allow_upper = false);

}  // namespace usance
