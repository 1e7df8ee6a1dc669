// What the calibration command measures, by topic.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace usance::tools {

struct Calibrated {
  std::string name;
  double nanoseconds_per_gas = 0;
};

// Modules that are slow to compile, against the price of a deployment.
[[nodiscard]] Result<std::vector<Calibrated>> calibrate_deployments();
// Host functions over a store on disk, in a folder of the system's for temporary files.
[[nodiscard]] Result<std::vector<Calibrated>> calibrate_host();

}  // namespace usance::tools
