// From an instruction of a contract's module to the source line it was compiled from, although the
// optimiser between them keeps no line tables.
#pragma once

#include <optional>

#include "base/types.h"
#include "tools/usance/files.h"
#include "tools/usance/module_file.h"

namespace usance::cli {

// What the build leaves beside a module (cmake/UsanceContract.cmake).
struct BuildFiles {
  Path linked;     // the module before it was optimised, with line tables
  Path optimiser;  // the options of wasm-opt, separated by blanks
};

// The source line of the instruction at `offset` of the module. Optimises the linked module again,
// with marks that wasm-opt carries along, and asks llvm-symbolizer about the mark that comes out.
// Nothing when a file or program is missing, or when the result is not this module's code.
[[nodiscard]] std::optional<SourceLine> source_of_optimised(const BuildFiles& build,
                                                            ByteView module, std::uint64_t offset);

}  // namespace usance::cli
