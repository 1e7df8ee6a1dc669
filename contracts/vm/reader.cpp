#include "contracts/vm/reader.h"

namespace usance::vm {

std::uint64_t Reader::unsigned_leb(unsigned bits) {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < bits; shift += 7) {
    const std::uint8_t byte = u8();
    if (!ok()) return 0;
    const unsigned left = bits - shift;
    if (left < 7 && (byte & 0x7f) >> left != 0) {
      fail("integer too large");
      return 0;
    }
    value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
    if ((byte & 0x80) == 0) return value;
  }
  fail("integer representation too long");
  return 0;
}

std::int64_t Reader::signed_leb(unsigned bits) {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < bits; shift += 7) {
    const std::uint8_t byte = u8();
    if (!ok()) return 0;
    const unsigned left = bits - shift;
    if (left < 7) {
      // The unused bits of the last byte must repeat the sign.
      const unsigned unused = (byte & 0x7fu) >> (left - 1);
      if (unused != 0 && unused != 0x7fu >> (left - 1)) {
        fail("integer too large");
        return 0;
      }
    }
    value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
    if ((byte & 0x80) == 0) {
      const unsigned used = shift + 7;
      if (used < 64 && (byte & 0x40) != 0) value |= ~std::uint64_t{0} << used;
      return static_cast<std::int64_t>(value);
    }
  }
  fail("integer representation too long");
  return 0;
}

std::uint64_t Reader::fixed(std::size_t n) {
  const ByteView raw = bytes(n);
  std::uint64_t value = 0;
  for (std::size_t i = raw.size(); i-- > 0;) value = value << 8 | raw[i];
  return value;
}

ByteView Reader::bytes(std::size_t n) {
  if (n > remaining()) {
    fail("unexpected end");
    return {};
  }
  const ByteView view(at_, n);
  at_ += n;
  return view;
}

std::string_view Reader::name() {
  const std::size_t start = offset();
  const ByteView raw = bytes(u32());
  if (ok() && !is_utf8(raw)) {
    fail_at("malformed UTF-8 encoding", start);
    return {};
  }
  return as_text(raw);
}

std::uint32_t Reader::count(std::size_t limit, std::string_view of_what) {
  const std::size_t start = offset();
  const std::uint32_t n = u32();
  if (!ok()) return 0;
  if (n > limit) {
    fail_at("too many " + std::string(of_what) + ": " + std::to_string(n) + ", the limit is " +
                std::to_string(limit),
            start);
    return 0;
  }
  if (n > remaining()) {
    fail_at("unexpected end: fewer " + std::string(of_what) + " than announced", start);
    return 0;
  }
  return n;
}

bool is_utf8(ByteView bytes) {
  for (std::size_t i = 0; i < bytes.size();) {
    const std::uint8_t lead = bytes[i];
    std::size_t more = 0;
    std::uint32_t point = 0;
    std::uint32_t least = 0;
    if (lead < 0x80) {
      ++i;
      continue;
    }
    if (lead >= 0xc2 && lead < 0xe0) {
      more = 1, point = lead & 0x1fu, least = 0x80;
    } else if (lead >= 0xe0 && lead < 0xf0) {
      more = 2, point = lead & 0x0fu, least = 0x800;
    } else if (lead >= 0xf0 && lead < 0xf5) {
      more = 3, point = lead & 0x07u, least = 0x10000;
    } else {
      return false;
    }
    if (more > bytes.size() - i - 1) return false;
    for (std::size_t k = 1; k <= more; ++k) {
      if ((bytes[i + k] & 0xc0) != 0x80) return false;
      point = point << 6 | (bytes[i + k] & 0x3fu);
    }
    if (point < least || point > 0x10ffff || (point >= 0xd800 && point < 0xe000)) return false;
    i += more + 1;
  }
  return true;
}

ValueType Reader::value_type() {
  const std::uint8_t byte = u8();
  const auto type = static_cast<ValueType>(byte);
  if (type == ValueType::kI32 || type == ValueType::kI64 || is_float(type) || is_reference(type))
    return type;
  if (ok()) fail(byte == kVectorType ? std::string(kSimdRefused) : "malformed value type");
  return ValueType::kUnknown;
}

}  // namespace usance::vm
