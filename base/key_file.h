// Key files: one Ed25519 secret in a small text file that a person can recognise.
//
//   # Usance consensus key of node-1 (bank-a). Secret: never copy it to another host.
//   usance-key/1
//   public 64 hexadecimal digits
//   seed   64 hexadecimal digits
//
// Lines that begin with '#' and empty lines are comments. A file must be readable by its owner
// alone (mode 0600 or 0400): reading any other is refused, so that a careless copy is noticed.
#pragma once

#include <string>
#include <string_view>

#include "base/signature.h"

namespace usance {

// What a key is for stands in its file, so that none is taken for another: the second line.
inline constexpr std::string_view kSigningKeyFormat = "usance-key/1";
// The secret behind the invoice registry's tokens, which members share (docs/documents.md). Its
// public key only shows that the file is whole.
inline constexpr std::string_view kTokenKeyFormat = "usance-token-key/1";

// What keeps a commitment to a document from being guessed; with the document it opens it.
inline constexpr std::string_view kCommitmentSaltFormat = "usance-commitment-salt/1";

// The text of a key file; `comment` becomes its first line and must not contain a line break.
[[nodiscard]] std::string write_key_text(const SecretSeed& seed, std::string_view comment,
                                         std::string_view format = kSigningKeyFormat);
// kMalformed when it is no key file of the format or its public key does not belong to its seed.
[[nodiscard]] Result<SecretSeed> parse_key_text(std::string_view text,
                                                std::string_view format = kSigningKeyFormat);

// kAlreadyExists when the file exists: a secret is never overwritten. Mode 0600, synced to disk.
[[nodiscard]] Result<void> create_key_file(const std::string& path, const SecretSeed& seed,
                                           std::string_view comment,
                                           std::string_view format = kSigningKeyFormat);
// kNotFound, kPermissionDenied (others may read it), kMalformed, kIo; the message names the path.
[[nodiscard]] Result<SecretSeed> read_key_file(const std::string& path,
                                               std::string_view format = kSigningKeyFormat);

}  // namespace usance
