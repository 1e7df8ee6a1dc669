// The code words of the credit messages, as the enumerators of terms.proto that they stand for.
// Shared by the imports of issues and of amendments. A word that the terms cannot say is an error
// of its field (kUnsupported).
#pragma once

#include <cstdint>

#include "tools/documents/swift/mt_fields.h"

namespace usance::documents {

[[nodiscard]] Result<std::string> form_of(const MtField& field, const std::string& word);  // (40A)
[[nodiscard]] Result<std::string> rules_of(const MtField& field);                          // (40E)
[[nodiscard]] Result<std::string> availability_of(const MtField& field);                   // (41a)
[[nodiscard]] Result<std::string> allowed_of(const MtField& field);       // (43P), (43T)
[[nodiscard]] Result<std::string> confirmation_of(const MtField& field);  // (49)

struct MtTolerance {
  std::int32_t plus_bp = 0;
  std::int32_t minus_bp = 0;
};
[[nodiscard]] Result<MtTolerance> tolerance_of(const MtField& field);  // (39A)

}  // namespace usance::documents
