// Writes the body of one function of a generated module, instruction by instruction, over the
// validator's view of the operand stack.
#pragma once

#include <span>
#include <vector>

#include "tools/usance-wasm/compare/choices.h"
#include "tools/usance-wasm/compare/module_plan.h"
#include "tools/usance-wasm/module_writer.h"

namespace usance::tools {

inline constexpr int kEmpty = 0x40;  // the type of a block without parameters and results

class BodyGenerator {
 public:
  BodyGenerator(Choices& choices, const ModulePlan& plan, const vm::FunctionType& type);
  // The whole body, local declarations and last end included, of about that many instructions.
  [[nodiscard]] BodyWriter body(std::uint32_t instructions);

 private:
  using Type = vm::ValueType;
  using Types = std::vector<Type>;
  struct Control {
    bool is_loop = false;
    bool is_if = false;
    Types params;
    Types results;
    std::size_t height = 0;
    bool dead = false;  // behind a branch: the stack is whatever is asked of it
    [[nodiscard]] const Types& label() const { return is_loop ? params : results; }
  };

  // The stack.
  void push(Type type) { stack_.push_back(type); }
  void push(const Types& types) { stack_.insert(stack_.end(), types.begin(), types.end()); }
  void pop(std::size_t n) { stack_.resize(stack_.size() - std::min(n, above())); }
  [[nodiscard]] std::size_t above() const { return stack_.size() - controls_.back().height; }
  [[nodiscard]] bool on_top(std::span<const Type> types) const;
  // Brings values of these types to the top and takes them off the view of the stack.
  void take(const Types& types);
  void become_dead();

  // Sources of values.
  void produce(Type type);
  void constant(Type type);
  [[nodiscard]] std::vector<std::uint32_t> locals_of(Type type) const;
  [[nodiscard]] std::uint32_t some_local(Type type);
  Type number() { return choices_.chance(60) ? Type::kI32 : Type::kI64; }
  Type of_top();

  // Instructions by kind.
  void instruction();
  void numeric();
  void local();
  void global();
  void parametric();
  void address();
  void load();
  void store();
  void memory_offset(std::uint32_t most_align);
  void bulk_memory();
  void table();
  void call();
  void fusible();
  void length();
  // Of control.
  void open();
  void close();
  void branch();
  void branch_table();
  void loop_head();
  void fused_branch();
  [[nodiscard]] std::uint32_t depth_of(std::size_t control) const {
    return static_cast<std::uint32_t>(controls_.size() - 1 - control);
  }

  Choices& choices_;
  const ModulePlan& plan_;
  const vm::FunctionType& type_;
  Types locals_;
  Types stack_;
  std::vector<Control> controls_;
  BodyWriter out_;
};

}  // namespace usance::tools
