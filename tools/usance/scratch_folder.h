// A folder of its own below the system's for temporary files, removed with all it holds.
#pragma once

#include "tools/usance/files.h"

namespace usance::cli {

class ScratchFolder {
 public:
  // `name` is the beginning of the folder's.
  explicit ScratchFolder(const std::string& name);
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  // Empty when no folder could be made.
  [[nodiscard]] const Path& path() const { return path_; }

 private:
  Path path_;
};

}  // namespace usance::cli
