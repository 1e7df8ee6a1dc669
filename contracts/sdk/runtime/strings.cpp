// The C functions that compiled C++ takes for granted. The first three are one instruction each:
// with -mbulk-memory the compiler's own versions become memory.copy and memory.fill.
#include <cstddef>
#include <cstdint>

extern "C" {

void* memcpy(void* to, const void* from, std::size_t size) {
  return __builtin_memcpy(to, from, size);
}

void* memmove(void* to, const void* from, std::size_t size) {
  return __builtin_memmove(to, from, size);
}

void* memset(void* to, int value, std::size_t size) {
  return __builtin_memset(to, value, size);
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

// What recent versions of libc++ search words of four bytes with.
wchar_t* wmemchr(const wchar_t* in, wchar_t value, std::size_t size) {
  for (; size != 0; --size, ++in)
    if (*in == value) return const_cast<wchar_t*>(in);
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
