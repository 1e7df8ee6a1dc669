// What nodes keep of the caller's organisation and for it, asked of the own node, which asks the
// others (docs/spec/envelopes.md).
#pragma once

#include <string>
#include <vector>

#include "base/envelope_receipt.h"
#include "tools/usance/client.h"
#include "tools/usance/context.h"
#include "usance/v1/envelope.pb.h"

namespace usance::cli {

struct Taken {
  DeliveryReceipt receipt;
  TimeMs at;
};

struct Kept {
  EnvelopeHeader header;
  KeptReceipt receipt;
  std::uint64_t bytes = 0;
  std::vector<Taken> deliveries;
  std::string node;  // the keeper's name on the ledger, or "node 7" of one that has left it
};

struct KeptAnswer {
  std::vector<Kept> kept;  // the newest first
  bool more = false;
  std::vector<std::string> unheard;  // "node-4: why", of those that were asked and did not answer
  bool validator_unheard = false;    // one of them always runs; others may have been given up
};

// At the own node alone, or at all that it is connected with: for that the profile needs a signing
// key.
[[nodiscard]] Outcome<KeptAnswer> ask_kept(const Client& client, v1::ListEnvelopesRequest request,
                                           bool everywhere);
// Who keeps the envelope: the own node if it does, else the others that do. kNotFound: nobody of
// those that answered, and the message names who did not; kUnavailable: a validator is among these.
[[nodiscard]] Outcome<std::vector<Kept>> find_kept(const Client& client, const Hash32& id);

[[nodiscard]] Json json_of(const Kept& kept);
[[nodiscard]] std::string time_of(TimeMs time);

}  // namespace usance::cli
