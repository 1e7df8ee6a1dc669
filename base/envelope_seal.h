// Sealing and opening envelopes (base/envelope.h). Nothing here asks the ledger: which key belongs
// to which organisation, and who may sign for the sender, the caller has looked up.
#pragma once

#include "base/envelope.h"

namespace usance {

// The key file of an organisation's encryption key (base/key_file.h). The public key in it, in
// Ed25519 form, is what the organisation publishes; X25519 uses the same point in its own form. It
// never signs.
inline constexpr std::string_view kEncryptionKeyFormat = "usance-encryption-key/1";

struct EnvelopeAddress {
  OrgId org;
  PublicKey key;  // as the organisation has published it
};

// Who sends, and with which key of theirs.
struct EnvelopeSender {
  OrgId org;
  const Signer& signer;
  TimeMs time;
};

// Draws salt and content key; `content.salt` is ignored and the files may be in any order.
// kInvalidArgument: a name that is none or is there twice, an organisation twice or none, a key
// that cannot be sealed to, more than a limit of base/envelope.h.
[[nodiscard]] Result<Envelope> seal_envelope(const ChainId& chain, const EnvelopeSender& from,
                                             const std::vector<EnvelopeAddress>& to,
                                             EnvelopeContent content);

// As `org`, which holds `key`. The content is what the header commits to; every other recipient
// gets the same. Errors: those of verify_envelope; kNotFound (not sealed for the organisation);
// kFailedPrecondition (sealed to another key of it); kCorrupt (the sender has sealed something that
// does not open, or that is not what the header commits to).
[[nodiscard]] Result<EnvelopeContent> open_envelope(const ChainId& chain, const Envelope& envelope,
                                                    const OrgId& org, const SecretSeed& key);

}  // namespace usance
