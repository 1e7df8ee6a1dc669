// What commands that send envelopes share: keys from the ledger, sealing, putting at nodes,
// recording the salted hash (docs/spec/envelopes.md).
#pragma once

#include <string>
#include <vector>

#include "base/envelope_receipt.h"
#include "base/envelope_seal.h"
#include "tools/usance/client.h"
#include "tools/usance/context.h"

namespace usance::cli {

inline constexpr const char* kEnvelopesContract = "envelopes";

// Where an envelope goes and what the ledger is told of it; the flags of every sending command.
struct SendingFlags {
  std::vector<std::string> to;  // organisations
  std::vector<std::string> at;  // further nodes, host:port
  std::string record;           // reference of the ledger's entry; empty: none
  std::string about;            // in that entry, for everybody to read
};

enum class EntryKind { kPapers, kCase };

struct SentEnvelope {
  struct Keeper {
    std::string address;
    std::string node;  // its name on the ledger
    KeptReceipt receipt;
  };
  Hash32 id;
  Hash32 commitment;
  std::vector<Keeper> keepers;
  std::string entry;  // "nile-bank/LC-7"; empty: not recorded
};

// Seals for the organisations' published keys, puts it at the profile's node and the further ones,
// whose receipts are checked, and records the salted hash. What does not succeed everywhere fails,
// naming what did: putting it again is harmless.
[[nodiscard]] Outcome<SentEnvelope> send_envelope(const Client& client, const SendingFlags& flags,
                                                  EntryKind kind, EnvelopeContent content);
[[nodiscard]] Json json_of(const SentEnvelope& sent);
[[nodiscard]] std::string text_of(const SentEnvelope& sent);

// A file of at most what an envelope holds, under its own name without folders.
[[nodiscard]] Outcome<EnvelopeFile> envelope_file(const std::string& path);

// --also-at, and with the entry --about; `entry` is the option that names its reference. --to is
// the command's own.
void add_keeping_flags(CLI::App& verb, const std::shared_ptr<SendingFlags>& flags,
                       CLI::Option* entry);
// --record for the reference, and add_keeping_flags.
void add_sending_flags(CLI::App& verb, const std::shared_ptr<SendingFlags>& flags);

[[nodiscard]] TimeMs wall_time();  // of this machine

// Keys, in hexadecimal, that the caller knows to have been somebody's when they signed. The ledger
// names the keys of now.
using AcceptedKeys = std::vector<std::string>;
// --accept-key; `keys` outlives the command.
void add_accepted_keys(CLI::App& verb, AcceptedKeys& keys, const std::string& help);

// The name of the user of the organisation whose key it is now, or that it is one of the accepted;
// kNotProven: neither.
[[nodiscard]] Outcome<std::string> user_of_key(const Client& client, const OrgId& org,
                                               const PublicKey& key, const AcceptedKeys& accepted);
// The name of the node that signed; kNotProven: it did not, or another key is its now and this one
// is not accepted.
[[nodiscard]] Outcome<std::string> signer_of(const Client& client, const KeptReceipt& receipt,
                                             const AcceptedKeys& accepted);

}  // namespace usance::cli
