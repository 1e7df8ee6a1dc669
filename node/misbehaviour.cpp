#include "node/misbehaviour.h"

#include <algorithm>

#include "base/file.h"
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

std::vector<KeptContradiction> kept_contradictions(const std::filesystem::path& data_dir,
                                                   std::size_t limit,
                                                   const std::set<std::string>& without) {
  const auto folder = folder_of(data_dir);
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error))
    if (std::string name = entry.path().filename().string();
        entry.path().extension() == kExtension && !without.contains(name))
      names.push_back(std::move(name));
  std::sort(names.begin(), names.end());
  std::vector<KeptContradiction> kept;
  for (std::string& name : names) {
    if (kept.size() == limit) break;
    const auto text = read_file(folder / name);
    consensus::EvidenceFound found;
    if (!text || !fixed_from_hex(name.substr(0, name.find('-')), found.validator)) continue;
    auto evidence = decode<consensus::Evidence>(as_bytes(*text));
    if (!evidence) continue;
    found.evidence = *std::move(evidence);
    kept.push_back({std::move(name), std::move(found)});
  }
  return kept;
}

governance::v1::Contradiction contradiction_of(const consensus::EvidenceFound& found) {
  using Kind = governance::v1::StatementKind;
  governance::v1::Contradiction out;
  using governance::bytes_of;
  const auto fill = [&](Kind kind, const auto& a, const Hash32& first, const auto& b,
                        const Hash32& second) {
    out.kind = kind;
    out.epoch = a.content.epoch.value;
    out.view = a.content.view.value;
    out.height = a.content.height.value;
    out.first_hash = bytes_of(first);
    out.first_signature = bytes_of(a.signature);
    out.second_hash = bytes_of(second);
    out.second_signature = bytes_of(b.signature);
  };
  out.consensus_key = bytes_of(found.validator);
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
  return read_entry<governance::v1::Misbehaviour>(
             state, governance::kContract, governance::kMisbehaviour, governance::case_key(one))
      .has_value();
}

}  // namespace usance::node
