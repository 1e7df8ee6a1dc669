// Who is who, as of the highest executed height: what TLS connections and calls are checked
// against. Immutable; the executing thread publishes a new one when governance changes it.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/genesis.h"
#include "base/state.h"

namespace usance::node {

struct KnownNode {
  std::uint32_t id = 0;  // 0: not on the ledger as far as it is here
  std::string name;
  OrgId org;
  bool validator = false;  // in the set of the next height, or in the pending one
  PublicKey key;           // consensus key: the PeerId. A validator's is the one in its set
  Hash32 tls_key;          // SHA-256 of the certificate's SubjectPublicKeyInfo
  std::optional<PublicKey> next_key = std::nullopt;  // replaces `key` with the pending set

  friend bool operator==(const KnownNode&, const KnownNode&) = default;
};

struct Directory {
  std::vector<KnownNode> nodes;              // ascending by id, without removed ones
  std::map<OrgId, std::string> authorities;  // organisation -> its CA certificate as stored
  // Names of users that the ledger has revoked. Their certificates may be valid for months.
  std::map<OrgId, std::set<std::string, std::less<>>> revoked_users;

  // By the key in force or the next one.
  [[nodiscard]] const KnownNode* by_key(const PublicKey& key) const;
  [[nodiscard]] const KnownNode* by_tls_key(const Hash32& tls_key) const;
  [[nodiscard]] const KnownNode* by_id(std::uint32_t id) const;
  struct Authorities {
    std::string pem;                  // one after the other, each written anew
    std::map<OrgId, Error> unusable;  // no certificate of an authority, and why
  };
  // One organisation's mistake does not end the list for the others.
  [[nodiscard]] Authorities usable_authorities() const;
  friend bool operator==(const Directory&, const Directory&) = default;
};

// From the state after a height.
[[nodiscard]] Directory read_directory(const StateView& state, Height height);
[[nodiscard]] Directory directory_of(const Genesis& genesis);

// The current directory, for any thread.
class SharedDirectory {
 public:
  explicit SharedDirectory(Directory first)
      : current_(std::make_shared<const Directory>(std::move(first))) {}
  [[nodiscard]] std::shared_ptr<const Directory> get() const {
    const std::lock_guard lock(mutex_);
    return current_;
  }
  void set(Directory next) {
    auto made = std::make_shared<const Directory>(std::move(next));
    const std::lock_guard lock(mutex_);
    current_ = std::move(made);
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const Directory> current_;
};

}  // namespace usance::node
