#include "storage/rocks_log.h"

#include <array>
#include <cstdarg>
#include <cstdio>
#include <ctime>
#include <mutex>
#include <string>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace usance::storage {

namespace {

constexpr off_t kMaxFileBytes = 4 << 20;

class RocksLog final : public rocksdb::Logger {
 public:
  explicit RocksLog(std::filesystem::path file)
      : Logger(rocksdb::InfoLogLevel::INFO_LEVEL), file_(std::move(file)) {
    open();
  }
  ~RocksLog() override { close(); }
  RocksLog(const RocksLog&) = delete;
  RocksLog& operator=(const RocksLog&) = delete;

  // The options, at every opening: they lie beside in a file of their own.
  void LogHeader(const char* /*format*/, va_list /*arguments*/) override {}
  using Logger::Logv;
  void Logv(const char* format, va_list arguments) override {
    std::array<char, 1'024> text{};
    const int length = std::vsnprintf(text.data(), text.size(), format, arguments);
    if (length < 0) return;
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    tm parts{};
    ::gmtime_r(&now.tv_sec, &parts);
    std::array<char, 32> time{};
    std::strftime(time.data(), time.size(), "%Y-%m-%dT%H:%M:%SZ ", &parts);
    const std::string line = std::string(time.data()) + text.data() + '\n';

    const std::lock_guard lock(mutex_);
    if (bytes_ >= kMaxFileBytes) roll();
    if (descriptor_ < 0) return;
    if (const ssize_t written = ::write(descriptor_, line.data(), line.size()); written > 0)
      bytes_ += written;
  }

 private:
  void open() {
    descriptor_ = ::open(file_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
    struct stat found{};
    bytes_ = descriptor_ >= 0 && ::fstat(descriptor_, &found) == 0 ? found.st_size : 0;
  }
  void close() const {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  void roll() {
    close();
    std::error_code ignored;
    std::filesystem::rename(file_, file_.string() + ".old", ignored);
    open();
    if (bytes_ >= kMaxFileBytes) bytes_ = 0;  // it could not be renamed: not with every line again
  }

  const std::filesystem::path file_;
  std::mutex mutex_;
  int descriptor_ = -1;
  off_t bytes_ = 0;
};

}  // namespace

std::shared_ptr<rocksdb::Logger> make_rocks_log(const std::filesystem::path& directory) {
  return std::make_shared<RocksLog>(directory / "rocksdb.log");
}

}  // namespace usance::storage
