// The switch, telling a CallProfile about every operation before it runs. For tools: the outcome is
// that of the other two, which a test compares.
#include "contracts/vm/call_profile.h"
#include "contracts/vm/interpreter_includes.h"

#define USANCE_SWITCH
#define USANCE_INTERPRETER interpret_observed
#define USANCE_OP(name) case Ir::k##name:
#define USANCE_DISPATCH() goto dispatch
#define USANCE_OBSERVE()                                                                \
  execution.profile->step(static_cast<std::uint32_t>(pc - instance->data->code.data()), \
                          static_cast<std::size_t>(frame - execution.frame), gas)
#define USANCE_OBSERVE_HOST(spent) execution.profile->host_used(spent)

#include "contracts/vm/interpreter_frame.inc"
