// What nodes sign with their consensus keys, as far as governance judges it.
#pragma once

#include "contracts/system/native.h"

namespace usance::governance {

class Statements {
 public:
  explicit Statements(Invocation& invocation) : invocation_(invocation) {}

  [[nodiscard]] const ChainId& chain() const { return invocation_.action().chain; }
  // Whether the key signed the digest; ends the call when its gas does not suffice.
  [[nodiscard]] bool hold(const Bytes& key, const Hash32& digest, const Bytes& signature) const {
    const HostResult<bool> verified = invocation_.verify_statement(key, digest, signature);
    if (!verified) throw NativeTrap{verified.error()};
    return *verified;
  }

 private:
  Invocation& invocation_;
};

}  // namespace usance::governance
