// SHA-256 and the domain-separated hashes of docs/spec/encoding.md.
#pragma once

#include <initializer_list>
#include <memory>

#include "base/codec.h"
#include "base/types.h"

namespace usance {

// Incremental SHA-256. One object per thread; reset() makes it new. The digest implementation is
// fetched once per process: an implicit fetch costs three times a Merkle node.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  void reset();
  void update(ByteView bytes);
  [[nodiscard]] Hash32 finish();  // leaves the object ready for reset()

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

// The hash of the concatenation of the parts. Thread-safe.
[[nodiscard]] Hash32 sha256(std::initializer_list<ByteView> parts);
[[nodiscard]] inline Hash32 sha256(ByteView bytes) {
  return sha256({bytes});
}

// H(len(tag) as u8, tag, format version 1, chain id, bytes): what is signed or identifies
// something on one chain. Tags are listed in docs/spec/encoding.md.
[[nodiscard]] Hash32 tagged_hash(std::string_view tag, const ChainId& chain, ByteView bytes);

template <CanonicalStruct T>
[[nodiscard]] Hash32 tagged_hash(std::string_view tag, const ChainId& chain, const T& s) {
  return tagged_hash(tag, chain, ByteView(encode(s)));
}

}  // namespace usance
