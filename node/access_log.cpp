#include "node/access_log.h"

#include <nlohmann/json.hpp>

namespace usance::node {

namespace {

using Json = nlohmann::json;

// A stranger's bytes that are no UTF-8 are replaced, and a line stays a line.
std::string line_of(const AccessRecord& record) {
  const Json line = {
      {"time_ms", record.time.value}, {"org", record.org.value},
      {"role", record.role},          {"name", record.name},
      {"method", record.method},      {"what", record.what.substr(0, AccessRecord::kMostWhat)},
      {"result", record.result},      {"duration_us", record.duration_us}};
  return line.dump(-1, ' ', true, Json::error_handler_t::replace) + "\n";
}

std::optional<AccessRecord> parse(const std::string& line) {
  const Json json = Json::parse(line, nullptr, false);
  if (!json.is_object()) return std::nullopt;  // torn by a crash
  AccessRecord record;
  const auto text = [&json](const char* key) {
    const auto at = json.find(key);
    return at != json.end() && at->is_string() ? at->get<std::string>() : std::string();
  };
  const auto number = [&json](const char* key) {
    const auto at = json.find(key);
    return at != json.end() && at->is_number_unsigned() ? at->get<std::uint64_t>() : 0;
  };
  record.time = TimeMs(number("time_ms"));
  record.org = OrgId(text("org"));
  record.role = text("role");
  record.name = text("name");
  record.method = text("method");
  record.what = text("what");
  record.result = text("result");
  record.duration_us = number("duration_us");
  return record;
}

}  // namespace

Result<std::unique_ptr<AccessLog>> AccessLog::open(const std::filesystem::path& file,
                                                   std::uint64_t file_bytes, std::uint64_t files) {
  std::unique_ptr<AccessLog> log(new AccessLog(file, file_bytes, files));
  if (files > 0 && !log->reopen())
    return fail(ErrorCode::kIo, "cannot write the access log " + file.string());
  return log;
}

std::filesystem::path AccessLog::older(std::uint64_t number) const {
  return number == 0 ? file_ : std::filesystem::path(file_.string() + "." + std::to_string(number));
}

bool AccessLog::reopen() {
  out_.close();
  out_.clear();
  out_.open(file_, std::ios::app | std::ios::binary);
  if (!out_) return false;
  std::error_code error;
  // What members ask is their business.
  std::filesystem::permissions(
      file_, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write, error);
  const auto size = std::filesystem::file_size(file_, error);
  bytes_ = error ? 0 : size;
  return true;
}

void AccessLog::rotate() {
  out_.close();
  std::error_code ignored;
  std::filesystem::remove(older(files_ - 1), ignored);
  for (std::uint64_t i = files_ - 1; i > 0; --i)
    std::filesystem::rename(older(i - 1), older(i), ignored);
  ++rotations_;
}

void AccessLog::write(const AccessRecord& record) {
  if (!keeps()) return;
  const std::string line = line_of(record);
  const std::lock_guard lock(mutex_);
  if (bytes_ > 0 && bytes_ + line.size() > file_bytes_) rotate();
  if ((!out_.is_open() || !out_) && !reopen()) {
    ++lost_;
    return;
  }
  out_ << line << std::flush;
  if (out_)
    bytes_ += line.size();
  else
    ++lost_;
}

std::uint64_t AccessLog::lost() const {
  const std::lock_guard lock(mutex_);
  return lost_;
}

std::ifstream AccessLog::open_file(std::uint64_t number, std::uint64_t rotations) const {
  const std::lock_guard lock(mutex_);
  const std::uint64_t now = number + (rotations_ - rotations);
  return now < files_ ? std::ifstream(older(now), std::ios::binary) : std::ifstream();
}

// Answers wait for the lock to be logged: it is held to open one file after the other, not while
// they are read. A line that is being written is skipped as a torn one.
std::vector<AccessRecord> AccessLog::read(const AccessQuery& query) const {
  std::vector<AccessRecord> found;
  std::uint64_t rotations = 0;
  {
    const std::lock_guard lock(mutex_);
    rotations = rotations_;
  }
  for (std::uint64_t i = 0; i < files_ && found.size() < query.limit; ++i) {
    std::ifstream in = open_file(i, rotations);
    std::vector<AccessRecord> here;
    for (std::string line; std::getline(in, line);) {
      auto record = parse(line);
      if (!record || record->time < query.from || record->time > query.to ||
          (query.org && record->org != *query.org))
        continue;
      here.push_back(*std::move(record));
    }
    for (auto at = here.rbegin(); at != here.rend() && found.size() < query.limit; ++at)
      found.push_back(std::move(*at));
  }
  return found;
}

}  // namespace usance::node
