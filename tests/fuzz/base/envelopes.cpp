// Envelopes, their contents and receipts: bytes from anybody decode to what encodes back to them,
// or to an error; and opening what decodes never ends the process.
#include <cstdlib>

#include "base/envelope_receipt.h"
#include "base/envelope_seal.h"

namespace {

template <class T>
std::optional<T> round_trip(usance::ByteView in) {
  auto decoded = usance::decode<T>(in);
  if (!decoded) return std::nullopt;
  if (usance::encode(*decoded) != usance::Bytes(in.begin(), in.end())) std::abort();
  return *std::move(decoded);
}

// What a sender may encrypt: the contents' decoder, behind a signature and keys that hold.
void open_as_content(usance::ByteView in) {
  using namespace usance;
  const ChainId chain;
  const SecretSeed key;
  const auto signer = ed25519_signer(key);
  if (const auto content = round_trip<EnvelopeContent>(in)) {
    const auto sealed = seal_envelope(chain, {OrgId("a"), *signer, TimeMs(1)},
                                      {{OrgId("b"), signer->public_key()}}, *content);
    if (!sealed) return;  // a name that is none, too much of something
    const auto opened = open_envelope(chain, *sealed, OrgId("b"), key);
    if (!opened || opened->files != content->files || opened->note != content->note) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const usance::ByteView in(data, size);
  if (auto envelope = round_trip<usance::Envelope>(in)) {
    usance::SecretSeed seed;
    const auto signer = usance::ed25519_signer(seed);
    envelope->header.sender_key = signer->public_key();
    envelope->header.recipients.front().key = signer->public_key();
    envelope->signature = signer->sign(usance::envelope_id({}, *envelope));
    static_cast<void>(
        usance::open_envelope({}, *envelope, envelope->header.recipients.front().org, seed));
  }
  open_as_content(in);
  static_cast<void>(round_trip<usance::KeptReceipt>(in));
  static_cast<void>(round_trip<usance::DeliveryReceipt>(in));
  static_cast<void>(round_trip<usance::SignedEnvelopeAsk>(in));
  return 0;
}
