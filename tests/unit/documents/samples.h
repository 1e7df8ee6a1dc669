// Public documents that are not part of the project: tests of them are skipped without.
#pragma once

#include <cstdlib>
#include <filesystem>

namespace usance::documents {

inline constexpr const char* kNoSamples =
    "no sample documents: USANCE_SAMPLES_DIR names no folder that holds them";

[[nodiscard]] inline std::filesystem::path samples_folder() {
  const char* folder = std::getenv("USANCE_SAMPLES_DIR");
  return folder == nullptr ? "" : folder;
}

}  // namespace usance::documents
