// A contract's module in a file: what it holds, and whether a ledger accepts it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/types.h"
#include "contracts/vm/module.h"
#include "tools/render/interface.h"
#include "tools/usance/files.h"
#include "tools/usance/outcome.h"

namespace usance::cli {

struct ModuleFile {
  Bytes code;
  Hash32 hash;
  render::Interface interface;
};
// Size, interface; not the profile. `name` is the contract's, for messages.
[[nodiscard]] Outcome<ModuleFile> read_module(const std::string& file, const std::string& name);

// One line of a source file.
struct SourceLine {
  std::string file;
  std::uint64_t line = 0;
  std::string function;
};
// Where an instruction of a module with line tables comes from: the innermost place that is neither
// the SDK's nor the C++ library's, else the innermost. `offset` is its position in the module
// without custom sections. Asks llvm-symbolizer.
[[nodiscard]] std::optional<SourceLine> source_of(const Path& module, ByteView code,
                                                  std::uint64_t offset);

// Why a ledger refuses a module, with the source line where `linked` (the module before
// optimisation, with line tables; may be missing) tells it.
[[nodiscard]] std::string explain_refusal(const std::string& reason, const Path& linked);

// The module without its custom sections, and where in it the code section's content begins;
// nothing when the bytes are no WebAssembly.
struct PlainModule {
  Bytes code;
  std::uint64_t code_section = 0;
};
[[nodiscard]] std::optional<PlainModule> without_custom_sections(ByteView code);

// A function's names as the build wrote them, NAME.functions, by the function's number. Empty when
// there is no such file.
[[nodiscard]] std::vector<std::string> read_function_names(const Path& file);

}  // namespace usance::cli
