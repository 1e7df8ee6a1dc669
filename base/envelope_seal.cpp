#include "base/envelope_seal.h"

#include <algorithm>
#include <array>

#include <sodium.h>

namespace usance {

namespace {

constexpr std::size_t kBodyOverhead = crypto_aead_xchacha20poly1305_ietf_ABYTES;
static_assert(SealedContentKey::kSize ==
              crypto_box_SEALBYTES + crypto_aead_xchacha20poly1305_ietf_KEYBYTES);

// A secret that does not outlive its scope.
template <std::size_t N>
struct Secret {
  Secret() = default;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret() { sodium_memzero(bytes.data(), bytes.size()); }
  std::uint8_t* data() { return bytes.data(); }
  const std::uint8_t* data() const { return bytes.data(); }

  std::array<std::uint8_t, N> bytes{};
};

using ContentKey = Secret<crypto_aead_xchacha20poly1305_ietf_KEYBYTES>;
using BoxKey = std::array<std::uint8_t, crypto_box_PUBLICKEYBYTES>;
// A content key encrypts one content, so its nonce need not vary.
constexpr std::array<std::uint8_t, crypto_aead_xchacha20poly1305_ietf_NPUBBYTES> kNonce{};

void ensure_sodium() {
  static const int ready = sodium_init();
  USANCE_INVARIANT(ready >= 0);
}

bool to_box_key(const PublicKey& published, BoxKey& out) {
  return crypto_sign_ed25519_pk_to_curve25519(out.data(), published.bytes.data()) == 0;
}

// What the body's authenticator binds it to: this header on this chain.
Hash32 bound_to(const ChainId& chain, const EnvelopeHeader& header) {
  return tagged_hash("usance/envelope-header", chain, header);
}

tl::unexpected<Error> invalid(std::string what) {
  return fail(ErrorCode::kInvalidArgument, std::move(what));
}

Result<void> order_and_check(EnvelopeContent& content) {
  if (content.note.size() > limits::kMaxEnvelopeNote)
    return invalid("a note has at most " + std::to_string(limits::kMaxEnvelopeNote) + " bytes");
  if (content.files.size() > limits::kMaxEnvelopeFiles)
    return invalid("an envelope holds at most " + std::to_string(limits::kMaxEnvelopeFiles) +
                   " files");
  std::size_t total = 0;
  for (const EnvelopeFile& file : content.files) {
    if (!is_envelope_file_name(file.name))
      return invalid("'" + file.name + "' is no name for a file in an envelope: 1 to " +
                     std::to_string(limits::kMaxEnvelopeFileName) +
                     " bytes without slashes and control characters, no dot in front");
    total += file.content.size();
  }
  if (total > limits::kMaxEnvelopeContentBytes)
    return invalid("an envelope holds at most " + std::to_string(limits::kMaxEnvelopeContentBytes) +
                   " bytes of files, not " + std::to_string(total) + "; send several");
  std::ranges::sort(content.files, {}, &EnvelopeFile::name);
  const auto twice = std::ranges::adjacent_find(content.files, {}, &EnvelopeFile::name);
  if (twice != content.files.end()) return invalid("two files are named '" + twice->name + "'");
  return {};
}

Result<std::vector<EnvelopeRecipient>> seal_keys(const ContentKey& content_key,
                                                 const std::vector<EnvelopeAddress>& to) {
  if (to.empty() || to.size() > limits::kMaxEnvelopeRecipients)
    return invalid("an envelope names 1 to " + std::to_string(limits::kMaxEnvelopeRecipients) +
                   " organisations");
  std::vector<EnvelopeRecipient> out;
  for (const EnvelopeAddress& address : to) {
    if (address.org.value.size() > EnvelopeRecipient::kMaxOrgBytes)
      return invalid("no organisation has so long a name");
    BoxKey box_key;
    EnvelopeRecipient recipient{address.org, address.key, {}};
    if (!to_box_key(address.key, box_key) ||
        crypto_box_seal(recipient.content_key.bytes.data(), content_key.data(),
                        content_key.bytes.size(), box_key.data()) != 0)
      return invalid("the encryption key of '" + address.org.value + "' is no key to seal to");
    out.push_back(std::move(recipient));
  }
  std::ranges::sort(out, {}, &EnvelopeRecipient::org);
  const auto twice = std::ranges::adjacent_find(out, {}, &EnvelopeRecipient::org);
  if (twice != out.end()) return invalid("'" + twice->org.value + "' is named twice");
  return out;
}

// The content key as the holder of `key` reads it.
Result<void> open_key(const EnvelopeRecipient& recipient, const SecretSeed& key, ContentKey& out) {
  PublicKey published;
  Secret<crypto_sign_SECRETKEYBYTES> signing;
  crypto_sign_seed_keypair(published.bytes.data(), signing.data(), key.bytes.data());
  if (published != recipient.key)
    return fail(ErrorCode::kFailedPrecondition,
                "the envelope is sealed to the encryption key " + to_hex(recipient.key) + " of '" +
                    recipient.org.value + "', not to " + to_hex(published) +
                    "; open it with the key file of that time");
  BoxKey box_public;
  Secret<crypto_box_SECRETKEYBYTES> box_secret;
  if (!to_box_key(published, box_public) ||
      crypto_sign_ed25519_sk_to_curve25519(box_secret.data(), signing.data()) != 0 ||
      crypto_box_seal_open(out.data(), recipient.content_key.bytes.data(),
                           recipient.content_key.bytes.size(), box_public.data(),
                           box_secret.data()) != 0)
    return fail(ErrorCode::kCorrupt, "the content key is not sealed as the envelope says");
  return {};
}

}  // namespace

Result<Envelope> seal_envelope(const ChainId& chain, const EnvelopeSender& from,
                               const std::vector<EnvelopeAddress>& to, EnvelopeContent content) {
  ensure_sodium();
  if (from.org.value.size() > EnvelopeRecipient::kMaxOrgBytes)
    return invalid("no organisation has so long a name");
  USANCE_TRY(order_and_check(content));
  randombytes_buf(content.salt.bytes.data(), content.salt.bytes.size());
  ContentKey content_key;
  randombytes_buf(content_key.data(), content_key.bytes.size());
  Envelope out;
  out.header.sender = from.org;
  out.header.sender_key = from.signer.public_key();
  out.header.time = from.time;
  USANCE_ASSIGN(out.header.recipients, seal_keys(content_key, to));
  out.header.commitment = content_commitment(chain, content);

  Bytes plain = encode(content);
  out.body.resize(plain.size() + kBodyOverhead);
  const Hash32 bound = bound_to(chain, out.header);
  crypto_aead_xchacha20poly1305_ietf_encrypt(out.body.data(), nullptr, plain.data(), plain.size(),
                                             bound.bytes.data(), bound.bytes.size(), nullptr,
                                             kNonce.data(), content_key.data());
  sodium_memzero(plain.data(), plain.size());
  out.signature = from.signer.sign(envelope_id(chain, out));
  return out;
}

Result<EnvelopeContent> open_envelope(const ChainId& chain, const Envelope& envelope,
                                      const OrgId& org, const SecretSeed& key) {
  ensure_sodium();
  USANCE_TRY(verify_envelope(chain, envelope, ed25519_verifier()));
  const EnvelopeRecipient* recipient = envelope.header.recipient(org);
  if (recipient == nullptr)
    return fail(ErrorCode::kNotFound, "the envelope is not sealed for '" + org.value + "'");
  ContentKey content_key;
  USANCE_TRY(open_key(*recipient, key, content_key));
  if (envelope.body.size() < kBodyOverhead)
    return fail(ErrorCode::kCorrupt, "the body is shorter than its authenticator");
  Bytes plain(envelope.body.size() - kBodyOverhead);
  const Hash32 bound = bound_to(chain, envelope.header);
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(
          plain.data(), nullptr, nullptr, envelope.body.data(), envelope.body.size(),
          bound.bytes.data(), bound.bytes.size(), kNonce.data(), content_key.data()) != 0)
    return fail(ErrorCode::kCorrupt, "the body is not what the sender's key encrypts");
  auto content = decode<EnvelopeContent>(plain);
  sodium_memzero(plain.data(), plain.size());
  if (!content)
    return fail(ErrorCode::kCorrupt, "the content does not decode: " + content.error().message);
  for (const EnvelopeFile& file : content->files)
    if (!is_envelope_file_name(file.name))
      return fail(ErrorCode::kCorrupt, "a file of the content has a name that is none");
  // Some ciphertexts open under two keys to two texts: what every recipient reads is pinned here.
  if (content_commitment(chain, *content) != envelope.header.commitment)
    return fail(ErrorCode::kCorrupt, "the content is not what the envelope commits to");
  return content;
}

}  // namespace usance
