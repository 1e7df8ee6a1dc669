// Files that people carry from one place to another: a first line that names the format, one
// canonical structure, and the SHA-256 of all that. The checksum proves nothing; it catches damage.
#pragma once

#include <string>
#include <string_view>

#include "base/hash.h"

namespace usance {

template <CanonicalStruct T>
[[nodiscard]] Bytes write_sealed(std::string_view magic, const T& content) {
  Encoder encoder;
  encoder.raw(as_bytes(magic));
  encoder(content);
  encoder(sha256(encoder.data()));
  return std::move(encoder).take();
}

template <class T>
struct SealedFile {
  T content;
  bool intact = false;  // the checksum fits
};

// `magic`: the first line with its line break; `what`: the file in words, "an evidence bundle".
// kInvalidArgument: no such file, or over the limit; kMalformed. The checksum is for the caller to
// judge, who may first say what is wrong with the contents.
template <CanonicalStruct T>
[[nodiscard]] Result<SealedFile<T>> read_sealed(std::string_view magic, std::string_view what,
                                                std::size_t limit, ByteView file) {
  if (file.size() > limit)
    return fail(ErrorCode::kInvalidArgument, "larger than " + std::string(what) + " may be (" +
                                                 std::to_string(limit >> 20) + " MiB)");
  if (file.size() < magic.size() || as_text(file.first(magic.size())) != magic)
    return fail(ErrorCode::kInvalidArgument,
                "not " + std::string(what) + ": it does not begin with '" +
                    std::string(magic.substr(0, magic.size() - 1)) + "'");
  if (file.size() < magic.size() + Hash32::kSize)
    return fail(ErrorCode::kMalformed, "the file was cut off");
  const ByteView covered = file.first(file.size() - Hash32::kSize);
  USANCE_ASSIGN(T content, decode<T>(covered.subspan(magic.size())));
  Hash32 checksum;
  USANCE_INVARIANT(fixed_from(file.last(Hash32::kSize), checksum));
  return SealedFile<T>{std::move(content), checksum == sha256(covered)};
}

}  // namespace usance
