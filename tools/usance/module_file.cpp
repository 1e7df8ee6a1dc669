#include "tools/usance/module_file.h"

#include <charconv>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/evidence.h"
#include "base/hash.h"
#include "contracts/system/module_rules.h"
#include "tools/render/value.h"
#include "tools/usance/process.h"

namespace usance::cli {

namespace {

constexpr std::size_t kHeaderBytes = 8;
constexpr std::uint8_t kCustomSection = 0;
constexpr std::uint8_t kCodeSection = 10;

struct Section {
  std::uint8_t id = 0;
  std::size_t begin = 0;  // of its id
  SectionPlace content;
};

// An unsigned LEB128 of at most 5 bytes; moves `at` behind it.
std::optional<std::uint64_t> read_leb(ByteView code, std::size_t& at) {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 35 && at < code.size(); shift += 7) {
    const std::uint8_t byte = code[at++];
    value |= std::uint64_t{byte & 0x7FU} << shift;
    if ((byte & 0x80U) == 0) return value;
  }
  return std::nullopt;
}

// The number behind " at offset " in a refusal of the VM.
std::optional<std::uint64_t> offset_in(const std::string& reason) {
  constexpr std::string_view kMark = " at offset ";
  const std::size_t at = reason.find(kMark);
  if (at == std::string::npos) return std::nullopt;
  std::uint64_t offset = 0;
  const char* begin = reason.data() + at + kMark.size();
  if (std::from_chars(begin, reason.data() + reason.size(), offset).ec != std::errc())
    return std::nullopt;
  return offset;
}

std::string after_place(const std::string& reason) {
  const std::size_t colon = reason.find(": ");
  return colon == std::string::npos ? reason : reason.substr(colon + 2);
}

// "build/./deposit/books.cpp", as the compiler joins them: "deposit/books.cpp".
std::string tidy_path(std::string file) {
  const std::size_t dot = file.rfind("/./");
  if (dot != std::string::npos) file.erase(0, dot + 3);
  return file.starts_with("./") ? file.substr(2) : file;
}

bool is_library(const std::string& file) {
  return file.starts_with("/usr/") || file.find("contracts/sdk/") != std::string::npos;
}

// "file\28int\29": wasm-opt writes what a name may not hold as a backslash and two digits.
std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned value = 0;
    if (text[i] == '\\' && i + 2 < text.size() &&
        std::from_chars(text.data() + i + 1, text.data() + i + 3, value, 16).ptr ==
            text.data() + i + 3) {
      out.push_back(static_cast<char>(value));
      i += 2;
    } else {
      out.push_back(text[i]);
    }
  }
  return out;
}

// What the C++ library writes out in full and people do not.
std::string readable(std::string name) {
  static const std::vector<std::pair<std::string, std::string>> kShorter = {
      {"std::__2::", "std::"},
      {"std::basic_string<char, std::char_traits<char>, std::allocator<char> >", "std::string"},
      {"std::basic_string_view<char, std::char_traits<char> >", "std::string_view"},
      {"(anonymous namespace)::", ""}};
  for (const auto& [what, with] : kShorter)
    for (std::size_t at = 0; (at = name.find(what, at)) != std::string::npos; at += with.size())
      name.replace(at, what.size(), with);
  return name;
}

std::optional<std::vector<Section>> sections_of(ByteView code) {
  if (code.size() < kHeaderBytes || as_text(code.first(4)) != std::string_view("\0asm", 4))
    return std::nullopt;
  std::vector<Section> out;
  std::size_t at = kHeaderBytes;
  while (at < code.size()) {
    Section section{code[at], at, {}};
    const auto size = read_leb(code, ++at);
    if (!size || *size > code.size() - at) return std::nullopt;
    section.content = {at, *size};
    at += *size;
    out.push_back(section);
  }
  return out;
}

}  // namespace

