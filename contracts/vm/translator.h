// Validates function bodies (the specification's algorithm) and translates them to register code,
// both in the same single pass over the bytes. Control nesting lives in a vector, so that no input
// can exhaust the native stack, and every step is amortised constant time.
//
// A value on the operand stack at depth d has a home: slot locals + d. Reading a local or a
// constant emits nothing; the entry remembers what it stands for, and is written to its home only
// where paths join or a local is about to change under it.
#pragma once

#include <string>
#include <vector>

#include "contracts/vm/module_data.h"
#include "contracts/vm/reader.h"

namespace usance::vm {

class Translator {
 public:
  // `referable` says which functions ref.func may name; `data_count` is the data count section's
  // number, or -1 without that section.
  Translator(ModuleData& module, const std::vector<bool>& referable, std::int64_t data_count);

  // Translates the next function body in order. Returns false after a failure, see message().
  [[nodiscard]] bool translate(ByteView body, std::size_t offset);
  // After the last body: direct calls learn their targets, and the code its final size.
  void link_calls();
  [[nodiscard]] std::string message() const;

 private:
  enum class Kind : std::uint8_t { kHome, kLocal, kConstant };
  struct Entry {
    Slot constant = 0;        // of a constant
    std::uint16_t local = 0;  // of a local
    std::int16_t below = -1;  // next entry further down that stands for the same local
    ValueType type = ValueType::kUnknown;
    Kind kind = Kind::kHome;
    bool wide = false;  // a 32-bit value whose slot has other bits above: needs Mov32
  };
  static_assert(sizeof(Entry) == 16, "a power of two: stacks of them are indexed all the time");
  static_assert(kFullLimits.locals <= INT16_MAX && kFullLimits.operands <= INT16_MAX);
  // A popped entry and the depth it had.
  struct Operand {
    Entry entry;
    std::uint32_t depth = 0;
  };
  using Types = std::span<const ValueType>;
  enum class Block : std::uint8_t { kFunction, kBlock, kLoop, kIf, kElse };
  static constexpr std::uint32_t kNone = 0xffffffff;
  struct Control {
    Block kind = Block::kBlock;
    bool polymorphic = false;  // the validator's "unreachable"
    bool entry_reachable = false;
    Types params;
    Types results;
    std::uint32_t height = 0;
    std::uint32_t target = 0;     // of a loop: where its head is
    std::uint32_t leader = 0;     // of a loop
    std::uint32_t sites = kNone;  // branches to the label, to be patched at its end
    std::uint32_t else_site = kNone;
    std::uint32_t table_mark = 0;  // br_table number for which table_stub was emitted
    std::uint32_t table_stub = 0;
  };
  // Where an operation's fields must be filled in once a label is known.
  struct Site {
    std::uint32_t instruction = 0;
    std::uint32_t offset_at = 0;
    std::uint32_t gas_at = kNone;
    std::uint32_t next = kNone;
  };
  // The head of a straight run of instructions; its cost is known where the run ends.
  struct Leader {
    std::uint64_t start = 0;
    std::uint32_t cost = 0;
  };
  struct GasSite {
    std::uint32_t at = 0;
    std::uint32_t leader = 0;
  };
  struct CallSite {
    std::uint32_t instruction = 0;
    std::uint32_t body = 0;
  };
  struct Emitted {
    std::uint32_t at = kNone;
    std::int32_t destination = -1;
  };
  // The fields of a conditional branch just emitted.
  struct Conditional {
    std::uint32_t instruction = 0;
    std::uint32_t offset_at = 0;
    std::uint32_t taken_at = 0;
    std::uint32_t fall_at = 0;
  };

  // A comparison taken out of the code: slots a and b, or slot a and immediate b.
  struct Comparison {
    bool wide = false;
    bool immediate = false;
    unsigned which = 0;
    std::uint16_t a = 0;
    std::uint32_t b = 0;
  };

  // translator.cpp
  bool fail(std::string text);
  bool read_locals(const FunctionType& type);
  void instruction();
  void prefixed_instruction();
  void refuse_float(std::uint8_t opcode);
  [[nodiscard]] bool known_local(std::uint32_t local) {
    return (reader_.ok() && local < locals_.size()) || unknown_local(local);
  }
  [[gnu::cold]] bool unknown_local(std::uint32_t local);

