// usance lc import | export | presentation | worklist | compare: letters of credit from and to
// messages and documents, and their daily work.
#include "tools/usance/credit_commands.h"

namespace usance::cli {

void add_credit_commands(CLI::App& app, Context& context) {
  CLI::App* noun = add_noun(app, "lc", "Letters of credit: messages, documents, work, drafts");
  add_credit_import(*noun, context);
  add_credit_export(*noun, context);
  add_credit_presentation(*noun, context);
  add_credit_work(*noun, context);
}

}  // namespace usance::cli
