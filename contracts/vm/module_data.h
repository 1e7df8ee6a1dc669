// What compile() makes of a module: the engine's own view, shared by decoder, translator, instances
// and interpreter.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "contracts/vm/ir.h"
#include "contracts/vm/memory_image.h"
#include "contracts/vm/module.h"
#include "contracts/vm/places.h"
#include "contracts/vm/profile_limits.h"
#include "contracts/vm/types.h"

namespace usance::vm {

// A constant expression of core 2.0: one instruction.
struct ConstantExpression {
  enum class Kind : std::uint8_t { kValue, kFunction, kGlobal };
  Kind kind = Kind::kValue;
  Slot value = 0;  // the slot, or the index of the function or global
};

struct Import {
  std::string module;
  std::string name;
  ExternKind kind = ExternKind::kFunction;
  std::uint32_t type = 0;  // of a function
  TableType table;
  Limits memory;
  GlobalType global;
};

enum class SegmentMode : std::uint8_t { kActive, kPassive, kDeclarative };
struct ElementSegment {
  SegmentMode mode = SegmentMode::kActive;
  ValueType type = ValueType::kFuncRef;
  std::uint32_t table = 0;
  ConstantExpression offset;
  std::vector<ConstantExpression> items;
};
struct DataSegment {
  SegmentMode mode = SegmentMode::kActive;
  ConstantExpression offset;
  Bytes bytes;
};

// A function of this module, translated.
struct FunctionBody {
  std::uint32_t code = 0;       // of its first unit in ModuleData::code
  std::uint32_t entry_gas = 0;  // charged by whoever calls it
  std::uint16_t frame_slots = 0;
  std::uint16_t params = 0;
  std::uint16_t zeroed = 0;  // locals behind the parameters, set to 0 at entry
};

struct ModuleData {
  Profile profile = Profile::kContract;
  std::vector<FunctionType> types;
  std::vector<std::uint32_t> type_ids;  // by type index: equal types have equal ids

  std::vector<Import> imports;
  std::uint32_t imported_functions = 0;
  std::uint32_t imported_tables = 0;
  std::uint32_t imported_globals = 0;
  bool imported_memory = false;

  // Index spaces, imports first.
  std::vector<std::uint32_t> functions;  // type indices
  std::vector<TableType> tables;
  std::vector<GlobalType> globals;
  bool has_memory = false;
  Limits memory;

  std::vector<ConstantExpression> global_values;  // of the module's own globals
  std::vector<ExportInfo> exports;
  std::map<std::string, std::uint32_t, std::less<>> export_index;  // into exports
  bool has_start = false;
  std::uint32_t start = 0;
  std::vector<ElementSegment> elements;
  std::vector<DataSegment> data;
  std::vector<std::pair<std::string, Bytes>> custom;

  std::vector<FunctionBody> bodies;  // by function index less imported_functions
  std::vector<CodeUnit> code;
  bool keeps_places = false;  // tools ask for them
  std::vector<Place> places;
  std::vector<ImportInfo> import_infos;
  MemoryImage image;            // what the active data segments make of the memory
  bool image_complete = false;  // false: instantiation must run the segments one by one
  std::uint64_t instantiation_gas = 0;
  std::size_t footprint = 0;

  [[nodiscard]] const FunctionType& function_type(std::uint32_t function) const {
    return types[functions[function]];
  }
};

}  // namespace usance::vm
