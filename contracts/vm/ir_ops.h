// The operations of the register code, as lists: the enumeration, the interpreters' labels and the
// operation bodies are all made from them. docs/spec/vm.md describes the encoding.
//
// Code is a sequence of 16-bit units: the operation, then its operands. A slot is one unit; imm32,
// branch offsets (relative to the operation, in units) and gas are two; imm64 is four.
#pragma once

// clang-format off

// Integer operations with two operands: NAME(RR: dst a b; RI: dst a imm32), type, expression.
// The order is the binary format's; division is separate because it traps.
#define USANCE_VM_I32_BINARY(X) \
  X(I32Add, u32, a + b) \
  X(I32Sub, u32, a - b) \
  X(I32Mul, u32, a * b) \
  X(I32And, u32, a & b) \
  X(I32Or, u32, a | b) \
  X(I32Xor, u32, a ^ b) \
  X(I32Shl, u32, a << (b & 31)) \
  X(I32ShrS, u32, u32(s32(a) >> (b & 31))) \
  X(I32ShrU, u32, a >> (b & 31)) \
  X(I32Rotl, u32, std::rotl(a, int(b & 31))) \
  X(I32Rotr, u32, std::rotr(a, int(b & 31)))
#define USANCE_VM_I64_BINARY(X) \
  X(I64Add, u64, a + b) \
  X(I64Sub, u64, a - b) \
  X(I64Mul, u64, a * b) \
  X(I64And, u64, a & b) \
  X(I64Or, u64, a | b) \
  X(I64Xor, u64, a ^ b) \
  X(I64Shl, u64, a << (b & 63)) \
  X(I64ShrS, u64, u64(s64(a) >> (b & 63))) \
  X(I64ShrU, u64, a >> (b & 63)) \
  X(I64Rotl, u64, std::rotl(a, int(b & 63))) \
  X(I64Rotr, u64, std::rotr(a, int(b & 63)))
// NAME, unsigned type, signed type. RI forms exist for divisors that are neither 0 nor -1.
#define USANCE_VM_DIVISION(X) \
  X(I32DivS, u32, s32, true, a / b) \
  X(I32DivU, u32, u32, false, a / b) \
  X(I32RemS, u32, s32, false, (b == s32(-1) ? s32(0) : a % b)) \
  X(I32RemU, u32, u32, false, a % b) \
  X(I64DivS, u64, s64, true, a / b) \
  X(I64DivU, u64, u64, false, a / b) \
  X(I64RemS, u64, s64, false, (b == s64(-1) ? s64(0) : a % b)) \
  X(I64RemU, u64, u64, false, a % b)

// Comparisons exist as values (RR, RI) and fused with a branch (BrNAME RR, RI: a b offset gas-taken
// gas-not-taken). Within each type the order is the binary format's; invert() and swap() rely on
// it.
#define USANCE_VM_I32_COMPARE(X) \
  X(I32Eq, u32, a == b) \
  X(I32Ne, u32, a != b) \
  X(I32LtS, u32, s32(a) < s32(b)) \
  X(I32LtU, u32, a < b) \
  X(I32GtS, u32, s32(a) > s32(b)) \
  X(I32GtU, u32, a > b) \
  X(I32LeS, u32, s32(a) <= s32(b)) \
  X(I32LeU, u32, a <= b) \
  X(I32GeS, u32, s32(a) >= s32(b)) \
  X(I32GeU, u32, a >= b)
#define USANCE_VM_I64_COMPARE(X) \
  X(I64Eq, u64, a == b) \
  X(I64Ne, u64, a != b) \
  X(I64LtS, u64, s64(a) < s64(b)) \
  X(I64LtU, u64, a < b) \
  X(I64GtS, u64, s64(a) > s64(b)) \
  X(I64GtU, u64, a > b) \
  X(I64LeS, u64, s64(a) <= s64(b)) \
  X(I64LeU, u64, a <= b) \
  X(I64GeS, u64, s64(a) >= s64(b)) \
  X(I64GeU, u64, a >= b)

