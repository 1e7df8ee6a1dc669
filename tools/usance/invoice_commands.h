// The verbs of `usance invoice` that have files of their own.
#pragma once

#include "tools/usance/context.h"

namespace usance::cli {

void add_invoice_commitment(CLI::App& noun, Context& context);
void add_invoice_match(CLI::App& noun, Context& context);

}  // namespace usance::cli
