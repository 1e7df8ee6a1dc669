// The hash and signature functions that contracts may call. Pure and thread-safe.
#pragma once

#include <cstdint>
#include <optional>

#include "base/types.h"

namespace usance::host {

[[nodiscard]] Hash32 sha3_256(ByteView data);
// Signature rule 1 over a message of any length: libsodium's single verification, with keys that
// is_acceptable_key() refuses refused here too.
[[nodiscard]] bool ed25519_verify(const PublicKey& key, ByteView message, ByteView signature64);
// ECDSA over SHA-256; an uncompressed point (0x04, x, y) and r, s of 32 bytes each, big-endian.
[[nodiscard]] bool p256_verify(ByteView key65, ByteView message, ByteView signature64);

enum class Rounding : std::uint32_t { kTowardZero = 0, kFloor = 1, kCeiling = 2, kHalfEven = 3 };
// a * b / c in 128 bits; empty when c is 0 or the result does not fit in 64 bits.
[[nodiscard]] std::optional<std::int64_t> muldiv(std::int64_t a, std::int64_t b, std::int64_t c,
                                                 Rounding rounding);

}  // namespace usance::host
