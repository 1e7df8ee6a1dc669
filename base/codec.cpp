#include "base/codec.h"

#include <limits>

namespace usance {

void Encoder::bytes(const Bytes& value, std::size_t limit) {
  USANCE_INVARIANT(value.size() <= limit);
  (*this)(static_cast<std::uint32_t>(value.size()));
  raw(value);
}

void Encoder::text(const std::string& value, std::size_t limit) {
  USANCE_INVARIANT(value.size() <= limit);
  (*this)(static_cast<std::uint32_t>(value.size()));
  raw(as_bytes(value));
}

void Encoder::texts(const std::vector<std::string>& items, std::size_t count_limit,
                    std::size_t limit) {
  USANCE_INVARIANT(items.size() <= count_limit);
  (*this)(static_cast<std::uint32_t>(items.size()));
  for (const std::string& item : items) text(item, limit);
}

void Encoder::blobs(const std::vector<Bytes>& items, std::size_t count_limit, std::size_t limit) {
  USANCE_INVARIANT(items.size() <= count_limit);
  (*this)(static_cast<std::uint32_t>(items.size()));
  for (const Bytes& item : items) bytes(item, limit);
}

void Encoder::require(bool condition, const char* what) {
  if (!condition) invariant_failed(what, __FILE__, __LINE__);
}

void Decoder::refuse(const char* what) {
  if (failure_ != nullptr) return;
  failure_ = what;
  failed_at_ = position_;
}

ByteView Decoder::raw(std::size_t n) {
  if (failed()) return {};
  if (n > remaining()) {
    refuse("the bytes end too early");
    return {};
  }
  const ByteView part = in_.subspan(position_, n);
  position_ += n;
  return part;
}

std::size_t Decoder::count(std::size_t limit) {
  std::uint32_t n = 0;
  (*this)(n);
  if (failed()) return 0;
  if (n > limit) {
    refuse("a length is over its limit");
    return 0;
  }
  // Every element takes at least one byte, so a count above what is left is a lie; refusing it
  // here bounds the memory that a short message can claim.
  if (n > remaining()) {
    refuse("a length is over what is left");
    return 0;
  }
  return n;
}

void Decoder::bytes(Bytes& value, std::size_t limit) {
  const ByteView part = raw(count(limit));
  value.assign(part.begin(), part.end());
}

void Decoder::text(std::string& value, std::size_t limit) {
  const ByteView part = raw(count(limit));
  value.assign(as_text(part));
}

void Decoder::texts(std::vector<std::string>& items, std::size_t count_limit, std::size_t limit) {
  const std::size_t n = count(count_limit);
  items.clear();
  for (std::size_t i = 0; i < n && !failed(); ++i) text(items.emplace_back(), limit);
}

void Decoder::blobs(std::vector<Bytes>& items, std::size_t count_limit, std::size_t limit) {
  const std::size_t n = count(count_limit);
  items.clear();
  for (std::size_t i = 0; i < n && !failed(); ++i) bytes(items.emplace_back(), limit);
}

Result<void> Decoder::status() const {
  if (failed())
    return fail(ErrorCode::kMalformed,
                std::string(failure_) + " (at byte " + std::to_string(failed_at_) + ")");
  return {};
}

Result<void> Decoder::finish() const {
  USANCE_TRY(status());
  if (remaining() != 0)
    return fail(ErrorCode::kMalformed, std::to_string(remaining()) + " bytes are left over");
  return {};
}

}  // namespace usance
