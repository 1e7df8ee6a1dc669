// The contract encoding: protobuf's wire format in its one canonical form
// (docs/spec/contract-encoding.md). Generated code is built from these two classes; everybody
// else uses to_wire() and from_wire().
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "contracts/sdk/bytes.h"
#include "contracts/sdk/date.h"

namespace usance::contract {

// Why bytes are not the encoding of a message.
enum class WireError : std::uint8_t {
  kNone,
  kTruncated,     // a value runs past the end
  kOverlong,      // a number is not in its shortest form
  kOutOfRange,    // a number does not fit its field's type
  kUnknownField,  // no such field
  kOrder,         // fields are repeated or not in ascending order
  kWrongType,     // the wire type is not the field's
  kDefault,       // a default value is written out
  kUtf8,          // a string is not UTF-8
  kTooLong,       // a string or byte string passes its bound
  kTooMany,       // a repeated field passes its bound
  kUnknownEnum,   // no such enum value
  kFormat,        // not a date, a currency or a hash
  kMissing,       // a required field is absent
  kOneof,         // two members of a oneof are set
};
[[nodiscard]] std::string_view to_text(WireError error);

enum class WireType : std::uint8_t { kVarint = 0, kFixed64 = 1, kLength = 2, kFixed32 = 5 };

// How absence is written. A field with implicit presence is absent exactly when it holds the
// default value; an optional one, a oneof's member and a repeated element may hold it.
enum class Presence : std::uint8_t { kImplicit, kExplicit };

// Appends fields; the caller goes in ascending order.
class Writer {
 public:
  Writer() { out_.reserve(128); }  // most messages fit

  void number(std::uint32_t field_number, std::uint64_t value, Presence presence);
  void zigzag(std::uint32_t field_number, std::int64_t value, Presence presence);
  void fixed32(std::uint32_t field_number, std::uint32_t value, Presence presence);
  void fixed64(std::uint32_t field_number, std::uint64_t value, Presence presence);
  void bytes(std::uint32_t field_number, ByteView value, Presence presence);
  void text(std::uint32_t field_number, std::string_view value, Presence presence) {
    bytes(field_number, view(value), presence);
  }

  // A length-delimited field whose content is written between the two. close() with implicit
  // presence takes an empty one away again.
  struct Mark {
    std::size_t field_at = 0;
    std::size_t content_at = 0;
  };
  [[nodiscard]] Mark open(std::uint32_t field_number);
  void close(Mark mark, Presence presence);
  template <class T>
  void message(std::uint32_t field_number, const T& value, Presence presence) {
    const Mark mark = open(field_number);
    write(*this, value);
    close(mark, presence);
  }

  // Elements of a packed field, between open() and close().
  void packed_number(std::uint64_t value);
  void packed_zigzag(std::int64_t value);
  void packed_fixed32(std::uint32_t value);
  void packed_fixed64(std::uint64_t value);

  [[nodiscard]] Bytes take() { return std::move(out_); }

 private:
  void tag(std::uint32_t field_number, WireType type);
  Bytes out_;
};

// Goes through the fields of one message. After the first error next() is false for ever.
class Reader {
 public:
  explicit Reader(ByteView bytes) : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  // Moves to the next field. The caller consumes its value by one of the readers below.
  [[nodiscard]] bool next();
  [[nodiscard]] std::uint32_t field() const { return field_; }
  // The field just read may come again at once (an element of a repeated field).
  void repeatable() { repeatable_ = true; }

  void boolean(bool& out, Presence presence);
  void number(std::int32_t& out, Presence presence);
  void number(std::int64_t& out, Presence presence);
  void number(std::uint32_t& out, Presence presence);
  void number(std::uint64_t& out, Presence presence);
  void zigzag(std::int32_t& out, Presence presence);
  void zigzag(std::int64_t& out, Presence presence);
  void fixed32(std::uint32_t& out, Presence presence);
  void fixed64(std::uint64_t& out, Presence presence);
  void fixed32(std::int32_t& out, Presence presence);
  void fixed64(std::int64_t& out, Presence presence);
  void date(Date& out, Presence presence);
  void text(std::string& out, std::size_t limit, Presence presence);
  void bytes(Bytes& out, std::size_t limit, Presence presence);
  // Texts and bytes of a given form. An absent one stays empty; a present one has the form.
  void currency(std::string& out, Presence presence);      // a known ISO 4217 code
  void organisation(std::string& out, Presence presence);  // 1 to 64 of [a-z0-9-]
  void hash(Bytes& out, Presence presence);                // 32 bytes
  template <class T>
  void message(T& out, Presence presence) {
    Reader inner(content(presence));
    read(inner, out);
    absorb(inner);
  }
  template <class E>
  void enumeration(E& out, Presence presence) {
    std::int32_t value = 0;
    number(value, presence);
    if (ok() && !is_known(static_cast<E>(value))) refuse(WireError::kUnknownEnum);
    out = static_cast<E>(value);
  }
  // A packed field: `element(reader)` is called for each element until the content is used up.
  template <class Element>
  void packed(Element element) {
    Reader inner(content(Presence::kImplicit));
    inner.field_ = field_;
    while (inner.ok() && inner.at_ != inner.end_) {
      inner.packed_ = true;
      element(inner);
    }
    absorb(inner);
  }

  void unknown() { refuse(WireError::kUnknownField); }
  void refuse(WireError error);
  // Refuses on behalf of a field that is not the current one.
  void refuse(WireError error, std::uint32_t field);

  [[nodiscard]] bool ok() const { return error_ == WireError::kNone; }
  [[nodiscard]] WireError error() const { return error_; }

 private:
  [[nodiscard]] std::uint64_t varint();
  [[nodiscard]] std::uint64_t fixed(std::size_t size);
  // Checks the wire type; true when the value may be read.
  [[nodiscard]] bool expect(WireType type);
  [[nodiscard]] ByteView content(Presence presence);
  void absorb(const Reader& inner);

  const std::uint8_t* at_;
  const std::uint8_t* end_;
  std::uint32_t field_ = 0;
  WireType type_ = WireType::kVarint;
  bool repeatable_ = false;
  bool packed_ = false;
  WireError error_ = WireError::kNone;
};

template <class T>
[[nodiscard]] Bytes to_wire(const T& value) {
  Writer out;
  write(out, value);
  return out.take();
}

// The message, or why not: `error` and the number of the outermost field in which it lies (0:
// none).
template <class T>
struct Decoded {
  std::optional<T> value;
  WireError error = WireError::kNone;
  std::uint32_t field = 0;

  explicit operator bool() const { return value.has_value(); }
};

// from_wire(b) holds a value only if to_wire of it is b again.
template <class T>
[[nodiscard]] Decoded<T> from_wire(ByteView bytes) {
  Decoded<T> out;
  Reader in(bytes);
  read(in, out.value.emplace());
  if (in.ok()) return out;
  out.value.reset();
  out.error = in.error();
  out.field = in.field();
  return out;
}

}  // namespace usance::contract
