#include "node/misbehaviour.h"

#include <algorithm>
#include <tuple>

#include "base/hash.h"
#include "contracts/system/governance_records.h"
#include "contracts/system/governance_view.h"
#include "contracts/system/record_view.h"
#include "node/files.h"

namespace usance::node {

namespace {

constexpr std::string_view kExtension = ".evidence";

std::filesystem::path folder_of(const std::filesystem::path& data_dir) {
  return data_dir / "misbehaviour";
}

}  // namespace

// The validator's key stands in the name, because evidence names it by its index in a set.
Result<void> keep_contradiction(const std::filesystem::path& data_dir,
                                const consensus::EvidenceFound& found) {
  const Bytes bytes = encode(found.evidence);
  const auto folder = folder_of(data_dir);
  std::error_code ignored;  // a folder that is missing is told by the file
  if (std::filesystem::create_directories(folder, ignored)) USANCE_TRY(sync_directory(data_dir));
  const std::string name = to_hex(found.validator) + "-" +
                           to_hex(sha256(ByteView(bytes))).substr(0, 16) + std::string(kExtension);
  return replace_text(folder / name, as_text(ByteView(bytes)));
}

std::vector<consensus::EvidenceFound> kept_contradictions(const std::filesystem::path& data_dir,
                                                          std::size_t limit) {
  std::vector<std::filesystem::path> files;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder_of(data_dir), error))
    if (entry.path().extension() == kExtension) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  std::vector<consensus::EvidenceFound> found;
  for (const auto& file : files) {
    if (found.size() == limit) break;
    const std::string name = file.filename().string();
    const auto text = read_text(file);
    Bytes key;
    consensus::EvidenceFound one;
    if (!text || !from_hex(name.substr(0, name.find('-')), key) ||
        !fixed_from(ByteView(key), one.validator))
      continue;
    auto evidence = decode<consensus::Evidence>(as_bytes(*text));
    if (!evidence) continue;
    one.evidence = *std::move(evidence);
    found.push_back(std::move(one));
  }
  return found;
}

governance::v1::Contradiction contradiction_of(const consensus::EvidenceFound& found) {
  using Kind = governance::v1::StatementKind;
  governance::v1::Contradiction out;
  const auto bytes = [](const auto& fixed) {
    return Bytes(fixed.bytes.begin(), fixed.bytes.end());
  };
  const auto fill = [&](Kind kind, const auto& a, const Hash32& first, const auto& b,
                        const Hash32& second) {
    out.kind = kind;
    out.epoch = a.content.epoch.value;
    out.view = a.content.view.value;
    out.height = a.content.height.value;
    out.first_hash = bytes(first);
    out.first_signature = bytes(a.signature);
    out.second_hash = bytes(second);
    out.second_signature = bytes(b.signature);
  };
  out.consensus_key = bytes(found.validator);
  const consensus::Evidence& evidence = found.evidence;
  if (evidence.votes.size() == 2) {
    const consensus::Vote& a = evidence.votes[0];
    const consensus::Vote& b = evidence.votes[1];
    fill(static_cast<Kind>(1 + static_cast<std::uint32_t>(a.content.kind)), a, a.content.hash, b,
         b.content.hash);
  } else if (evidence.proposals.size() == 2) {
    const consensus::SignedProposal& a = evidence.proposals[0];
    const consensus::SignedProposal& b = evidence.proposals[1];
    fill(Kind::kProposal, a, a.content.block, b, b.content.block);
  }
  return out;
}

bool is_recorded(const StateView& state, const governance::v1::Contradiction& one) {
  const auto cases = read_entries<governance::v1::Misbehaviour>(state, governance::kContract,
                                                                governance::kMisbehaviour);
  return std::ranges::any_of(cases, [&](const governance::v1::Misbehaviour& known) {
    const governance::v1::Contradiction& proof = known.proof;
    return std::tie(proof.consensus_key, proof.kind, proof.epoch, proof.view, proof.height) ==
           std::tie(one.consensus_key, one.kind, one.epoch, one.view, one.height);
  });
}

}  // namespace usance::node
