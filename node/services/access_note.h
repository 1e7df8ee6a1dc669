// One call's line in the access log, written when the call ends.
#pragma once

#include <chrono>

#include <google/protobuf/message.h>

#include "node/access_log.h"
#include "node/clock.h"
#include "node/services/access.h"

namespace usance::node {

class AccessNote {
 public:
  // The request names the method ("GetStateRequest": GetState) and says what was asked for.
  AccessNote(AccessLog& log, const Clock& clock, const google::protobuf::Message& request);
  // The same in the caller's words: a bundle's bytes tell nobody anything.
  AccessNote(AccessLog& log, const Clock& clock, std::string method, std::string what);

  void asked_by(const Caller& caller);
  void set_what(std::string what) { record_.what = std::move(what); }
  // Once.
  void ended(const proto::Api<void>& outcome);
  void ended(std::string result);

 private:
  AccessLog* log_;
  const Clock* clock_;
  AccessRecord record_;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

}  // namespace usance::node
