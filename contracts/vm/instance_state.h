// The engine's own view of an instance, and the linking of instances to each other (profile full;
// contracts import host functions only).
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "contracts/vm/host.h"
#include "contracts/vm/memory.h"
#include "contracts/vm/module_data.h"

namespace usance::vm {

struct InstanceState;

// A function as references and imports name it.
struct FunctionInstance {
  InstanceState* owner = nullptr;  // whose memory, globals and tables its code uses
  const FunctionType* type = nullptr;
  std::uint32_t type_id = 0;  // comparable within its owner
  bool is_host = false;
  const FunctionBody* body = nullptr;
  const CodeUnit* code = nullptr;
  std::uint32_t host_id = 0;
  std::uint64_t host_gas = 0;
};

// A return address. The instance is set where a call crosses into another one.
struct CallFrame {
  const CodeUnit* pc = nullptr;
  Slot* fp = nullptr;
  InstanceState* instance = nullptr;
};

// Call frames and value slots of the calls into one instance; address space that the system fills
// as it is touched.
class Stack {
 public:
  static std::unique_ptr<Stack> create(std::size_t frames, std::size_t slots);
  ~Stack();
  Stack(const Stack&) = delete;
  Stack& operator=(const Stack&) = delete;

  CallFrame* frames = nullptr;
  CallFrame* frames_end = nullptr;
  Slot* slots = nullptr;
  Slot* slots_end = nullptr;

 private:
  Stack() = default;
  void* region_ = nullptr;
  std::size_t bytes_ = 0;
};

// What satisfies an import. Exactly one pointer is set, according to the kind.
struct Extern {
  ExternKind kind = ExternKind::kFunction;
  FunctionInstance* function = nullptr;
  Table* table = nullptr;
  Memory* memory = nullptr;
  Slot* global = nullptr;
  GlobalType global_type{};
};

struct InstanceState {
  std::shared_ptr<const Module> module;
  const ModuleData* data = nullptr;

  std::vector<FunctionInstance*> functions;  // by index
  std::vector<FunctionInstance> own_functions;
  std::vector<FunctionInstance> host_functions;  // made for imports from the host
  Memory* memory = nullptr;
  std::unique_ptr<Memory> own_memory;
  std::vector<Table*> tables;
  std::vector<std::unique_ptr<Table>> own_tables;
  std::vector<Slot*> imported_globals;
  std::vector<Slot> globals;  // the module's own
  std::vector<std::uint8_t> dropped_data;
  std::vector<std::uint8_t> dropped_elements;
  bool segments_dropped = false;

  std::unique_ptr<Stack> stack;
  Slot* stack_top = nullptr;  // where the next call into this instance begins
  CallFrame* frame_top = nullptr;
  bool fresh = true;  // no call since it was laid out

  [[nodiscard]] Slot value(const ConstantExpression& e) const;
  // The value of an exported or own global by index.
  [[nodiscard]] Slot* global(std::uint32_t index) {
    return index < imported_globals.size() ? imported_globals[index]
                                           : &globals[index - imported_globals.size()];
  }
  void restore_globals();
  void restore_tables();
};

// Lays out an instance whose imports are `imports`, in the module's order and already of the right
// types: functions, tables, globals, memory; runs no segment unless the module's image holds them.
[[nodiscard]] Result<std::unique_ptr<InstanceState>> lay_out(std::shared_ptr<const Module> module,
                                                             std::span<const Extern> imports);
// Active segments one by one, in order, as the specification instantiates; the first that does not
// fit traps and the earlier ones stay. Data is skipped where the image already holds it.
[[nodiscard]] TrapCode run_segments(InstanceState& instance);

// The operands of table.init (target: a table) and memory.init.
struct Initialisation {
  std::uint32_t target = 0;
  std::uint32_t segment = 0;
  std::uint64_t to = 0;
  std::uint64_t from = 0;
  std::uint64_t n = 0;
};
[[nodiscard]] bool table_init_fits(const InstanceState& instance, const Initialisation& init);
[[nodiscard]] bool memory_init_fits(const InstanceState& instance, const Initialisation& init);
// They must fit.
void initialise_table(InstanceState& instance, const Initialisation& init);
void initialise_memory(InstanceState& instance, const Initialisation& init);

}  // namespace usance::vm
