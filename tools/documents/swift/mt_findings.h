// What reading a message has found: remarks for a person, and errors, all of them and not the first
// alone, so that a message is corrected in one go.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "tools/documents/swift/mt_message.h"

namespace usance::documents {

inline constexpr std::size_t kMaxMtErrors = 50;  // that are listed; more are counted

class MtFindings {
 public:
  explicit MtFindings(MtReading reading) : reading_(reading) {}

  // Each text begins with "line N" where it is about a line.
  void remark(std::string what);
  // What strict reading does not let pass: an error then, a remark in lenient reading.
  void forgive(std::string what);
  void error(const Error& error);

  // Nothing, the one error, or all of them by line under how many they are.
  [[nodiscard]] Result<void> verdict() const;
  [[nodiscard]] std::vector<std::string>& remarks() { return remarks_; }

 private:
  MtReading reading_;
  std::vector<std::string> remarks_;
  std::vector<Error> errors_;
  std::size_t count_ = 0;  // of errors, those that are not listed included
};

}  // namespace usance::documents
