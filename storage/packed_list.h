// Many small records of one block under one key, each readable without decoding the others:
// u32 count, u32 end of each record counted from the first one's beginning, the records.
#pragma once

#include <span>

#include "base/codec.h"

namespace usance::storage {

template <CanonicalStruct T>
[[nodiscard]] Bytes pack(std::span<const T> records) {
  Encoder ends;
  Encoder data;
  ends(static_cast<std::uint32_t>(records.size()));
  for (const T& record : records) {
    data(record);
    ends(static_cast<std::uint32_t>(data.data().size()));
  }
  Bytes out = std::move(ends).take();
  out.insert(out.end(), data.data().begin(), data.data().end());
  return out;
}

class PackedList {
 public:
  // Refers to the bytes. kCorrupt if they are no packed list.
  static Result<PackedList> open(ByteView bytes);
  [[nodiscard]] std::size_t size() const { return ends_.size(); }
  template <CanonicalStruct T>
  [[nodiscard]] Result<T> at(std::size_t i) const {
    auto record = decode<T>(bytes_of(i));
    if (!record) return fail(ErrorCode::kCorrupt, record.error().message);
    return record;
  }
  template <CanonicalStruct T>
  [[nodiscard]] Result<std::vector<T>> all() const {
    std::vector<T> out;
    out.reserve(size());
    for (std::size_t i = 0; i < size(); ++i) {
      USANCE_ASSIGN(T record, at<T>(i));
      out.push_back(std::move(record));
    }
    return out;
  }

 private:
  [[nodiscard]] ByteView bytes_of(std::size_t i) const {
    const std::size_t begin = i == 0 ? 0 : ends_[i - 1];
    return data_.subspan(begin, ends_[i] - begin);
  }

  std::vector<std::uint32_t> ends_;
  ByteView data_;
};

}  // namespace usance::storage
