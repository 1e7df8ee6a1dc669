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
// the SDK's nor the C++ library's, else the innermost. `offset` counts from the beginning of the
// code section's content, as line tables do. Asks llvm-symbolizer.
[[nodiscard]] std::optional<SourceLine> source_at(const Path& module, std::uint64_t offset);

// Why a ledger refuses a module, with the source line where `linked` (the module before
// optimisation, with line tables; may be missing) tells it.
[[nodiscard]] std::string explain_refusal(const std::string& reason, const Path& linked);

// Where the code section's content lies in a module; nothing when there is none.
struct SectionPlace {
  std::size_t begin = 0;
  std::size_t size = 0;
};
[[nodiscard]] std::optional<SectionPlace> code_section_at(ByteView module);

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
