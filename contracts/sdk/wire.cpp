#include "contracts/sdk/wire.h"

#include <cstring>

#include "contracts/sdk/currency.h"

namespace usance::contract {
namespace {

constexpr std::size_t kMaxOrganisationBytes = 64;
constexpr std::size_t kCurrencyBytes = 3;

void append_varint(Bytes& out, std::uint64_t value) {
  while (value >= 0x80) {
    out.push_back(static_cast<std::uint8_t>(value | 0x80));
    value >>= 7;
  }
  out.push_back(static_cast<std::uint8_t>(value));
}

void append_fixed(Bytes& out, std::uint64_t value, int size) {
  for (int i = 0; i < size; ++i) out.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

std::uint64_t zigzagged(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}
std::int64_t unzigzagged(std::uint64_t value) {
  return static_cast<std::int64_t>((value >> 1) ^ (0 - (value & 1)));
}

// Of eight bytes at once.
bool is_ascii(const std::uint8_t* eight) {
  std::uint64_t word = 0;
  std::memcpy(&word, eight, sizeof word);
  return (word & 0x8080808080808080U) == 0;
}

// Well-formed UTF-8: shortest forms only, no surrogates, nothing above U+10FFFF.
bool is_utf8(ByteView text) {
  for (std::size_t i = 0; i < text.size();) {
    const std::uint8_t lead = text[i];
    if (lead < 0x80) {
      ++i;
      while (text.size() - i >= 8 && is_ascii(text.data() + i)) i += 8;
      continue;
    }
    std::size_t length = 0;
    std::uint8_t low = 0x80;  // bounds of the second byte
    std::uint8_t high = 0xBF;
    if (lead >= 0xC2 && lead <= 0xDF) {
      length = 2;
    } else if (lead >= 0xE0 && lead <= 0xEF) {
      length = 3;
      if (lead == 0xE0) low = 0xA0;
      if (lead == 0xED) high = 0x9F;
    } else if (lead >= 0xF0 && lead <= 0xF4) {
      length = 4;
      if (lead == 0xF0) low = 0x90;
      if (lead == 0xF4) high = 0x8F;
    } else {
      return false;
    }
    if (text.size() - i < length || text[i + 1] < low || text[i + 1] > high) return false;
    for (std::size_t k = 2; k < length; ++k)
      if ((text[i + k] & 0xC0) != 0x80) return false;
    i += length;
  }
  return true;
}

bool is_organisation(std::string_view name) {
  for (const char c : name)
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) return false;
  return !name.empty();
}

}  // namespace

std::string_view to_text(WireError error) {
  switch (error) {
    case WireError::kNone: return "well-formed";
    case WireError::kTruncated: return "a value runs past the end";
    case WireError::kOverlong: return "a number is not in its shortest form";
    case WireError::kOutOfRange: return "a number does not fit its type";
    case WireError::kUnknownField: return "there is no such field";
    case WireError::kOrder: return "fields are repeated or out of order";
    case WireError::kWrongType: return "the wire type is not the field's";
    case WireError::kDefault: return "a default value is written out";
    case WireError::kUtf8: return "a string is not UTF-8";
    case WireError::kTooLong: return "a string or byte string is too long";
    case WireError::kTooMany: return "there are too many elements";
    case WireError::kUnknownEnum: return "there is no such enum value";
    case WireError::kFormat: return "not a date, currency, organisation or hash";
    case WireError::kMissing: return "a required field is missing";
    case WireError::kOneof: return "two members of a oneof are set";
  }
  return {};
}

Bytes ordered_key(std::uint64_t number) {
  Bytes out(8);
  for (std::size_t i = 0; i < 8; ++i) out[i] = static_cast<std::uint8_t>(number >> (8 * (7 - i)));
  return out;
}

void Writer::tag(std::uint32_t field_number, WireType type) {
  append_varint(out_, (std::uint64_t{field_number} << 3) | static_cast<std::uint64_t>(type));
}

void Writer::number(std::uint32_t field_number, std::uint64_t value, Presence presence) {
  if (value == 0 && presence == Presence::kImplicit) return;
  tag(field_number, WireType::kVarint);
  append_varint(out_, value);
}

void Writer::zigzag(std::uint32_t field_number, std::int64_t value, Presence presence) {
  number(field_number, zigzagged(value), presence);
}

void Writer::fixed32(std::uint32_t field_number, std::uint32_t value, Presence presence) {
  if (value == 0 && presence == Presence::kImplicit) return;
  tag(field_number, WireType::kFixed32);
  append_fixed(out_, value, 4);
}

void Writer::fixed64(std::uint32_t field_number, std::uint64_t value, Presence presence) {
  if (value == 0 && presence == Presence::kImplicit) return;
  tag(field_number, WireType::kFixed64);
  append_fixed(out_, value, 8);
}

void Writer::bytes(std::uint32_t field_number, ByteView value, Presence presence) {
  if (value.empty() && presence == Presence::kImplicit) return;
  tag(field_number, WireType::kLength);
  append_varint(out_, value.size());
  out_.insert(out_.end(), value.data(), value.data() + value.size());
}

Writer::Mark Writer::open(std::uint32_t field_number) {
  Mark mark;
  mark.field_at = out_.size();
  tag(field_number, WireType::kLength);
  mark.content_at = out_.size();
  return mark;
}

void Writer::close(Mark mark, Presence presence) {
  const std::size_t size = out_.size() - mark.content_at;
  if (size == 0 && presence == Presence::kImplicit) {
    out_.resize(mark.field_at);
    return;
  }
  std::uint8_t length[5];  // a message of 4 GiB is out of reach
  std::size_t length_size = 0;
  for (std::size_t rest = size; rest != 0 || length_size == 0; rest >>= 7)
    length[length_size++] = static_cast<std::uint8_t>((rest & 0x7F) | (rest >= 0x80 ? 0x80 : 0));
  out_.insert(out_.begin() + static_cast<std::ptrdiff_t>(mark.content_at), length,
              length + length_size);
}

void Writer::packed_number(std::uint64_t value) {
  append_varint(out_, value);
}
void Writer::packed_zigzag(std::int64_t value) {
  append_varint(out_, zigzagged(value));
}
void Writer::packed_fixed32(std::uint32_t value) {
  append_fixed(out_, value, 4);
}
void Writer::packed_fixed64(std::uint64_t value) {
  append_fixed(out_, value, 8);
}

void Reader::refuse(WireError error) {
  if (ok()) error_ = error;
}

void Reader::refuse(WireError error, std::uint32_t field) {
  if (!ok()) return;
  error_ = error;
  field_ = field;
}

bool Reader::next() {
  if (!ok() || at_ == end_) return false;
  const std::uint64_t tag = varint();
  if (!ok()) return false;
  const std::uint64_t number = tag >> 3;
  const auto type = static_cast<std::uint8_t>(tag & 7);
  const bool group = type == 3 || type == 4;
  if (number == 0 || number > 0x1FFFFFFF || group || type > 5) {
    refuse(WireError::kWrongType, static_cast<std::uint32_t>(number));
    return false;
  }
  const bool in_order = number > field_ || (repeatable_ && number == field_);
  repeatable_ = false;
  field_ = static_cast<std::uint32_t>(number);
  type_ = static_cast<WireType>(type);
  if (!in_order) refuse(WireError::kOrder);
  return ok();
}

bool Reader::expect(WireType type) {
  if (!ok()) return false;
  if (!packed_ && type_ != type) {
    refuse(WireError::kWrongType);
    return false;
  }
  packed_ = false;
  return true;
}

std::uint64_t Reader::varint() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    if (at_ == end_) {
      refuse(WireError::kTruncated);
      return 0;
    }
    const std::uint8_t byte = *at_++;
    if (shift == 63 && byte > 1) {
      refuse(WireError::kOverlong);
      return 0;
    }
    value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
    if (byte < 0x80) {
      if (byte == 0 && shift != 0) refuse(WireError::kOverlong);
      return value;
    }
  }
  refuse(WireError::kOverlong);
  return 0;
}

