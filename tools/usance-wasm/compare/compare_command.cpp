// usance-wasm compare: the engine against itself and against another one, over generated modules.
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>

#include "tools/usance-wasm/commands.h"
#include "tools/usance-wasm/compare/comparison.h"

namespace usance::tools {

namespace {

struct Options {
  std::uint64_t first = 1;
  std::uint64_t last = 1'000;
  std::string peer;
  bool digests = false;
  std::string keep;
};

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<Options> parse(const Arguments& arguments) {
  Options options;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const bool has_value = i + 1 < arguments.size();
    if (arguments[i] == "--seeds" && has_value) {
      const std::string& range = arguments[++i];
      const std::size_t dots = range.find("..");
      const auto first = number(range.substr(0, dots));
      const auto last = dots == std::string::npos ? first : number(range.substr(dots + 2));
      if (!first || !last || *last < *first) return std::nullopt;
      options.first = *first;
      options.last = *last;
    } else if (arguments[i] == "--peer" && has_value) {
      options.peer = arguments[++i];
    } else if (arguments[i] == "--keep" && has_value) {
      options.keep = arguments[++i];
    } else if (arguments[i] == "--digests") {
      options.digests = true;
    } else {
      return std::nullopt;
    }
  }
  return options;
}

void write(const std::string& folder, std::uint64_t seed, const Bytes& bytes) {
  std::error_code ignored;
  std::filesystem::create_directories(folder, ignored);
  const std::string path = folder + "/seed-" + std::to_string(seed) + ".wasm";
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
  std::cerr << "seed " << seed << ": the module is " << path << "\n";
}

}  // namespace

int compare_command(const Arguments& arguments) {
  const auto options = parse(arguments);
  if (!options) {
    std::cerr << "usage: usance-wasm compare [--seeds A..B] [--peer WASM-INTERP] [--digests] "
                 "[--keep DIR]\n";
    return 2;
  }
  std::uint64_t failures = 0;
  std::uint64_t trapped = 0;
  std::uint64_t exports = 0;
  std::uint64_t bytes = 0;
  std::uint64_t gas = 0;
  for (std::uint64_t seed = options->first; seed <= options->last; ++seed) {
    Choices choices(seed);
    const GeneratedModule module = generate_module(choices);
    const auto transcript = compare_module(module);
    Result<void> verdict;
    if (!transcript) {
      verdict = tl::unexpected(transcript.error());
    } else if (!options->peer.empty()) {
      verdict = compare_with_peer(module, *transcript, options->peer);
    }
    if (!verdict) {
      ++failures;
      std::cout << "FAILED seed " << seed << ": " << verdict.error().message << "\n";
    }
    if (!options->keep.empty()) write(options->keep, seed, module.bytes);
    if (!transcript) continue;
    if (options->digests) std::cout << seed << " " << transcript->digest() << "\n";
    bytes += module.bytes.size();
    exports += transcript->gas.size();
    for (const std::uint64_t used : transcript->gas) gas += used;
    for (const std::string& line : transcript->lines)
      trapped += line.find("error: ") != std::string::npos;
  }
  const std::uint64_t modules = options->last - options->first + 1;
  std::cout << modules << " modules of " << bytes / modules << " bytes, " << exports
            << " calls, of them " << trapped << " trapped, " << gas << " gas; " << failures
            << " differ" << (options->peer.empty() ? "" : " (compared with " + options->peer + ")")
            << "\n";
  return failures == 0 ? 0 : 1;
}

}  // namespace usance::tools
