// malloc and free for modules that live for one call. Blocks come in power-of-two classes from a
// region that only grows; a freed block serves the next request of its class.
#include <cstddef>
#include <cstdint>
#include <new>
#include <string_view>

#include "contracts/sdk/host_api.h"
#include "usance/contract/types.usance.h"

extern "C" {
extern std::uint8_t __heap_base;  // placed by the linker after data and stack
void* malloc(std::size_t size);
void free(void* block);
}

namespace {

constexpr std::size_t kPageBytes = 65'536;
constexpr std::size_t kHeaderBytes = 8;  // keeps blocks aligned to 8; holds the class
constexpr unsigned kSmallestClass = 4;   // 16 bytes, header included
constexpr unsigned kClasses = 25;        // up to 16 MiB, more than a module may have

struct FreeBlock {
  FreeBlock* next;
};

FreeBlock* free_blocks[kClasses];
std::uintptr_t region_at = 0;

// The smallest class whose blocks have this many bytes, at least 2.
unsigned class_of(std::size_t bytes) {
  const unsigned out = 32 - static_cast<unsigned>(__builtin_clz(bytes - 1));
  return out < kSmallestClass ? kSmallestClass : out;
}

// Also the case of a request that no class holds. Returning null is no choice: without exceptions
// the library would go on with it.
[[noreturn]] void out_of_memory() {
  // The text is made by hand, since building a std::string would allocate.
  constexpr std::string_view kDetail = "the contract's memory is used up";
  usance::contract::imports::usance1_abort(
      static_cast<std::int32_t>(usance::contract::StandardError::kOutOfMemory), kDetail.data(),
      kDetail.size());
}

std::uint8_t* take_from_region(std::size_t bytes) {
  if (region_at == 0) region_at = (reinterpret_cast<std::uintptr_t>(&__heap_base) + 7) & ~7U;
  const std::size_t have = __builtin_wasm_memory_size(0) * kPageBytes;
  if (bytes > have - region_at) {
    const std::size_t pages = (bytes - (have - region_at) + kPageBytes - 1) / kPageBytes;
    if (__builtin_wasm_memory_grow(0, pages) == SIZE_MAX) out_of_memory();
  }
  auto* out = reinterpret_cast<std::uint8_t*>(region_at);
  region_at += bytes;
  return out;
}

}  // namespace

extern "C" {

void* malloc(std::size_t size) {
  if (size > (std::size_t{1} << (kClasses - 1)) - kHeaderBytes) out_of_memory();
  const unsigned c = class_of(size + kHeaderBytes);
  if (FreeBlock* block = free_blocks[c]) {
    free_blocks[c] = block->next;
    return block;
  }
  std::uint8_t* out = take_from_region(std::size_t{1} << c);
  *reinterpret_cast<std::uint32_t*>(out) = c;
  return out + kHeaderBytes;
}

void free(void* pointer) {
  if (pointer == nullptr) return;
  const auto c =
      *reinterpret_cast<const std::uint32_t*>(static_cast<std::uint8_t*>(pointer) - kHeaderBytes);
  auto* block = static_cast<FreeBlock*>(pointer);
  block->next = free_blocks[c];
  free_blocks[c] = block;
}

}  // extern "C"

void* operator new(std::size_t size) {
  return malloc(size);
}
void* operator new[](std::size_t size) {
  return malloc(size);
}
void operator delete(void* block) noexcept {
  free(block);
}
void operator delete[](void* block) noexcept {
  free(block);
}
void operator delete(void* block, std::size_t) noexcept {
  free(block);
}
void operator delete[](void* block, std::size_t) noexcept {
  free(block);
}
