// Documents that tests read: their texts changed, and public ones that are not part of the project,
// without which their tests are skipped.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

#include <gtest/gtest.h>

namespace usance::documents {

inline constexpr const char* kNoSamples =
    "no sample documents: USANCE_SAMPLES_DIR names no folder that holds them";

[[nodiscard]] inline std::filesystem::path samples_folder() {
  const char* folder = std::getenv("USANCE_SAMPLES_DIR");
  return folder == nullptr ? "" : folder;
}

[[nodiscard]] inline std::string changed(std::string text, const std::string& from,
                                         const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

}  // namespace usance::documents
