// Instances that import from each other, as the official tests link them. All live until the store
// goes, also those whose instantiation failed half-way: tables may refer to their functions.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "contracts/vm/instance.h"
#include "contracts/vm/instance_state.h"

namespace usance::tools {

// The tests' print functions: they print nothing here.
class SilentHost : public vm::HostInterface {
 public:
  vm::HostResult call(std::uint32_t, vm::HostFrame&) override { return vm::HostResult::proceed(); }
};

class SpecStore {
 public:
  SpecStore();

  struct Instantiated {
    vm::Instance* instance = nullptr;  // null: linking failed, see the error
    std::string error;
    TrapCode trap = TrapCode::kNone;  // of a segment or the start function
  };
  // Links, lays out, runs the segments and the start function.
  Instantiated instantiate(const std::shared_ptr<const vm::Module>& module, vm::Dispatch dispatch);
  // Makes an instance's exports importable under the name.
  void register_as(const std::string& name, vm::Instance* instance);

  // Calls an exported function, wherever its code lives.
  vm::Outcome call(vm::Instance& instance, const std::string& function,
                   const std::vector<vm::Slot>& args, vm::Dispatch dispatch);
  // The value of an exported global; nothing when there is none.
  [[nodiscard]] std::optional<vm::Slot> global(vm::Instance& instance, const std::string& name);
  // The type of an exported function; null when there is none.
  [[nodiscard]] const vm::FunctionType* function_type(vm::Instance& instance,
                                                      const std::string& name);

 private:
  [[nodiscard]] std::optional<vm::Extern> exported(vm::Instance& instance,
                                                   const std::string& name) const;
  [[nodiscard]] std::string link(const vm::Import& import, const vm::ModuleData& module,
                                 vm::Extern& out) const;
  vm::Outcome run(const vm::FunctionInstance& function, const std::vector<vm::Slot>& args,
                  vm::Dispatch dispatch);
  void add_spectest();

  SilentHost host_;
  std::vector<std::unique_ptr<vm::Instance>> instances_;
  std::map<std::string, vm::Instance*> registered_;
  // The module "spectest" that the suite's harness provides.
  std::map<std::string, vm::Extern> spectest_;
  std::vector<std::unique_ptr<vm::FunctionType>> types_;
  std::vector<std::unique_ptr<vm::FunctionInstance>> functions_;
  std::vector<std::unique_ptr<vm::Slot>> globals_;
  std::unique_ptr<vm::Memory> memory_;
  std::unique_ptr<vm::Table> table_;
};

}  // namespace usance::tools
