// What is signed about envelopes: a node's receipt that it keeps one, a recipient's that it took
// delivery, and a user's word that a node may ask others. All are checked against keys on the
// ledger, by anybody (docs/spec/envelopes.md).
#pragma once

#include "base/envelope.h"

namespace usance {

// By the node, with its consensus key.
struct EnvelopeKept {
  static constexpr std::uint16_t kTag = 0x01c5;
  static constexpr std::uint8_t kVersion = 1;

  Hash32 envelope;         // its id
  std::uint32_t node = 0;  // governance id
  TimeMs at;               // by the node's clock
  TimeMs until;            // erased then, or before on the sender's word

  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.envelope);
    a(s.node);
    a(s.at);
    a(s.until);
  }
  friend bool operator==(const EnvelopeKept&, const EnvelopeKept&) = default;
};

// By a user of an organisation that the envelope names, before the node hands it over.
struct EnvelopeDelivered {
  static constexpr std::uint16_t kTag = 0x01c6;
  static constexpr std::uint8_t kVersion = 1;

  Hash32 envelope;
  OrgId org;
  TimeMs at;  // by the recipient's clock

  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.envelope);
    a.text(s.org, EnvelopeRecipient::kMaxOrgBytes);
    a(s.at);
  }
  friend bool operator==(const EnvelopeDelivered&, const EnvelopeDelivered&) = default;
};

// By a user: the node may ask others, for the user's organisation, what they keep for it. Good at
// the nodes for kFreshMs before and after its time.
struct EnvelopeAsk {
  static constexpr std::uint16_t kTag = 0x01cb;
  static constexpr std::uint8_t kVersion = 1;
  static constexpr std::uint64_t kFreshMs = 600'000;

  OrgId org;
  std::uint32_t node = 0;  // governance id of the node that asks on
  TimeMs at;               // by that node's clock

  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a.text(s.org, EnvelopeRecipient::kMaxOrgBytes);
    a(s.node);
    a(s.at);
  }
  friend bool operator==(const EnvelopeAsk&, const EnvelopeAsk&) = default;
};

[[nodiscard]] inline Hash32 receipt_digest(const ChainId& chain, const EnvelopeKept& statement) {
  return tagged_hash("usance/envelope-kept", chain, statement);
}
[[nodiscard]] inline Hash32 receipt_digest(const ChainId& chain,
                                           const EnvelopeDelivered& statement) {
  return tagged_hash("usance/envelope-delivered", chain, statement);
}
[[nodiscard]] inline Hash32 receipt_digest(const ChainId& chain, const EnvelopeAsk& statement) {
  return tagged_hash("usance/envelope-ask", chain, statement);
}

// A statement with its signature, as it is sent and kept.
template <class Statement, std::uint16_t Tag>
struct SignedStatement {
  static constexpr std::uint16_t kTag = Tag;
  static constexpr std::uint8_t kVersion = 1;

  Statement statement;
  PublicKey key;
  Signature signature;

  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.statement);
    a(s.key);
    a(s.signature);
  }
  [[nodiscard]] bool verifies(const ChainId& chain, const Verifier& verifier) const {
    return verifier.verify(key, receipt_digest(chain, statement), signature);
  }
  [[nodiscard]] static SignedStatement by(const Signer& signer, const ChainId& chain,
                                          Statement statement) {
    const Signature signature = signer.sign(receipt_digest(chain, statement));
    return {std::move(statement), signer.public_key(), signature};
  }
  friend bool operator==(const SignedStatement&, const SignedStatement&) = default;
};

using KeptReceipt = SignedStatement<EnvelopeKept, 0x01c7>;
using DeliveryReceipt = SignedStatement<EnvelopeDelivered, 0x01c8>;
using SignedEnvelopeAsk = SignedStatement<EnvelopeAsk, 0x01cc>;

}  // namespace usance