// A shifted operand combined with another (dst a b distance16): NAME, type, expression of a, b, k.
#define USANCE_VM_SHIFTED(X) \
  X(I32ShlAdd, u32, a + (b << k)) \
  X(I32ShlOr, u32, a | (b << k)) \
  X(I32ShlXor, u32, a ^ (b << k)) \
  X(I32ShrUAdd, u32, a + (b >> k)) \
  X(I32ShrUOr, u32, a | (b >> k)) \
  X(I32ShrUXor, u32, a ^ (b >> k)) \
  X(I32RotlAdd, u32, a + std::rotl(b, k)) \
  X(I32RotlOr, u32, a | std::rotl(b, k)) \
  X(I32RotlXor, u32, a ^ std::rotl(b, k)) \
  X(I64ShlAdd, u64, a + (b << k)) \
  X(I64ShlOr, u64, a | (b << k)) \
  X(I64ShlXor, u64, a ^ (b << k)) \
  X(I64ShrUAdd, u64, a + (b >> k)) \
  X(I64ShrUOr, u64, a | (b >> k)) \
  X(I64ShrUXor, u64, a ^ (b >> k)) \
  X(I64RotlAdd, u64, a + std::rotl(b, k)) \
  X(I64RotlOr, u64, a | std::rotl(b, k)) \
  X(I64RotlXor, u64, a ^ std::rotl(b, k))
// Three operands (dst a b c): NAME, type, expression.
#define USANCE_VM_TERNARY(X) \
  X(I32Add3, u32, a + b + c) \
  X(I32MulAdd, u32, a * b + c) \
  X(I64Add3, u64, a + b + c) \
  X(I64MulAdd, u64, a * b + c)

// One operand (dst a): NAME, operand type, result type, expression.
#define USANCE_VM_INTEGER_UNARY(X) \
  X(I32Clz, u32, u32, u32(std::countl_zero(a))) \
  X(I32Ctz, u32, u32, u32(std::countr_zero(a))) \
  X(I32Popcnt, u32, u32, u32(std::popcount(a))) \
  X(I64Clz, u64, u64, u64(std::countl_zero(a))) \
  X(I64Ctz, u64, u64, u64(std::countr_zero(a))) \
  X(I64Popcnt, u64, u64, u64(std::popcount(a))) \
  X(I64ExtendI32S, u32, u64, u64(s64(s32(a)))) \
  X(I32Extend8S, u32, u32, u32(s32(std::int8_t(a)))) \
  X(I32Extend16S, u32, u32, u32(s32(std::int16_t(a)))) \
  X(I64Extend8S, u64, u64, u64(s64(std::int8_t(a)))) \
  X(I64Extend16S, u64, u64, u64(s64(std::int16_t(a)))) \
  X(I64Extend32S, u64, u64, u64(s64(s32(a))))

// Loads: base form (dst address offset32), indexed form X (dst address index offset32) and
// displaced form A (dst address imm32 offset32); the sums address + index and address + imm32 wrap
// in 32 bits: NAME, type in memory, type of the slot.
#define USANCE_VM_LOADS(X) \
  X(Load8U, std::uint8_t, u64) \
  X(Load16U, std::uint16_t, u64) \
  X(Load32U, u32, u64) \
  X(Load64, u64, u64) \
  X(I32Load8S, std::int8_t, u32) \
  X(I32Load16S, std::int16_t, u32) \
  X(I64Load8S, std::int8_t, u64) \
  X(I64Load16S, std::int16_t, u64) \
  X(I64Load32S, s32, u64)
// Stores: base form (address value offset32), indexed form X (address index value offset32),
// displaced form A (address value imm32 offset32), constant form I (address offset32 imm32) and
// displaced constant form AI (address imm32 offset32 value32): NAME, type in memory.
#define USANCE_VM_STORES(X) \
  X(Store8, std::uint8_t) \
  X(Store16, std::uint16_t) \
  X(Store32, u32) \
  X(Store64, u64)

