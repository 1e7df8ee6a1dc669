#include "base/envelope.h"

#include <algorithm>

namespace usance {

const EnvelopeRecipient* EnvelopeHeader::recipient(const OrgId& org) const {
  const auto found = std::ranges::find(recipients, org, &EnvelopeRecipient::org);
  return found == recipients.end() ? nullptr : &*found;
}

Hash32 envelope_id(const ChainId& chain, const Envelope& envelope) {
  Encoder bytes;
  bytes(envelope.header);
  bytes(sha256(ByteView(envelope.body)));
  return tagged_hash("usance/envelope", chain, ByteView(bytes.data()));
}

Hash32 content_commitment(const ChainId& chain, const EnvelopeContent& content) {
  return tagged_hash("usance/envelope-content", chain, content);
}

Result<void> verify_envelope(const ChainId& chain, const Envelope& envelope,
                             const Verifier& verifier) {
  if (!verifier.verify(envelope.header.sender_key, envelope_id(chain, envelope),
                       envelope.signature))
    return fail(ErrorCode::kBadSignature,
                "the envelope is not as its sender signed it, or is of another network");
  return {};
}

bool is_envelope_file_name(std::string_view name) {
  return !name.empty() && name.size() <= limits::kMaxEnvelopeFileName && name.front() != '.' &&
         std::ranges::none_of(name, [](char c) {
           return c == '/' || c == '\\' || static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
         });
}

}  // namespace usance
