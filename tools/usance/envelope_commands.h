// usance envelope: papers for named organisations, beside the ledger.
#pragma once

#include "tools/usance/context.h"

namespace usance::cli {

void add_envelope_commands(CLI::App& app, Context& context);

// envelope list | verify | erase: what nodes keep.
void add_kept_envelopes(CLI::App& noun, Context& context);

// 64 hexadecimal digits; kUsage otherwise.
[[nodiscard]] Outcome<Hash32> envelope_id_of(const std::string& text);

}  // namespace usance::cli
