// The portable interpreter: one switch. The result is the same as interpreter_goto.cpp's, which the
// tests compare it with.
#include "contracts/vm/interpreter_includes.h"

#define USANCE_SWITCH
#define USANCE_INTERPRETER interpret_switch
#define USANCE_OP(name) case Ir::k##name:
#define USANCE_DISPATCH() goto dispatch

#include "contracts/vm/interpreter_frame.inc"
