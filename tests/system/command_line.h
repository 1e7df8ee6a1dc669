// Runs the built programs as a person would and keeps what they said.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include <sys/types.h>

namespace usance::test {

struct Said {
  int exit = -1;
  std::string out;
  std::string err;

  [[nodiscard]] nlohmann::json json() const { return nlohmann::json::parse(out, nullptr, false); }
  [[nodiscard]] bool mentions(const std::string& text) const {
    return (out + err).find(text) != std::string::npos;
  }
};
// For assertion messages.
std::ostream& operator<<(std::ostream& stream, const Said& said);

[[nodiscard]] std::filesystem::path program(const std::string& name);
[[nodiscard]] std::filesystem::path module(const std::string& contract);
// Waits for its end; 120 seconds at most, then SIGKILL.
[[nodiscard]] Said run(const std::string& name, const std::vector<std::string>& arguments);

// A temporary folder that goes with the object.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] std::filesystem::path operator/(const std::string& name) const {
    return path_ / name;
  }

 private:
  std::filesystem::path path_;
};

// A daemon that ends with the object.
class Daemon {
 public:
  explicit Daemon(const std::filesystem::path& config);
  ~Daemon();
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;

 private:
  pid_t pid_ = 0;
};

}  // namespace usance::test