std::uint64_t Reader::fixed(std::size_t size) {
  if (static_cast<std::size_t>(end_ - at_) < size) {
    refuse(WireError::kTruncated);
    return 0;
  }
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < size; ++i) value |= std::uint64_t{*at_++} << (8 * i);
  return value;
}

void Reader::number(std::uint64_t& out, Presence presence) {
  if (!expect(WireType::kVarint)) return;
  out = varint();
  if (out == 0 && presence == Presence::kImplicit) refuse(WireError::kDefault);
}

void Reader::number(std::int64_t& out, Presence presence) {
  std::uint64_t raw = 0;
  number(raw, presence);
  out = static_cast<std::int64_t>(raw);
}

void Reader::number(std::int32_t& out, Presence presence) {
  std::int64_t wide = 0;
  number(wide, presence);
  out = static_cast<std::int32_t>(wide);
  if (out != wide) refuse(WireError::kOutOfRange);
}

void Reader::number(std::uint32_t& out, Presence presence) {
  std::uint64_t wide = 0;
  number(wide, presence);
  out = static_cast<std::uint32_t>(wide);
  if (out != wide) refuse(WireError::kOutOfRange);
}

void Reader::boolean(bool& out, Presence presence) {
  std::uint64_t wide = 0;
  number(wide, presence);
  out = wide != 0;
  if (wide > 1) refuse(WireError::kOutOfRange);
}