  // translator_stack.cpp: the operand stack
  void push(ValueType type) { push(Entry{.type = type}); }
  void push(const Entry& entry) {
    if (stack_.size() >= limits_.operands) [[unlikely]]
      return too_many_operands();
    stack_.push_back(entry);
    if (stack_.size() > deepest_) deepest_ = stack_.size();
  }
  void push(Types types);
  void push_constant(ValueType type, Slot value);
  // These run for every instruction; what they do on failure is kept out of them.
  Operand pop_any() {
    if (stack_.size() <= controls_.back().height) [[unlikely]]
      return pop_below();
    const Operand popped{stack_.back(), static_cast<std::uint32_t>(stack_.size() - 1)};
    stack_.pop_back();
    if (popped.entry.kind == Kind::kLocal) local_top_[popped.entry.local] = popped.entry.below;
    if (stack_.size() < settled_) settled_ = stack_.size();
    return popped;
  }
  Operand pop(ValueType expected) {
    const Operand popped = pop_any();
    if (popped.entry.type != expected) [[unlikely]]
      mismatch(expected, popped.entry.type);
    return popped;
  }
  [[gnu::cold]] Operand pop_below();
  [[gnu::cold]] void mismatch(ValueType expected, ValueType found);
  [[gnu::cold]] void too_many_operands();
  void pop(Types types);
  void truncate(std::uint32_t height);
  void expect_top(Types types);
  [[nodiscard]] std::uint16_t home(std::uint32_t depth) const {
    return static_cast<std::uint16_t>(locals_.size() + depth);
  }
  [[nodiscard]] std::uint16_t next_home() const {
    return home(static_cast<std::uint32_t>(stack_.size()));
  }
  // The slot that holds the operand; a constant is written to its home first.
  std::uint16_t slot(const Operand& operand) {
    if (operand.entry.kind == Kind::kLocal) return operand.entry.local;
    if (operand.entry.kind == Kind::kConstant) {
      constant_to(home(operand.depth), operand.entry.type, operand.entry.constant);
    }
    return home(operand.depth);
  }
  std::uint16_t clean_slot(const Operand& operand);
  void settle(std::uint32_t depth);
  void settle_top(std::size_t n);
  void settle_locals();
  void local_get(std::uint32_t local);
  void local_set(std::uint32_t local, bool tee);

  // translator_stack.cpp: emission
  void begin(Ir op, std::int32_t destination = -1) {
    pair_last();
    previous_ = last_;
    if (module_.code.size() - used_ < kLongestOperation) [[unlikely]]
      make_room();
    last_ = Emitted{here(), destination};
    unit(static_cast<CodeUnit>(op));
    if (destination >= 0) unit(static_cast<CodeUnit>(destination));
  }
  void make_room();
  // An operation other than br_table has at most this many units; begin() makes room for them.
  static constexpr std::size_t kLongestOperation = 16;
  void unit(std::uint16_t value) { module_.code[used_++] = value; }
  void imm32(std::uint32_t value) {
    unit(static_cast<std::uint16_t>(value));
    unit(static_cast<std::uint16_t>(value >> 16));
  }
  void imm64(std::uint64_t value);
  void set32(std::uint32_t at, std::uint32_t value);
  [[nodiscard]] std::uint32_t get32(std::uint32_t at) const;
  void constant_to(std::uint16_t destination, ValueType type, Slot value);
  void move(std::uint16_t destination, std::uint16_t source, bool narrow);
  void remove_last();
  void forget_emitted() {
    pair_last();
    last_ = previous_ = {};
  }
  [[nodiscard]] bool made_by_last(const Operand& operand) const {
    return operand.entry.kind == Kind::kHome && last_.at != kNone &&
           last_.destination == home(operand.depth);
  }
  [[nodiscard]] Ir last_op() const { return static_cast<Ir>(module_.code[last_.at]); }
  [[nodiscard]] std::vector<CodeUnit>& code() { return module_.code; }
  void keep_place();
  [[nodiscard]] std::uint32_t here() const { return static_cast<std::uint32_t>(used_); }

