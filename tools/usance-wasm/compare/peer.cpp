// The comparison with wabt's interpreter, which shares no code with this engine.
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include <unistd.h>

#include "tools/usance-wasm/compare/comparison.h"

namespace usance::tools {

namespace {

// Its words for traps, by their beginnings, and ours.
constexpr std::array<std::pair<std::string_view, std::string_view>, 10> kTraps = {
    {{"unreachable executed", "unreachable"},
     {"out of bounds memory access", "out of bounds memory access"},
     {"out of bounds table access", "out of bounds table access"},
     {"undefined table index", "out of bounds table access"},
     {"indirect call signature mismatch", "indirect call type mismatch"},
     {"uninitialized table element", "uninitialized element"},
     {"integer divide by zero", "integer divide by zero"},
     {"integer overflow", "integer overflow"},
     {"out of bounds", "out of bounds"},
     {"call stack exhausted", "call stack exhausted"}}};

std::string in_our_words(std::string line) {
  constexpr std::string_view kMark = "error: ";
  const std::size_t at = line.find(kMark);
  if (at == std::string::npos) return line;
  const std::string said = line.substr(at + kMark.size());
  for (const auto& [theirs, ours] : kTraps) {
    if (said.starts_with(theirs)) return line.substr(0, at) + "error: " + std::string(ours);
  }
  return line;
}

std::string trimmed(std::string line) {
  while (!line.empty() && (line.back() == ' ' || line.back() == '\n')) line.pop_back();
  return line;
}

}  // namespace

Result<void> compare_with_peer(const GeneratedModule& module, const Transcript& transcript,
                               const std::string& program) {
  const std::filesystem::path path = std::filesystem::temp_directory_path() /
                                     ("usance-compare-" + std::to_string(getpid()) + ".wasm");
  {
    std::ofstream file(path, std::ios::binary);
    file.write(reinterpret_cast<const char*>(module.bytes.data()),
               static_cast<std::streamsize>(module.bytes.size()));
    if (!file) return fail(ErrorCode::kIo, "cannot write " + path.string());
  }
  const std::string command =
      "'" + program + "' --run-all-exports --dummy-import-func '" + path.string() + "' 2>&1";
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return fail(ErrorCode::kIo, "cannot run " + program);
  std::string output;
  std::array<char, 4096> buffer{};
  while (const std::size_t n = fread(buffer.data(), 1, buffer.size(), pipe)) {
    output.append(buffer.data(), n);
  }
  const int status = pclose(pipe);
  std::filesystem::remove(path);
  if (status != 0) {
    return fail(ErrorCode::kInternal, program + " refused the module: " + output.substr(0, 500));
  }
  std::size_t at = 0;
  for (const std::string& ours : transcript.lines) {
    const std::size_t end = std::min(output.find('\n', at), output.size());
    const std::string theirs = in_our_words(trimmed(output.substr(at, end - at)));
    if (theirs != trimmed(ours)) {
      return fail(ErrorCode::kInternal,
                  program + " says '" + theirs + "' where this engine says '" + ours + "'");
    }
    at = std::min(end + 1, output.size());
  }
  if (at < output.size()) {
    return fail(ErrorCode::kInternal, program + " goes on: " + output.substr(at, 200));
  }
  return {};
}

}  // namespace usance::tools
