// Linear memories and tables. A memory knows which blocks were written since it was laid out, so
// that an instance can be made new by copying those alone.
#pragma once

#include <cstring>
#include <memory>
#include <vector>

#include "contracts/vm/memory_image.h"
#include "contracts/vm/types.h"

namespace usance::vm {

class Memory {
 public:
  // Reserves address space for `most` pages where that is at most 1024 (growing never fails then
  // before the limit); the system gives memory as it is touched. Null when the system refuses.
  // `has_max` says whether the module declared a maximum, which matters to whoever imports it.
  static std::unique_ptr<Memory> create(std::uint64_t pages, std::uint64_t most,
                                        bool has_max = true);
  ~Memory();
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;

  [[nodiscard]] std::uint8_t* data() const { return base_; }
  [[nodiscard]] std::uint64_t size() const { return size_; }  // bytes
  [[nodiscard]] std::uint64_t pages() const { return size_ / kPageBytes; }
  [[nodiscard]] std::uint64_t most_pages() const { return most_; }
  [[nodiscard]] bool has_max() const { return has_max_; }
  [[nodiscard]] bool contains(std::uint64_t address, std::uint64_t length) const {
    return address <= size_ && length <= size_ - address;
  }
  // The previous number of pages, or -1 past the limit. Moves data() when the reservation is full.
  [[nodiscard]] std::int64_t grow(std::uint64_t pages);
  [[nodiscard]] bool may_grow(std::uint64_t pages) const { return pages <= most_ - this->pages(); }

  // Whoever writes says so; an interpreter's store marks the block of its first byte only.
  void mark(std::uint64_t address, std::uint64_t length) {
    if (length == 0) return;
    const std::uint64_t last = (address + length - 1) >> kBlockShift;
    for (std::uint64_t b = address >> kBlockShift; b <= last; ++b) flag(b) = 1;
  }
  void write(std::uint64_t address, ByteView bytes) {
    if (bytes.empty()) return;
    std::memcpy(base_ + address, bytes.data(), bytes.size());
    mark(address, bytes.size());
  }
  // Back to `pages` pages with the image's content.
  void reset(std::uint64_t pages, const MemoryImage& image);

 private:
  Memory() = default;
  // One flag a block, below the memory and growing downwards: the interpreter reaches both from
  // one pointer.
  std::uint8_t& flag(std::uint64_t block) const {
    return *(base_ - 1 - static_cast<std::ptrdiff_t>(block));
  }
  bool reserve(std::uint64_t pages);
  void release();

  std::uint8_t* base_ = nullptr;
  std::uint8_t* region_ = nullptr;
  std::size_t region_bytes_ = 0;
  std::uint64_t size_ = 0;
  std::uint64_t reserved_ = 0;  // pages
  std::uint64_t most_ = 0;      // pages
  bool has_max_ = true;
};

struct Table {
  ValueType element = ValueType::kFuncRef;
  std::uint64_t most = 0;
  bool has_max = false;
  bool dirty = false;  // written since instantiation
  std::vector<Slot> elements;
};

}  // namespace usance::vm
