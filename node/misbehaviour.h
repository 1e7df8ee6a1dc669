// Contradictions of validators that this node has found: a file each, in data/misbehaviour.
#pragma once

#include <filesystem>
#include <vector>

#include "consensus/io.h"

namespace usance::node {

// On the disk when it returns. kResourceExhausted (no room), kIo.
[[nodiscard]] Result<void> keep_contradiction(const std::filesystem::path& data_dir,
                                              const consensus::EvidenceFound& found);
// In the order of their files' names; files that do not decode are left out.
[[nodiscard]] std::vector<consensus::EvidenceFound> kept_contradictions(
    const std::filesystem::path& data_dir, std::size_t limit);

}  // namespace usance::node
