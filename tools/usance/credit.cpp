// usance lc import | export: letters of credit as SWIFT and ISO 20022 messages.
#include "tools/usance/credit_commands.h"

namespace usance::cli {

void add_credit_commands(CLI::App& app, Context& context) {
  CLI::App* noun = add_noun(app, "lc", "Letters of credit from and to SWIFT messages");
  add_credit_import(*noun, context);
  add_credit_export(*noun, context);
}

}  // namespace usance::cli