Outcome<ModuleFile> read_module(const std::string& file, const std::string& name) {
  CLI_ASSIGN(Bytes code, render::read_named_file(file));
  if (code.size() > limits::kMaxCodeBytes)
    return stop(ExitCode::kUsage, file + " is " + std::to_string(code.size()) +
                                      " bytes; a contract may have " +
                                      std::to_string(limits::kMaxCodeBytes));
  Result<Bytes> set = interface_of_module(code);
  if (!set)
    return stop(ExitCode::kUsage, file + ": " + set.error().message +
                                      (set.error().code == ErrorCode::kNotFound
                                           ? "; build it with usance contract build"
                                           : ""));
  CLI_ASSIGN(render::Interface interface, render::Interface::parse(name, *set));
  const Hash32 hash = sha256(code);
  return ModuleFile{std::move(code), hash, std::move(interface)};
}

std::optional<SectionPlace> code_section_at(ByteView module) {
  if (const auto sections = sections_of(module))
    for (const Section& section : *sections)
      if (section.id == kCodeSection) return section.content;
  return std::nullopt;
}

std::optional<PlainModule> without_custom_sections(ByteView code) {
  const auto sections = sections_of(code);
  if (!sections) return std::nullopt;
  PlainModule out;
  const auto append = [&out, code](std::size_t begin, std::size_t end) {
    out.code.insert(out.code.end(), code.begin() + static_cast<std::ptrdiff_t>(begin),
                    code.begin() + static_cast<std::ptrdiff_t>(end));
  };
  append(0, kHeaderBytes);
  for (const Section& section : *sections) {
    if (section.id == kCodeSection)
      out.code_section = out.code.size() + (section.content.begin - section.begin);
    if (section.id != kCustomSection)
      append(section.begin, section.content.begin + section.content.size);
  }
  return out;
}

std::optional<SourceLine> source_at(const Path& module, std::uint64_t offset) {
  std::ostringstream address;
  address << "0x" << std::hex << offset;
  const auto said = run_program(
      {"llvm-symbolizer-14", "--obj=" + module.string(), "--output-style=JSON", address.str()});
  if (!said || said->exit != 0) return std::nullopt;
  const nlohmann::json answer = nlohmann::json::parse(said->output, nullptr, false);
  if (!answer.is_array() || answer.empty() || !answer[0].contains("Symbol")) return std::nullopt;
  std::optional<SourceLine> innermost;
  for (const nlohmann::json& frame : answer[0]["Symbol"]) {
    const std::uint64_t line = frame.value("Line", std::uint64_t{0});
    if (line == 0) continue;
    const std::string file = frame.value("FileName", "");
    SourceLine place{tidy_path(file), line, frame.value("FunctionName", "")};
    if (!is_library(file)) return place;
    if (!innermost) innermost = std::move(place);
  }
  return innermost;
}

std::string explain_refusal(const std::string& reason, const Path& linked) {
  // The optimiser keeps no places: the same rule is asked of the module before it.
  const Result<std::string> text = read_file(linked);
  if (!text) return reason;
  const ByteView code = as_bytes(*text);
  const auto plain = without_custom_sections(code);
  if (!plain) return reason;
  const auto refused = registry::check_module(plain->code);
  if (refused) return reason;
  const auto offset = offset_in(refused.error().message);
  if (!offset || *offset < plain->code_section) return reason;
  const auto place = source_at(linked, *offset - plain->code_section);
  if (!place) return reason;
  return place->file + ":" + std::to_string(place->line) + ": in " + place->function + ": " +
         after_place(refused.error().message);
}

std::vector<std::string> read_function_names(const Path& file) {
  std::vector<std::string> out;
  const Result<std::string> text = read_file(file);
  if (!text) return out;
  std::istringstream lines(*text);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t colon = line.find(':');
    std::size_t number = 0;
    if (colon == std::string::npos ||
        std::from_chars(line.data(), line.data() + colon, number).ec != std::errc() ||
        number > 100'000)
      continue;
    if (out.size() <= number) out.resize(number + 1);
    out[number] = readable(unescaped(std::string_view(line).substr(colon + 1)));
  }
  return out;
}

}  // namespace usance::cli
