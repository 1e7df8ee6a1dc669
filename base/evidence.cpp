#include "base/evidence.h"

#include "base/sealed_file.h"

namespace usance {

namespace {

constexpr std::string_view kMagic = "usance-evidence/1\n";
constexpr std::string_view kInterfaceSection = "usance.interface";

// Unsigned LEB128 of at most 32 bits, as WebAssembly's section sizes are written.
bool read_leb(ByteView& in, std::uint32_t& out) {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 35; shift += 7) {
    if (in.empty()) return false;
    const std::uint8_t byte = in.front();
    in = in.subspan(1);
    value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
    if ((byte & 0x80) == 0) {
      out = static_cast<std::uint32_t>(value);
      return value <= UINT32_MAX;
    }
  }
  return false;
}

}  // namespace

Bytes write_evidence(const Evidence& evidence) {
  return write_sealed(kMagic, evidence);
}

Result<EvidenceFile> read_evidence_file(ByteView file) {
  USANCE_ASSIGN(auto read, read_sealed<Evidence>(kMagic, "an evidence bundle",
                                                 limits::kMaxEvidenceBytes, file));
  return EvidenceFile{std::move(read.content), read.intact};
}

Result<Evidence> read_evidence(ByteView file) {
  USANCE_ASSIGN(EvidenceFile read, read_evidence_file(file));
  if (!read.intact)
    return fail(ErrorCode::kMalformed, "the file was damaged: its checksum does not fit");
  return std::move(read.evidence);
}

Result<Bytes> interface_of_module(ByteView code) {
  constexpr std::array<std::uint8_t, 8> kPreamble{0, 'a', 's', 'm', 1, 0, 0, 0};
  const auto broken = [] { return fail(ErrorCode::kMalformed, "not a WebAssembly module"); };
  if (code.size() < kPreamble.size() ||
      !std::equal(kPreamble.begin(), kPreamble.end(), code.begin()))
    return broken();
  ByteView rest = code.subspan(kPreamble.size());
  while (!rest.empty()) {
    const std::uint8_t id = rest.front();
    rest = rest.subspan(1);
    std::uint32_t size = 0;
    if (!read_leb(rest, size) || size > rest.size()) return broken();
    ByteView section = rest.first(size);
    rest = rest.subspan(size);
    if (id != 0) continue;
    std::uint32_t name = 0;
    if (!read_leb(section, name) || name > section.size()) return broken();
    if (as_text(section.first(name)) != kInterfaceSection) continue;
    const ByteView content = section.subspan(name);
    return Bytes(content.begin(), content.end());
  }
  return fail(ErrorCode::kNotFound, "the module carries no interface");
}

}  // namespace usance
