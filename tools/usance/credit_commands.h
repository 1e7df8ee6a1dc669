// The verbs of `usance lc` that have files of their own.
#pragma once

#include "tools/usance/context.h"

namespace usance::cli {

void add_credit_import(CLI::App& noun, Context& context);
void add_credit_export(CLI::App& noun, Context& context);
void add_credit_presentation(CLI::App& noun, Context& context);
void add_credit_work(CLI::App& noun, Context& context);  // worklist, compare

}  // namespace usance::cli
