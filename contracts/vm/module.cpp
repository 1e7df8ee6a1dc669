#include "contracts/vm/module.h"

#include <algorithm>

#include "contracts/vm/decoder.h"
#include "contracts/vm/module_data.h"

namespace usance::vm {

Module::Module(std::unique_ptr<const ModuleData> data) : data_(std::move(data)) {}
Module::~Module() = default;

Profile Module::profile() const {
  return data_->profile;
}
const std::vector<ImportInfo>& Module::imports() const {
  return data_->import_infos;
}
const std::vector<ExportInfo>& Module::exports() const {
  return data_->exports;
}
std::uint64_t Module::instantiation_gas() const {
  return data_->instantiation_gas;
}
std::size_t Module::footprint() const {
  return data_->footprint;
}

std::optional<std::uint32_t> Module::find_function(std::string_view export_name) const {
  const auto found = data_->export_index.find(export_name);
  if (found == data_->export_index.end()) return std::nullopt;
  const ExportInfo& e = data_->exports[found->second];
  if (e.kind != ExternKind::kFunction) return std::nullopt;
  return e.index;
}

const FunctionType& Module::function_type(std::uint32_t function) const {
  return data_->function_type(function);
}

bool Module::exports_memory(std::string_view name) const {
  const auto found = data_->export_index.find(name);
  return found != data_->export_index.end() &&
         data_->exports[found->second].kind == ExternKind::kMemory;
}

std::optional<ByteView> Module::custom_section(std::string_view name) const {
  for (const auto& [section, bytes] : data_->custom) {
    if (section == name) return ByteView(bytes);
  }
  return std::nullopt;
}

Result<std::shared_ptr<const Module>> compile(ByteView wasm, Profile profile) {
  USANCE_ASSIGN(auto data, ModuleDecoder(wasm, profile).run());
  return std::make_shared<const Module>(std::move(data));
}

Result<void> check_imports(const Module& module, std::span<const HostDefinition> host) {
  for (const ImportInfo& import : module.imports()) {
    const std::string name = import.module + "." + import.name;
    const auto found = std::find_if(host.begin(), host.end(), [&](const HostDefinition& d) {
      return d.module == import.module && d.name == import.name;
    });
    if (import.kind != ExternKind::kFunction || found == host.end()) {
      return fail(ErrorCode::kFailedPrecondition, "there is no host function " + name);
    }
    const FunctionType offered{found->params, found->results};
    if (offered != import.function) {
      return fail(ErrorCode::kFailedPrecondition, "host function " + name + " is " +
                                                      to_string(offered) + ", the module wants " +
                                                      to_string(import.function));
    }
  }
  return {};
}

}  // namespace usance::vm
