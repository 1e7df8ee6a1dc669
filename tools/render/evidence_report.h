// What verified evidence says: who did what, and when, decoded by the contracts' interfaces that
// the bundle carries.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "base/evidence_verify.h"

namespace usance::render {

// For a person. Begins with what is proven and as of which height and time.
[[nodiscard]] std::string evidence_text(const VerifiedEvidence& verified, const Genesis& genesis);
[[nodiscard]] nlohmann::ordered_json evidence_json(const VerifiedEvidence& verified,
                                                   const Genesis& genesis);

}  // namespace usance::render
