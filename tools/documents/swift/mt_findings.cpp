#include "tools/documents/swift/mt_findings.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>

namespace usance::documents {

namespace {

// What is about no line comes last: it is missing.
std::size_t line_of(const Error& error) {
  constexpr std::string_view kLine = "line ";
  std::size_t line = SIZE_MAX;
  const std::string& text = error.message;
  if (text.starts_with(kLine))
    std::from_chars(text.data() + kLine.size(), text.data() + text.size(), line);
  return line;
}

}  // namespace

void MtFindings::remark(std::string what) {
  if (remarks_.size() < kMaxMtFields) remarks_.push_back(std::move(what));
}

void MtFindings::forgive(std::string what) {
  if (reading_ == MtReading::kStrict)
    error({ErrorCode::kMalformed, std::move(what)});
  else
    remark(std::move(what));
}

void MtFindings::error(const Error& error) {
  ++count_;
  if (errors_.size() < kMaxMtErrors) errors_.push_back(error);
}

Result<void> MtFindings::verdict() const {
  if (errors_.empty()) return {};
  if (count_ == 1) return tl::unexpected(errors_.front());
  std::vector<Error> sorted = errors_;
  std::ranges::stable_sort(sorted, {}, line_of);
  std::string text = std::to_string(count_) + " errors";
  for (const Error& one : sorted) text += "\n  " + one.message;
  if (count_ > sorted.size()) text += "\n  and " + std::to_string(count_ - sorted.size()) + " more";
  return fail(sorted.front().code, text);
}

}  // namespace usance::documents
