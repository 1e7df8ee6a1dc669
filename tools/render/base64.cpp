#include "tools/render/base64.h"

namespace usance::render {

namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

int digit(char c) {
  if (c == '-') c = '+';
  if (c == '_') c = '/';
  const std::size_t at = kAlphabet.find(c);
  return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

}  // namespace

std::string to_base64(ByteView bytes) {
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t n = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 3; ++j) group = group << 8 | (j < n ? bytes[i + j] : 0u);
    for (std::size_t j = 0; j < 4; ++j)
      out.push_back(j <= n ? kAlphabet[group >> (18 - 6 * j) & 63] : '=');
  }
  return out;
}

bool from_base64(std::string_view text, Bytes& out) {
  out.clear();
  if (text.size() % 4 != 0) return false;
  for (std::size_t i = 0; i < text.size(); i += 4) {
    std::size_t padding = 0;
    if (i + 4 == text.size()) padding = text[i + 2] == '=' ? 2 : text[i + 3] == '=' ? 1 : 0;
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 4; ++j) {
      const int d = j >= 4 - padding ? (text[i + j] == '=' ? 0 : -1) : digit(text[i + j]);
      if (d < 0) return false;
      group = group << 6 | static_cast<std::uint32_t>(d);
    }
    for (std::size_t j = 0; j < 3 - padding; ++j)
      out.push_back(static_cast<std::uint8_t>(group >> (16 - 8 * j)));
  }
  return true;
}

}  // namespace usance::render
