// Which fields the documentary credit messages have, in which order and form (SWIFT Standards MT,
// category 7, as since the release of 2018).
#pragma once

#include "tools/documents/swift/mt_message.h"

namespace usance::documents {

// Types with rules: 700, 707, 710, 720, 734, 750, 752, 754.
[[nodiscard]] bool has_mt_rules(std::string_view type);

// Mandatory fields, order, repetition, number and length of lines, character set, and the network's
// rules on fields together (42C with 42a; one of drafts, 42M, 42P; 44C or 44D; 52a or 50B). Strict
// reading refuses (kMalformed, with line and tag); lenient reading puts all of it into `remarks`
// but what makes the message another message: a repeated field.
[[nodiscard]] Result<void> check_mt(const MtMessage& message, MtReading reading,
                                    std::vector<std::string>& remarks);

// The same among other findings; its own error is a message without rules.
[[nodiscard]] Result<void> check_mt(const MtMessage& message, MtFindings& findings);

// What kind of message a bare block 4 is, by the fields that only one kind has; empty if unclear.
[[nodiscard]] std::string guess_mt_type(const MtMessage& message);

}  // namespace usance::documents
