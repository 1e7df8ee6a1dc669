// The C functions that compiled C++ takes for granted. Words of eight bytes where it pays: gas is
// charged per instruction.
#include <cstddef>
#include <cstdint>

extern "C" {

void* memcpy(void* to, const void* from, std::size_t size) {
  auto* out = static_cast<std::uint8_t*>(to);
  const auto* in = static_cast<const std::uint8_t*>(from);
  for (; size >= 8; size -= 8, out += 8, in += 8) {
    std::uint64_t word;
    __builtin_memcpy_inline(&word, in, 8);
    __builtin_memcpy_inline(out, &word, 8);
  }
  while (size-- != 0) *out++ = *in++;
  return to;
}

void* memmove(void* to, const void* from, std::size_t size) {
  auto* out = static_cast<std::uint8_t*>(to);
  const auto* in = static_cast<const std::uint8_t*>(from);
  if (out <= in || out >= in + size) return memcpy(to, from, size);
  for (; size >= 8; size -= 8) {
    std::uint64_t word;
    __builtin_memcpy_inline(&word, in + size - 8, 8);
    __builtin_memcpy_inline(out + size - 8, &word, 8);
  }
  while (size-- != 0) out[size] = in[size];
  return to;
}

void* memset(void* to, int value, std::size_t size) {
  auto* out = static_cast<std::uint8_t*>(to);
  const std::uint64_t word = std::uint64_t{static_cast<std::uint8_t>(value)} * 0x0101010101010101U;
  for (; size >= 8; size -= 8, out += 8) __builtin_memcpy_inline(out, &word, 8);
  while (size-- != 0) *out++ = static_cast<std::uint8_t>(value);
  return to;
}

int memcmp(const void* a, const void* b, std::size_t size) {
  const auto* x = static_cast<const std::uint8_t*>(a);
  const auto* y = static_cast<const std::uint8_t*>(b);
  for (; size != 0; --size, ++x, ++y)
    if (*x != *y) return *x < *y ? -1 : 1;
  return 0;
}

void* memchr(const void* in, int value, std::size_t size) {
  const auto* at = static_cast<const std::uint8_t*>(in);
  for (; size != 0; --size, ++at)
    if (*at == static_cast<std::uint8_t>(value)) return const_cast<std::uint8_t*>(at);
  return nullptr;
}

std::size_t strlen(const char* text) {
  std::size_t size = 0;
  while (text[size] != 0) ++size;
  return size;
}

[[noreturn]] void abort() {
  __builtin_trap();
}

// Objects of static duration are never destroyed: the module ends with its call.
int __cxa_atexit(void (*)(void*), void*, void*) {
  return 0;
}
[[noreturn]] void __cxa_pure_virtual() {
  __builtin_trap();
}
void* __dso_handle = nullptr;

}  // extern "C"