// Floating point, profile full only; results that are NaN become the canonical one.
#define USANCE_VM_FLOAT_BINARY(X) \
  X(F32Add, float, a + b) \
  X(F32Sub, float, a - b) \
  X(F32Mul, float, a * b) \
  X(F32Div, float, a / b) \
  X(F32Min, float, wasm_min(a, b)) \
  X(F32Max, float, wasm_max(a, b)) \
  X(F64Add, double, a + b) \
  X(F64Sub, double, a - b) \
  X(F64Mul, double, a * b) \
  X(F64Div, double, a / b) \
  X(F64Min, double, wasm_min(a, b)) \
  X(F64Max, double, wasm_max(a, b))
#define USANCE_VM_FLOAT_COMPARE(X) \
  X(F32Eq, float, a == b) \
  X(F32Ne, float, a != b) \
  X(F32Lt, float, a < b) \
  X(F32Gt, float, a > b) \
  X(F32Le, float, a <= b) \
  X(F32Ge, float, a >= b) \
  X(F64Eq, double, a == b) \
  X(F64Ne, double, a != b) \
  X(F64Lt, double, a < b) \
  X(F64Gt, double, a > b) \
  X(F64Le, double, a <= b) \
  X(F64Ge, double, a >= b)
#define USANCE_VM_FLOAT_UNARY(X) \
  X(F32Ceil, float, float, std::ceil(a)) \
  X(F32Floor, float, float, std::floor(a)) \
  X(F32Trunc, float, float, std::trunc(a)) \
  X(F32Nearest, float, float, std::nearbyint(a)) \
  X(F32Sqrt, float, float, std::sqrt(a)) \
  X(F64Ceil, double, double, std::ceil(a)) \
  X(F64Floor, double, double, std::floor(a)) \
  X(F64Trunc, double, double, std::trunc(a)) \
  X(F64Nearest, double, double, std::nearbyint(a)) \
  X(F64Sqrt, double, double, std::sqrt(a)) \
  X(F32ConvertI32S, u32, float, float(s32(a))) \
  X(F32ConvertI32U, u32, float, float(a)) \
  X(F32ConvertI64S, u64, float, float(s64(a))) \
  X(F32ConvertI64U, u64, float, float(a)) \
  X(F32DemoteF64, double, float, float(a)) \
  X(F64ConvertI32S, u32, double, double(s32(a))) \
  X(F64ConvertI32U, u32, double, double(a)) \
  X(F64ConvertI64S, u64, double, double(s64(a))) \
  X(F64ConvertI64U, u64, double, double(a)) \
  X(F64PromoteF32, float, double, double(a))
// Sign operations move bits and never canonicalise: NAME, unsigned type of the bits, expression.
#define USANCE_VM_FLOAT_SIGN_UNARY(X) \
  X(F32Abs, u32, a & 0x7fffffffu) \
  X(F32Neg, u32, a ^ 0x80000000u) \
  X(F64Abs, u64, a & 0x7fffffffffffffffu) \
  X(F64Neg, u64, a ^ 0x8000000000000000u)
#define USANCE_VM_FLOAT_SIGN_BINARY(X) \
  X(F32Copysign, u32, (a & 0x7fffffffu) | (b & 0x80000000u)) \
  X(F64Copysign, u64, (a & 0x7fffffffffffffffu) | (b & 0x8000000000000000u))
// Truncations (trapping, and Sat: saturating): NAME, float type, integer type, below which and from
// which on a value is out of range.
#define USANCE_VM_TRUNCATE(X) \
  X(I32TruncF32S, float, s32, u32, a < -2147483648.0f, a >= 2147483648.0f) \
  X(I32TruncF32U, float, u32, u32, a <= -1.0f, a >= 4294967296.0f) \
  X(I32TruncF64S, double, s32, u32, a <= -2147483649.0, a >= 2147483648.0) \
  X(I32TruncF64U, double, u32, u32, a <= -1.0, a >= 4294967296.0) \
  X(I64TruncF32S, float, s64, u64, a < -9223372036854775808.0f, a >= 9223372036854775808.0f) \
  X(I64TruncF32U, float, u64, u64, a <= -1.0f, a >= 18446744073709551616.0f) \
  X(I64TruncF64S, double, s64, u64, a < -9223372036854775808.0, a >= 9223372036854775808.0) \
  X(I64TruncF64U, double, u64, u64, a <= -1.0, a >= 18446744073709551616.0)

