// Computed goto: every operation jumps straight to the next, each from its own place, which is what
// branch predictors are good at. The result is the same as interpreter_switch.cpp's.
#include "contracts/vm/interpreter_includes.h"

#pragma GCC diagnostic ignored "-Wpedantic"

#define USANCE_LABEL_RR(name, ...) &&op_##name##RR,
#define USANCE_LABEL_RI(name, ...) &&op_##name##RI,
#define USANCE_LABEL_BRRR(name, ...) &&op_Br##name##RR,
#define USANCE_LABEL_BRRI(name, ...) &&op_Br##name##RI,
#define USANCE_LABEL(name, ...) &&op_##name,
#define USANCE_LABEL_X(name, ...) &&op_##name##X,
#define USANCE_LABEL_I(name, ...) &&op_##name##I,
#define USANCE_LABEL_SAT(name, ...) &&op_##name##Sat,

// In the order of enum Ir.
#define USANCE_LABELS                                                                              \
  static const void* const labels[] = {                                                            \
      USANCE_VM_I32_BINARY(USANCE_LABEL_RR) USANCE_VM_I32_BINARY(USANCE_LABEL_RI)                  \
          USANCE_VM_I64_BINARY(USANCE_LABEL_RR) USANCE_VM_I64_BINARY(USANCE_LABEL_RI)              \
              USANCE_VM_DIVISION(USANCE_LABEL_RR) USANCE_VM_DIVISION(USANCE_LABEL_RI)              \
                  USANCE_VM_I32_COMPARE(USANCE_LABEL_RR) USANCE_VM_I32_COMPARE(USANCE_LABEL_RI)    \
                      USANCE_VM_I32_COMPARE(USANCE_LABEL_BRRR) USANCE_VM_I32_COMPARE(              \
                          USANCE_LABEL_BRRI) USANCE_VM_I64_COMPARE(USANCE_LABEL_RR)                \
                          USANCE_VM_I64_COMPARE(USANCE_LABEL_RI) USANCE_VM_I64_COMPARE(            \
                              USANCE_LABEL_BRRR) USANCE_VM_I64_COMPARE(USANCE_LABEL_BRRI)          \
                              USANCE_VM_INTEGER_UNARY(USANCE_LABEL) USANCE_VM_LOADS(USANCE_LABEL)  \
                                  USANCE_VM_LOADS(USANCE_LABEL_X) USANCE_VM_STORES(USANCE_LABEL)   \
                                      USANCE_VM_STORES(USANCE_LABEL_X) USANCE_VM_STORES(           \
                                          USANCE_LABEL_I) USANCE_VM_FLOAT_BINARY(USANCE_LABEL)     \
                                          USANCE_VM_FLOAT_COMPARE(USANCE_LABEL)                    \
                                              USANCE_VM_FLOAT_UNARY(USANCE_LABEL)                  \
                                                  USANCE_VM_FLOAT_SIGN_UNARY(USANCE_LABEL)         \
                                                      USANCE_VM_FLOAT_SIGN_BINARY(USANCE_LABEL)    \
                                                          USANCE_VM_TRUNCATE(USANCE_LABEL)         \
                                                              USANCE_VM_TRUNCATE(USANCE_LABEL_SAT) \
                                                                  USANCE_VM_OTHER(USANCE_LABEL)};  \
  static_assert(std::size(labels) == static_cast<std::size_t>(Ir::kCount));

#define USANCE_INTERPRETER interpret_goto
#define USANCE_OP(name) op_##name:
#define USANCE_DISPATCH() goto* labels[*pc]

#include "contracts/vm/interpreter_frame.inc"
