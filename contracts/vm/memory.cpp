#include "contracts/vm/memory.h"

#include <algorithm>

#include <sys/mman.h>

namespace usance::vm {

namespace {

constexpr std::uint64_t kAlwaysReserved = 1'024;  // pages
constexpr std::size_t kBlocksPerPage = kPageBytes / kBlockBytes;
// A memory that touched more than this gives it back to the system when it is reset.
constexpr std::size_t kKeptBlocks = 512;

std::size_t flag_bytes(std::uint64_t pages) {
  const std::size_t bytes = static_cast<std::size_t>(pages) * kBlocksPerPage;
  return (bytes + kBlockBytes - 1) / kBlockBytes * kBlockBytes + kBlockBytes;
}

}  // namespace

std::unique_ptr<Memory> Memory::create(std::uint64_t pages, std::uint64_t most, bool has_max) {
  std::unique_ptr<Memory> memory(new Memory);
  memory->most_ = most;
  memory->has_max_ = has_max;
  if (!memory->reserve(std::max(pages, std::min(most, kAlwaysReserved)))) return nullptr;
  memory->size_ = pages * kPageBytes;
  return memory;
}

Memory::~Memory() {
  release();
}

bool Memory::reserve(std::uint64_t pages) {
  const std::size_t flags = flag_bytes(pages);
  const std::size_t bytes = flags + static_cast<std::size_t>(pages) * kPageBytes;
  void* region = mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (region == MAP_FAILED) return false;
  region_ = static_cast<std::uint8_t*>(region);
  region_bytes_ = bytes;
  base_ = region_ + flags;
  reserved_ = pages;
  return true;
}

void Memory::release() {
  if (region_ != nullptr) munmap(region_, region_bytes_);
  region_ = nullptr;
}

std::int64_t Memory::grow(std::uint64_t by) {
  const auto before = static_cast<std::int64_t>(pages());
  if (!may_grow(by)) return -1;
  if (pages() + by > reserved_) {
    std::uint8_t* old_base = base_;
    std::uint8_t* old_region = region_;
    const std::size_t old_bytes = region_bytes_;
    if (!reserve(std::min(most_, std::max(pages() + by, 2 * reserved_)))) return -1;
    std::memcpy(base_, old_base, size_);
    mark(0, size_);
    munmap(old_region, old_bytes);
  }
  size_ += by * kPageBytes;
  return before;
}

void Memory::reset(std::uint64_t to_pages, const MemoryImage& image) {
  const std::size_t blocks = size_ / kBlockBytes;
  size_ = to_pages * kPageBytes;
  std::size_t written = 0;
  // Flags lie downwards; eight at a time.
  for (std::size_t group = 0; group < blocks; group += 8) {
    std::uint64_t flags = 0;
    std::uint8_t* at = base_ - group - 8;
    std::memcpy(&flags, at, sizeof flags);
    if (flags == 0) continue;
    for (std::size_t b = group; b < group + 8; ++b) {
      if (flag(b) == 0) continue;
      flag(b) = 0;
      ++written;
      // A store marks the block of its first byte: up to 7 bytes may lie in the next block.
      for (const std::size_t block : {b, b + 1}) {
        if (block >= blocks) continue;
        const std::size_t n = block == b ? kBlockBytes : 8;
        std::uint8_t* to = base_ + block * kBlockBytes;
        const std::uint8_t* from = image.block(block);
        if (from != nullptr) {
          std::memcpy(to, from, n);
        } else {
          std::memset(to, 0, n);
        }
      }
    }
  }
  if (written <= kKeptBlocks) return;
  madvise(base_, reserved_ * kPageBytes, MADV_DONTNEED);
  for (std::size_t b = 0; b < image.blocks(); ++b) {
    if (image.block(b) != nullptr)
      std::memcpy(base_ + b * kBlockBytes, image.block(b), kBlockBytes);
  }
}

}  // namespace usance::vm