// Everything else; the operands are described where the bodies are (interpreter_ops.inc).
#define USANCE_VM_OTHER(X) \
  X(Halt) \
  X(Return0) \
  X(Return1) \
  X(ReturnI) \
  X(SwitchBack) \
  X(Unreachable) \
  X(Mov) \
  X(Mov2) \
  X(Mov3) \
  X(Mov4) \
  X(Mov32) \
  X(I32AddRRI) \
  X(I64AddRRI) \
  X(I32AddAndRI) \
  X(I32Add2RI) \
  X(ConstU32) \
  X(ConstI32) \
  X(Const64) \
  X(Br) \
  X(BrI32AndNz) \
  X(BrI32AndZ) \
  X(BrI64AndNz) \
  X(BrI64AndZ) \
  X(BrTable) \
  X(Call) \
  X(CallImport) \
  X(CallIndirect) \
  X(Select) \
  X(GlobalGet) \
  X(GlobalSet) \
  X(GlobalAdd) \
  X(GlobalSetSum) \
  X(ImportedGlobalGet) \
  X(ImportedGlobalSet) \
  X(MemorySize) \
  X(MemoryGrow) \
  X(MemoryCopy) \
  X(MemoryFill) \
  X(MemoryInit) \
  X(DataDrop) \
  X(RefFunc) \
  X(TableGet) \
  X(TableSet) \
  X(TableSize) \
  X(TableGrow) \
  X(TableFill) \
  X(TableCopy) \
  X(TableInit) \
  X(ElemDrop)

// All operations in the order of their numbers; the arguments make an entry from an operation of a
// list, by form.
#define USANCE_VM_IN_ORDER(RR, RI, BRRR, BRRI, SELRR, SELRI, ADDBRRR, ADDBRRI, ONE, X, A, I, AI, SAT) \
  USANCE_VM_I32_BINARY(RR) USANCE_VM_I32_BINARY(RI) \
  USANCE_VM_I64_BINARY(RR) USANCE_VM_I64_BINARY(RI) \
  USANCE_VM_DIVISION(RR) USANCE_VM_DIVISION(RI) \
  USANCE_VM_I32_COMPARE(RR) USANCE_VM_I32_COMPARE(RI) \
  USANCE_VM_I32_COMPARE(BRRR) USANCE_VM_I32_COMPARE(BRRI) \
  USANCE_VM_I32_COMPARE(SELRR) USANCE_VM_I32_COMPARE(SELRI) \
  USANCE_VM_I32_COMPARE(ADDBRRR) USANCE_VM_I32_COMPARE(ADDBRRI) \
  USANCE_VM_I64_COMPARE(RR) USANCE_VM_I64_COMPARE(RI) \
  USANCE_VM_I64_COMPARE(BRRR) USANCE_VM_I64_COMPARE(BRRI) \
  USANCE_VM_I64_COMPARE(SELRR) USANCE_VM_I64_COMPARE(SELRI) \
  USANCE_VM_SHIFTED(ONE) USANCE_VM_TERNARY(ONE) USANCE_VM_INTEGER_UNARY(ONE) \
  USANCE_VM_LOADS(ONE) USANCE_VM_LOADS(X) USANCE_VM_LOADS(A) \
  USANCE_VM_STORES(ONE) USANCE_VM_STORES(X) USANCE_VM_STORES(A) \
  USANCE_VM_STORES(I) USANCE_VM_STORES(AI) \
  USANCE_VM_FLOAT_BINARY(ONE) USANCE_VM_FLOAT_COMPARE(ONE) \
  USANCE_VM_FLOAT_UNARY(ONE) USANCE_VM_FLOAT_SIGN_UNARY(ONE) \
  USANCE_VM_FLOAT_SIGN_BINARY(ONE) \
  USANCE_VM_TRUNCATE(ONE) USANCE_VM_TRUNCATE(SAT) \
  USANCE_VM_OTHER(ONE)
// clang-format on
