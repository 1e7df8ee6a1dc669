// A compiled module: decoded, validated and translated in one linear pass (docs/spec/vm.md).
// Immutable, shareable between threads and instances; compile once and keep by code hash.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "base/result.h"
#include "contracts/vm/host.h"
#include "contracts/vm/types.h"

namespace usance::vm {

struct ModuleData;  // contracts/vm/module_data.h, the engine's own view

struct ImportInfo {
  std::string module;
  std::string name;
  ExternKind kind = ExternKind::kFunction;
  FunctionType function;  // for functions
};
struct ExportInfo {
  std::string name;
  ExternKind kind = ExternKind::kFunction;
  std::uint32_t index = 0;
};

class Module {
 public:
  explicit Module(std::unique_ptr<const ModuleData> data);
  ~Module();
  Module(const Module&) = delete;
  Module& operator=(const Module&) = delete;

  [[nodiscard]] Profile profile() const;
  [[nodiscard]] const std::vector<ImportInfo>& imports() const;
  [[nodiscard]] const std::vector<ExportInfo>& exports() const;
  // An exported function's index for Instance::call; nothing when there is none of that name.
  [[nodiscard]] std::optional<std::uint32_t> find_function(std::string_view export_name) const;
  [[nodiscard]] const FunctionType& function_type(std::uint32_t function) const;
  [[nodiscard]] bool exports_memory(std::string_view name) const;

  // The first custom section of that name; nothing when there is none. Lives as long as the module.
  [[nodiscard]] std::optional<ByteView> custom_section(std::string_view name) const;

  // What the first call of a fresh instance pays: by initial pages and segments, whatever any
  // cache holds.
  [[nodiscard]] std::uint64_t instantiation_gas() const;
  // Bytes of memory this object occupies, for bounded caches.
  [[nodiscard]] std::size_t footprint() const;

  [[nodiscard]] const ModuleData& data() const { return *data_; }

 private:
  std::unique_ptr<const ModuleData> data_;
};

// kMalformed with a sentence that names the function and the offset when the bytes are no valid
// module, or not of the profile. Linear in the size of the input; the input may be anything.
[[nodiscard]] Result<std::shared_ptr<const Module>> compile(ByteView wasm, Profile profile);

// Whether every import is a function among `host` with exactly that type; the error names the
// first one that is not. What a deployment checks after compile.
[[nodiscard]] Result<void> check_imports(const Module& module,
                                         std::span<const HostDefinition> host);

}  // namespace usance::vm
