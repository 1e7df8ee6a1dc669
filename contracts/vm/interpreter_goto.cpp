// Computed goto: every operation jumps straight to the next, each from its own place, which is what
// branch predictors are good at. The result is the same as interpreter_switch.cpp's.
#include "contracts/vm/interpreter_includes.h"

#pragma GCC diagnostic ignored "-Wpedantic"

// clang-format off
#define USANCE_LABEL_RR(name, ...) &&op_##name##RR,
#define USANCE_LABEL_RI(name, ...) &&op_##name##RI,
#define USANCE_LABEL_BRRR(name, ...) &&op_Br##name##RR,
#define USANCE_LABEL_BRRI(name, ...) &&op_Br##name##RI,
#define USANCE_LABEL_SELRR(name, ...) &&op_Select##name##RR,
#define USANCE_LABEL_SELRI(name, ...) &&op_Select##name##RI,
#define USANCE_LABEL_ADDBRRR(name, ...) &&op_AddBr##name##RR,
#define USANCE_LABEL_ADDBRRI(name, ...) &&op_AddBr##name##RI,
#define USANCE_LABEL(name, ...) &&op_##name,
#define USANCE_LABEL_X(name, ...) &&op_##name##X,
#define USANCE_LABEL_A(name, ...) &&op_##name##A,
#define USANCE_LABEL_I(name, ...) &&op_##name##I,
#define USANCE_LABEL_AI(name, ...) &&op_##name##AI,
#define USANCE_LABEL_SAT(name, ...) &&op_##name##Sat,

#define USANCE_LABELS \
  static const void* const labels[] = {USANCE_VM_IN_ORDER( \
      USANCE_LABEL_RR, USANCE_LABEL_RI, USANCE_LABEL_BRRR, USANCE_LABEL_BRRI, USANCE_LABEL_SELRR, \
      USANCE_LABEL_SELRI, USANCE_LABEL_ADDBRRR, USANCE_LABEL_ADDBRRI, USANCE_LABEL, \
      USANCE_LABEL_X, USANCE_LABEL_A, USANCE_LABEL_I, USANCE_LABEL_AI, USANCE_LABEL_SAT)}; \
  static_assert(std::size(labels) == static_cast<std::size_t>(Ir::kCount)); \
  /* Hides the constant from the compiler, which would load its address before every jump. */ \
  const void* const* dispatch_table = labels; \
  asm("" : "+r"(dispatch_table));
// clang-format on

#define USANCE_INTERPRETER interpret_goto
#define USANCE_OP(name) op_##name:
#define USANCE_DISPATCH() goto* dispatch_table[*pc]

#include "contracts/vm/interpreter_frame.inc"