  // translator_fusion.cpp
  bool fuse_operands(Ir rr, const Operand& a, const Operand& b);
  bool fuse_immediate(Ir ri, const Operand& a, std::uint32_t immediate);
  bool take_comparison(const Operand& condition, Comparison& taken);
  void branch_on(Comparison comparison);
  bool fuse_global_sum(const Operand& value, std::uint16_t global);
  // Two finished operations that stand side by side become one by renaming the first: the layout
  // stays, and the second's own number is skipped over.
  void pair_last() {
    if (last_.at == kNone || previous_.at == kNone) return;
    if (last_op() == Ir::kMov || last_op() == Ir::kI32AddRI) pair_two();
  }
  void pair_two();

  // translator_control.cpp
  bool block_type(Types& params, Types& results);
  void open_block(Block kind);
  void else_block();
  void end_block();
  void branch(std::uint32_t depth);
  void branch_if(std::uint32_t depth);
  void branch_table();
  void return_values(std::size_t n);
  [[nodiscard]] bool settle_arguments(const FunctionType& type);
  void call(std::uint32_t function);
  void call_indirect();
  void select(bool typed);
  void become_unreachable();
  void close_run();
  std::uint32_t new_leader();
  [[nodiscard]] Control* label(std::uint32_t depth);
  [[nodiscard]] Types label_types(const Control& c) const {
    return c.kind == Block::kLoop ? c.params : c.results;
  }
  [[nodiscard]] bool needs_moves(const Control& c) const;
  void move_to(const Control& c);
  void jump(Control& c, bool with_gas);
  void add_site(Control& c, std::uint32_t instruction, std::uint32_t offset_at,
                std::uint32_t gas_at);
  void bind(std::uint32_t sites);
  Conditional conditional(const Operand& condition, bool when_true);

  // translator_numeric.cpp
  void numeric(std::uint8_t opcode);
  void saturating(std::uint32_t opcode);
  void binary(ValueType in, ValueType out, Ir rr, Ir ri, bool commutative);
  void division(ValueType type, Ir rr, Ir ri, bool is_signed);
  void compare(ValueType type, unsigned which);
  void equal_zero(ValueType type);
  void unary(ValueType in, ValueType out, Ir op);
  void retype(ValueType in, ValueType out);
  void wrap();
  void extend_unsigned();

  // translator_memory.cpp
  void load(std::uint8_t opcode);
  void store(std::uint8_t opcode);
  bool memory_argument(unsigned natural_alignment, std::uint32_t& offset);
  bool need_memory();
  void three_operands(Ir op, ValueType a, ValueType b, ValueType c, std::uint16_t x,
                      std::uint16_t y);
  void memory_or_table(std::uint32_t opcode);
  void global_get();
  void global_set();
  void table_access(bool is_set);
  [[nodiscard]] const TableType* table(std::uint32_t index);

  ModuleData& module_;
  const ProfileLimits& limits_;
  const std::vector<bool>& referable_;
  std::int64_t data_count_;
  Reader reader_{ByteView{}};

  std::uint32_t function_ = 0;  // index among all functions
  std::vector<ValueType> locals_;
  std::vector<std::int16_t> local_top_;  // topmost stack entry that stands for the local, or -1
  std::vector<bool> local_written_;      // by an instruction read so far
  std::uint32_t open_loops_ = 0;
  std::vector<Entry> stack_;
  std::size_t deepest_ = 0;
  std::size_t settled_ = 0;  // below this depth no entry stands for a local
  std::vector<Control> controls_;
  bool reachable_ = true;

  std::size_t used_;  // units of module_.code; the vector is ahead while bodies are translated
  Emitted last_;
  Emitted previous_;
  std::uint64_t cost_ = 0;
  std::vector<Leader> leaders_;
  std::size_t open_leaders_ = 0;  // leaders from here on have no cost yet
  std::vector<Site> sites_;
  std::vector<GasSite> gas_sites_;
  std::vector<CallSite> calls_;
  std::uint32_t tables_seen_ = 0;
};

}  // namespace usance::vm
