// The interpreters: one with computed gotos, one with a switch, and for tools the switch again that
// tells what it does. All are made from the same operation bodies.
#pragma once

#include "contracts/vm/instance_state.h"

namespace usance::vm {

class CallProfile;

// One activity on one instance's stack.
struct Execution {
  InstanceState* root = nullptr;      // whose stack is used
  InstanceState* instance = nullptr;  // whose code runs first
  HostInterface* host = nullptr;
  std::int64_t gas = 0;            // left; negative after running out
  CallFrame* frame = nullptr;      // first free
  bool ended = false;              // by the host
  CallProfile* profile = nullptr;  // of interpret_observed
};

// Runs from pc with the frame fp until the operation Halt. The arguments are in place and the
// locals zeroed. Results are at fp.
TrapCode interpret_goto(Execution& execution, const CodeUnit* pc, Slot* fp);
TrapCode interpret_switch(Execution& execution, const CodeUnit* pc, Slot* fp);
TrapCode interpret_observed(Execution& execution, const CodeUnit* pc, Slot* fp);

}  // namespace usance::vm
