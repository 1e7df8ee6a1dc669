// Contradictions of validators that this node has found: a file each, in data/misbehaviour.
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "base/state.h"
#include "consensus/io.h"
#include "system/governance.usance.h"

namespace usance::node {

// On the disk when it returns. kResourceExhausted (no room), kIo.
[[nodiscard]] Result<void> keep_contradiction(const std::filesystem::path& data_dir,
                                              const consensus::EvidenceFound& found);
struct KeptContradiction {
  std::string file;  // its name
  consensus::EvidenceFound found;
};
inline constexpr std::size_t kMostCases = 256;  // read in one look
// The first `limit` in the order of their files' names. Those of the names in `without` are not
// read; files that do not decode are left out.
[[nodiscard]] std::vector<KeptContradiction> kept_contradictions(
    const std::filesystem::path& data_dir, std::size_t limit,
    const std::set<std::string>& without = {});
// As governance's ReportMisbehaviour takes it.
[[nodiscard]] governance::v1::Contradiction contradiction_of(const consensus::EvidenceFound& found);
// Whether the ledger has a case for the question that the contradiction answers twice.
[[nodiscard]] bool is_recorded(const StateView& state, const governance::v1::Contradiction& one);

}  // namespace usance::node
