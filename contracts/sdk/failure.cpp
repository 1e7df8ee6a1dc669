#include "contracts/sdk/failure.h"

#include "contracts/sdk/bytes.h"
#include "contracts/sdk/host_api.h"

namespace usance::contract {
namespace {

constexpr std::size_t kMaxDetailBytes = 512;  // of docs/spec/host.md

// Cuts a text at a character's border.
void truncate(std::string& text, std::size_t limit) {
  if (text.size() <= limit) return;
  while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xC0U) == 0x80U) --limit;
  text.resize(limit);
}

}  // namespace

std::string decimal(std::uint64_t number) {
  std::string out;
  do {
    out.insert(out.begin(), static_cast<char>('0' + number % 10));
    number /= 10;
  } while (number != 0);
  return out;
}

std::string decimal(std::int64_t number) {
  if (number >= 0) return decimal(static_cast<std::uint64_t>(number));
  return "-" + decimal(std::uint64_t{0} - static_cast<std::uint64_t>(number));
}

Failure make_failure(std::int32_t code, std::string_view message, const Text* const* parameters,
                     std::size_t count) {
  Failure out{code, {}};
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t place = message.find('{');
    out.detail += message.substr(0, place);
    out.detail += parameters[i]->view();
    message.remove_prefix(place + 2);  // the braces
  }
  out.detail += message;
  truncate(out.detail, kMaxDetailBytes);
  return out;
}

void fail(const Failure& failure) {
#ifdef __wasm__
  imports::usance1_abort(failure.code, failure.detail.data(), failure.detail.size());
#else
  throw Aborted{failure};
#endif
}

}  // namespace usance::contract