void Reader::zigzag(std::int64_t& out, Presence presence) {
  std::uint64_t raw = 0;
  number(raw, presence);
  out = unzigzagged(raw);
}

void Reader::zigzag(std::int32_t& out, Presence presence) {
  std::int64_t wide = 0;
  zigzag(wide, presence);
  out = static_cast<std::int32_t>(wide);
  if (out != wide) refuse(WireError::kOutOfRange);
}

void Reader::fixed32(std::uint32_t& out, Presence presence) {
  if (!expect(WireType::kFixed32)) return;
  out = static_cast<std::uint32_t>(fixed(4));
  if (out == 0 && presence == Presence::kImplicit) refuse(WireError::kDefault);
}

void Reader::fixed64(std::uint64_t& out, Presence presence) {
  if (!expect(WireType::kFixed64)) return;
  out = fixed(8);
  if (out == 0 && presence == Presence::kImplicit) refuse(WireError::kDefault);
}

void Reader::fixed32(std::int32_t& out, Presence presence) {
  std::uint32_t raw = 0;
  fixed32(raw, presence);
  out = static_cast<std::int32_t>(raw);
}

void Reader::fixed64(std::int64_t& out, Presence presence) {
  std::uint64_t raw = 0;
  fixed64(raw, presence);
  out = static_cast<std::int64_t>(raw);
}

void Reader::date(Date& out, Presence presence) {
  number(out.iso, presence);
  if (ok() && out.is_set() && !out.is_valid()) refuse(WireError::kFormat);
}

ByteView Reader::content(Presence presence) {
  if (!expect(WireType::kLength)) return {};
  const std::uint64_t size = varint();
  if (!ok()) return {};
  if (size > static_cast<std::uint64_t>(end_ - at_)) {
    refuse(WireError::kTruncated);
    return {};
  }
  if (size == 0 && presence == Presence::kImplicit) refuse(WireError::kDefault);
  const ByteView out(at_, static_cast<std::size_t>(size));
  at_ += size;
  return out;
}

void Reader::absorb(const Reader& inner) {
  refuse(inner.error_);
}

void Reader::bytes(Bytes& out, std::size_t limit, Presence presence) {
  const ByteView value = content(presence);
  if (value.size() > limit) return refuse(WireError::kTooLong);
  out.assign(value.data(), value.data() + value.size());
}

void Reader::text(std::string& out, std::size_t limit, Presence presence) {
  const ByteView value = content(presence);
  if (value.size() > limit) return refuse(WireError::kTooLong);
  if (!is_utf8(value)) return refuse(WireError::kUtf8);
  out.assign(text_of(value));
}

void Reader::currency(std::string& out, Presence presence) {
  text(out, kCurrencyBytes, presence);
  if (ok() && !is_currency(out)) refuse(WireError::kFormat);
}

void Reader::organisation(std::string& out, Presence presence) {
  text(out, kMaxOrganisationBytes, presence);
  if (ok() && !is_organisation(out)) refuse(WireError::kFormat);
}

void Reader::hash(Bytes& out, Presence presence) {
  bytes(out, kHashBytes, presence);
  if (ok() && out.size() != kHashBytes) refuse(WireError::kFormat);
}

}  // namespace usance::contract
