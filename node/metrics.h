// The /metrics page. Values are collected when somebody asks: nothing is counted twice and the
// loops pay nothing.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"

namespace usance::node {

struct ServiceContext;
struct ExecutionStats;
class RoundClock;

class MetricsPage {
 public:
  // Serves plain HTTP on host:port. kUnavailable: the port is busy.
  static Result<std::unique_ptr<MetricsPage>> serve(const std::string& address,
                                                    const ServiceContext& services,
                                                    const ExecutionStats& execution,
                                                    const RoundClock& rounds,
                                                    const std::string& data_dir);
  ~MetricsPage();

 private:
  struct Impl;
  explicit MetricsPage(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;  // the exposer keeps a weak pointer
};

}  // namespace usance::node
