// What the contract encoding allows, checked before anything is generated.
#pragma once

#include <optional>
#include <string>

#include <google/protobuf/descriptor.h>

namespace usance::generator {

// The first thing in the file that a contract's interface may not contain, for people: it names
// the place and what to write instead. Nothing when the file is in order.
[[nodiscard]] std::optional<std::string> refusal(const google::protobuf::FileDescriptor& file);

}  // namespace usance::generator
