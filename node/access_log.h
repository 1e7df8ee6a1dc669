// Who asked this node for what, when, and with which result: a bounded set of files, one JSON
// object per line, for the node's own auditor. Thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/types.h"

namespace usance::node {

struct AccessRecord {
  TimeMs time;         // when the answer was ready, wall clock
  OrgId org;           // of the caller's certificate; empty: it was refused as such
  std::string role;    // likewise
  std::string name;    // likewise
  std::string method;  // "GetState"
  std::string what;    // the request in words, at most kMostWhat bytes
  std::string result;  // "OK", the reason that the caller was given, or "CANCELLED": a stream left
  std::uint64_t duration_us = 0;

  static constexpr std::size_t kMostWhat = 400;
};

struct AccessQuery {
  TimeMs from{0};
  TimeMs to{~std::uint64_t{0}};
  std::optional<OrgId> org;
  std::size_t limit = 100;
};

class AccessLog {
 public:
  // `file` is appended to, and set aside as FILE.1 (the older ones as FILE.2 and so on) when it
  // passes `file_bytes`; at most `files` of them are kept. 0 files: nothing is kept.
  // kIo: it cannot be written.
  static Result<std::unique_ptr<AccessLog>> open(const std::filesystem::path& file,
                                                 std::uint64_t file_bytes, std::uint64_t files);

  // Whether anything is: if not, nobody needs to put a request in words.
  [[nodiscard]] bool keeps() const { return files_ > 0; }
  // A disk that refuses does not stop an answer: the record is lost and counted.
  void write(const AccessRecord& record);
  [[nodiscard]] std::uint64_t lost() const;
  // The newest first; those written meanwhile may be missing. Holds up nobody who writes.
  [[nodiscard]] std::vector<AccessRecord> read(const AccessQuery& query) const;

 private:
  AccessLog(std::filesystem::path file, std::uint64_t file_bytes, std::uint64_t files)
      : file_(std::move(file)), file_bytes_(file_bytes), files_(files) {}
  [[nodiscard]] std::filesystem::path older(std::uint64_t number) const;
  // The files as they were numbered after `rotations`; nothing opens of one that is gone since.
  [[nodiscard]] std::ifstream open_file(std::uint64_t number, std::uint64_t rotations) const;
  [[nodiscard]] bool reopen();
  void rotate();

  const std::filesystem::path file_;
  const std::uint64_t file_bytes_;
  const std::uint64_t files_;
  mutable std::mutex mutex_;
  std::ofstream out_;
  std::uint64_t bytes_ = 0;      // in the newest file
  std::uint64_t rotations_ = 0;  // each has moved every file by one
  std::uint64_t lost_ = 0;
};

}  // namespace usance::node
