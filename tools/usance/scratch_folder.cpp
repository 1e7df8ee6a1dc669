#include "tools/usance/scratch_folder.h"

#include <cstdlib>

namespace usance::cli {

namespace fs = std::filesystem;

ScratchFolder::ScratchFolder(const std::string& name) {
  std::error_code error;
  const Path root = fs::temp_directory_path(error);
  std::string made = (root / (name + "-XXXXXX")).string();
  if (!error && mkdtemp(made.data()) != nullptr) path_ = made;
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  if (!path_.empty()) fs::remove_all(path_, ignored);
}

}  // namespace usance::cli
