// What libc++ from version 15 on calls where a precondition is broken or an exception would be
// thrown. Its own prints to stderr, which a contract does not have.
#include <cstdlib>

// The name is libc++'s as Debian builds it for wasm: std::__2::__libcpp_verbose_abort(char const*,
// ...).
[[noreturn]] void usance_verbose_abort(const char* format,
                                       ...) asm("_ZNSt3__222__libcpp_verbose_abortEPKcz");

void usance_verbose_abort(const char*, ...) {
  std::abort();
}
