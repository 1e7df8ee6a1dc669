// Envelopes: what members send each other beside the ledger, readable by the organisations that
// they name and by nobody else (docs/spec/envelopes.md). Here are the bytes that are kept, signed
// and counted; base/envelope_seal.h makes and opens them.
#pragma once

#include <string>
#include <vector>

#include "base/codec.h"
#include "base/hash.h"
#include "base/signature.h"

namespace usance {

namespace limits {
inline constexpr std::size_t kMaxEnvelopeContentBytes = 3 * 1024 * 1024;  // fits a client's message
inline constexpr std::size_t kMaxEnvelopeBytes = kMaxEnvelopeContentBytes + 32 * 1024;  // whole
inline constexpr std::size_t kMaxEnvelopeFiles = 64;
inline constexpr std::size_t kMaxEnvelopeFileName = 128;
inline constexpr std::size_t kMaxEnvelopeNote = 4'096;
inline constexpr std::size_t kMaxEnvelopeRecipients = 16;
}  // namespace limits

// A file in an envelope. Recipients write it under its name, so a name is no path.
struct EnvelopeFile {
  static constexpr std::uint16_t kTag = 0x01c0;
  static constexpr std::uint8_t kVersion = 1;

  std::string name;
  Bytes content;

  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a.text(s.name, limits::kMaxEnvelopeFileName);
    a.bytes(s.content, limits::kMaxEnvelopeContentBytes);
  }
  friend bool operator==(const EnvelopeFile&, const EnvelopeFile&) = default;
  friend bool operator<(const EnvelopeFile& a, const EnvelopeFile& b) { return a.name < b.name; }
};

// What only the named organisations read. The salt makes its hash say nothing to somebody who
// guesses the rest.
struct EnvelopeContent {
  static constexpr std::uint16_t kTag = 0x01c1;
  static constexpr std::uint8_t kVersion = 1;

  Hash32 salt;
  std::string note;                 // UTF-8, for people
  std::vector<EnvelopeFile> files;  // ascending by name

  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.salt);
    a.text(s.note, limits::kMaxEnvelopeNote);
    a.ascending(s.files, limits::kMaxEnvelopeFiles);
  }
  friend bool operator==(const EnvelopeContent&, const EnvelopeContent&) = default;
};

// How content and content keys are encrypted; a further way takes the next number.
enum class EnvelopeCipher : std::uint8_t {
  kXChaCha20Poly1305 = 1,  // keys by X25519 and XSalsa20-Poly1305 (libsodium's sealed box)
};

// The content key, sealed for one organisation: ephemeral key, authenticator, 32 bytes.
using SealedContentKey = FixedBytes<80, struct SealedContentKeyTag>;

struct EnvelopeRecipient {
  static constexpr std::uint16_t kTag = 0x01c2;
  static constexpr std::uint8_t kVersion = 1;

  OrgId org;
  PublicKey key;  // the organisation's encryption key that it is sealed to, as published
  SealedContentKey content_key;

  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a.text(s.org, kMaxOrgBytes);
    a(s.key);
    a(s.content_key);
  }
  static constexpr std::size_t kMaxOrgBytes = 64;
  friend bool operator==(const EnvelopeRecipient&, const EnvelopeRecipient&) = default;
  friend bool operator<(const EnvelopeRecipient& a, const EnvelopeRecipient& b) {
    return a.org < b.org;
  }
};

// What every node that keeps the envelope sees of it, beside the body's size.
struct EnvelopeHeader {
  static constexpr std::uint16_t kTag = 0x01c3;
  static constexpr std::uint8_t kVersion = 1;

  OrgId sender;
  PublicKey sender_key;  // of the user of the sender who signs
  TimeMs time;           // by the sender's clock
  EnvelopeCipher cipher = EnvelopeCipher::kXChaCha20Poly1305;
  std::vector<EnvelopeRecipient> recipients;  // at least one, ascending by organisation
  Hash32 commitment;  // content_commitment() of the content: what goes on the ledger

  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a.text(s.sender, EnvelopeRecipient::kMaxOrgBytes);
    a(s.sender_key);
    a(s.time);
    a.within(s.cipher, EnvelopeCipher::kXChaCha20Poly1305, EnvelopeCipher::kXChaCha20Poly1305);
    a.ascending(s.recipients, limits::kMaxEnvelopeRecipients);
    a.require(!s.recipients.empty(), "an envelope that names no organisation");
    a(s.commitment);
  }
  // Null when it is not sealed for the organisation.
  [[nodiscard]] const EnvelopeRecipient* recipient(const OrgId& org) const;
  // Its sender, or one that it is sealed for.
  [[nodiscard]] bool concerns(const OrgId& org) const {
    return org == sender || recipient(org) != nullptr;
  }
  friend bool operator==(const EnvelopeHeader&, const EnvelopeHeader&) = default;
};

struct Envelope {
  static constexpr std::uint16_t kTag = 0x01c4;
  static constexpr std::uint8_t kVersion = 1;

  EnvelopeHeader header;
  Bytes body;           // the encrypted content and its authenticator
  Signature signature;  // of header.sender_key over the envelope's id

  template <class Self, class Archive>
  static void fields(Self& s, Archive& a) {
    a(s.header);
    a.bytes(s.body, limits::kMaxEnvelopeBytes);
    a(s.signature);
  }
  friend bool operator==(const Envelope&, const Envelope&) = default;
};

// Over the header and the body's hash: names the envelope and is what its sender signs.
[[nodiscard]] Hash32 envelope_id(const ChainId& chain, const Envelope& envelope);
// H(salt, payload) of docs/spec/envelopes.md. The content must be within its limits.
[[nodiscard]] Hash32 content_commitment(const ChainId& chain, const EnvelopeContent& content);

// The sender's signature. Whether the key is the sender's, the ledger says. kBadSignature.
[[nodiscard]] Result<void> verify_envelope(const ChainId& chain, const Envelope& envelope,
                                           const Verifier& verifier);

// 1 to 128 bytes, no slash, backslash or control character, and no dot in front.
[[nodiscard]] bool is_envelope_file_name(std::string_view name);

}  // namespace usance
