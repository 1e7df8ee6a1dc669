#include "base/key_file.h"

#include <cerrno>
#include <sstream>

#include <fcntl.h>

#include "base/file.h"

namespace usance {

namespace {

constexpr std::size_t kMaxKeyFileBytes = 4096;

tl::unexpected<Error> io_failure(const std::string& path) {
  return tl::unexpected<Error>(file_error(path, errno));
}

}  // namespace

std::string write_key_text(const SecretSeed& seed, std::string_view comment,
                           std::string_view format) {
  USANCE_INVARIANT(comment.find('\n') == std::string_view::npos);
  std::string out = "# ";
  out.append(comment).append("\n").append(format).append("\n");
  out.append("public ").append(to_hex(ed25519_signer(seed)->public_key())).append("\n");
  out.append("seed   ").append(to_hex(seed)).append("\n");
  return out;
}

Result<SecretSeed> parse_key_text(std::string_view text, std::string_view wanted) {
  std::istringstream lines{std::string(text)};
  std::string line;
  bool format = false;
  bool has_public = false;
  bool has_seed = false;
  PublicKey public_key;
  SecretSeed seed;
  while (std::getline(lines, line)) {
    if (line.empty() || line.front() == '#') continue;
    if (!format) {
      if (line != wanted)
        return fail(ErrorCode::kMalformed, "not a key file of the format " + std::string(wanted));
      format = true;
      continue;
    }
    std::istringstream words(line);
    std::string name;
    std::string value;
    std::string more;
    words >> name >> value;
    if (words >> more)
      return fail(ErrorCode::kMalformed, "a line has more than a name and a value");
    if (name == "public" && !has_public && fixed_from_hex(value, public_key)) {
      has_public = true;
    } else if (name == "seed" && !has_seed && fixed_from_hex(value, seed)) {
      has_seed = true;
    } else {
      return fail(ErrorCode::kMalformed,
                  "expected 'public' and 'seed' with 64 hexadecimal digits each");
    }
  }
  if (!has_public || !has_seed)
    return fail(ErrorCode::kMalformed, "the key file is incomplete: 'public' or 'seed' is missing");
  if (ed25519_signer(seed)->public_key() != public_key)
    return fail(ErrorCode::kMalformed, "the public key does not belong to the seed");
  return seed;
}

Result<void> create_key_file(const std::string& path, const SecretSeed& seed,
                             std::string_view comment, std::string_view format) {
  const std::string text = write_key_text(seed, comment, format);
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (file.number < 0 || !write_synced(file, text)) return io_failure(path);
  return {};
}

Result<SecretSeed> read_key_file(const std::string& path, std::string_view format) {
  auto text = read_secret_file(path, kMaxKeyFileBytes);
  if (!text) {
    Error error = text.error();
    if (error.code == ErrorCode::kInvalidArgument)
      error.code = ErrorCode::kMalformed;  // no key file
    return tl::unexpected<Error>(std::move(error));
  }
  Result<SecretSeed> seed = parse_key_text(*text, format);
  if (!seed) return fail_with(path, seed.error());
  return seed;
}

}  // namespace usance
