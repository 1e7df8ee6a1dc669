#include "tools/usance/source_places.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>
#include <vector>

#include "contracts/vm/places.h"
#include "tools/usance/process.h"
#include "tools/usance/scratch_folder.h"

namespace usance::cli {

namespace {

// A source map's entry: the byte of a module, and a "line", which is the byte of the linked module
// that it came from.
struct Mark {
  std::int64_t offset = 0;
  std::int64_t line = 0;
};

constexpr std::string_view kDigits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// Base 64 VLQ of source maps, revision 3: five bits a digit, the lowest first, the lowest of all
// the sign.
void append_number(std::string& out, std::int64_t value) {
  auto left = value < 0 ? (static_cast<std::uint64_t>(-value) << 1) | 1
                        : static_cast<std::uint64_t>(value) << 1;
  do {
    const std::uint64_t digit = (left & 31) | (left > 31 ? 32 : 0);
    out.push_back(kDigits[digit]);
    left >>= 5;
  } while (left != 0);
}

std::optional<std::int64_t> read_number(std::string_view text, std::size_t& at) {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 60 && at < text.size(); shift += 5) {
    const std::size_t digit = kDigits.find(text[at++]);
    if (digit == std::string_view::npos) return std::nullopt;
    value |= (digit & 31) << shift;
    if ((digit & 32) != 0) continue;
    const auto size = static_cast<std::int64_t>(value >> 1);
    return (value & 1) != 0 ? -size : size;
  }
  return std::nullopt;
}

// A mark at every instruction of the linked module.
std::optional<std::string> source_map_of(ByteView linked) {
  const auto places = vm::find_places(linked, vm::Profile::kFull);
  if (!places) return std::nullopt;
  std::string mappings;
  std::int64_t last = 0;
  for (const vm::Place& place : *places) {
    const auto offset = static_cast<std::int64_t>(place.offset);
    if (!mappings.empty()) mappings.push_back(',');
    append_number(mappings, offset - last);
    append_number(mappings, 0);
    append_number(mappings, offset - last);
    append_number(mappings, 0);
    last = offset;
  }
  // wasm-opt reads the members in this order and in no other.
  return R"({"version":3,"sources":["linked"],"names":[],"mappings":")" + mappings + "\"}";
}

// Ascending by offset. Entries without a source end what was before them.
std::optional<std::vector<Mark>> read_marks(const std::string& text) {
  const nlohmann::json map = nlohmann::json::parse(text, nullptr, false);
  if (!map.is_object() || !map.contains("mappings") || !map["mappings"].is_string())
    return std::nullopt;
  const auto mappings = map["mappings"].get<std::string>();
  std::vector<Mark> out;
  Mark mark;
  std::size_t at = 0;
  while (at < mappings.size()) {
    std::vector<std::int64_t> fields;
    while (at < mappings.size() && mappings[at] != ',') {
      const auto number = read_number(mappings, at);
      if (!number) return std::nullopt;
      fields.push_back(*number);
    }
    ++at;
    if (fields.empty()) return std::nullopt;
    mark.offset += fields[0];
    if (fields.size() >= 4) mark.line += fields[2];
    out.push_back({mark.offset, fields.size() >= 4 ? mark.line : -1});
  }
  return out;
}

std::optional<ByteView> code_section(ByteView module) {
  const auto at = code_section_at(module);
  return at ? std::optional(module.subspan(at->begin, at->size)) : std::nullopt;
}

// The marks that wasm-opt carries from the linked module to this one.
std::optional<std::vector<Mark>> marks_of(const BuildFiles& build, ByteView linked,
                                          ByteView module) {
  const auto map = source_map_of(linked);
  const Result<std::string> options = read_file(build.optimiser);
  const ScratchFolder scratch("usance-places");
  const auto file = [&scratch](const char* name) { return scratch.path() / name; };
  if (!map || !options || scratch.path().empty() || !write_file(file("in.map"), *map))
    return std::nullopt;
  std::vector<std::string> command = {"wasm-opt"};
  std::istringstream words(*options);
  for (std::string word; words >> word;) command.push_back(word);
  const std::vector<std::string> files = {
      build.linked.string(),   "-o",   file("out.wasm").string(), "-ism",
      file("in.map").string(), "-osm", file("out.map").string()};
  command.insert(command.end(), files.begin(), files.end());
  const auto ran = run_program(command);
  if (!ran || ran->exit != 0) return std::nullopt;
  const Result<std::string> again = read_file(file("out.wasm"));
  const Result<std::string> marks = read_file(file("out.map"));
  if (!again || !marks) return std::nullopt;
  const auto code = code_section(as_bytes(*again));
  const auto wanted = code_section(module);
  if (!code || !wanted || !std::ranges::equal(*code, *wanted)) return std::nullopt;
  // Both count from the beginning of their file.
  auto out = read_marks(*marks);
  if (!out) return std::nullopt;
  const auto shift = static_cast<std::int64_t>(code_section_at(module)->begin) -
                     static_cast<std::int64_t>(code_section_at(as_bytes(*again))->begin);
  for (Mark& mark : *out) mark.offset += shift;
  return out;
}

}  // namespace

std::optional<SourceLine> source_of_optimised(const BuildFiles& build, ByteView module,
                                              std::uint64_t offset) {
  const Result<std::string> linked = read_file(build.linked);
  if (!linked) return std::nullopt;
  const auto marks = marks_of(build, as_bytes(*linked), module);
  if (!marks) return std::nullopt;
  const auto after =
      std::upper_bound(marks->begin(), marks->end(), static_cast<std::int64_t>(offset),
                       [](std::int64_t wanted, const Mark& mark) { return wanted < mark.offset; });
  if (after == marks->begin() || std::prev(after)->line < 0) return std::nullopt;
  const auto begin = code_section_at(as_bytes(*linked))->begin;
  const auto from = static_cast<std::uint64_t>(std::prev(after)->line);
  if (from < begin) return std::nullopt;
  return source_at(build.linked, from - begin);
}

}  // namespace usance::cli
