// An opened content: showing and saving it, and the ledger's entry that it must be what of.
#pragma once

#include "tools/usance/envelope_desk.h"

namespace usance::cli {

// What an opened content is to become.
struct ContentFlags {
  std::string into;   // a folder for the files; empty: they are only named
  std::string entry;  // "ORGANISATION/REFERENCE" on the ledger that must be about it; empty: none
};
void add_content_flags(CLI::App& verb, const std::shared_ptr<ContentFlags>& flags);

// Compares with the ledger, writes the files, and tells note and files in `json` and `text`.
// kNotProven: the entry is about other content, and nothing is written. `client` may be null where
// no entry is named.
[[nodiscard]] Outcome<void> show_content(const Client* client, const EnvelopeContent& content,
                                         const Hash32& commitment, const ContentFlags& flags,
                                         Json& json, std::string& text);

// envelope check: a saved content, without the envelope.
void add_content_check(CLI::App& noun, Context& context);

}  // namespace usance::cli
