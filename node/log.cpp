#include "node/log.h"

#include <atomic>
#include <ctime>
#include <memory>
#include <mutex>

#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace usance::log {

namespace {

struct Output {
  std::shared_ptr<spdlog::logger> logger;
  bool json = false;
};

// Replaced as a whole on reload; a line being written keeps the one it began with alive.
std::shared_ptr<const Output>& slot() {
  static std::shared_ptr<const Output> output = [] {
    auto made = std::make_shared<Output>();
    made->logger = std::make_shared<spdlog::logger>(
        "usanced", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->logger->set_pattern("%v");
    return made;
  }();
  return output;
}
std::mutex& slot_mutex() {
  static std::mutex mutex;
  return mutex;
}
std::atomic<Level> minimum{Level::kInfo};

std::shared_ptr<const Output> current() {
  const std::lock_guard lock(slot_mutex());
  return slot();
}

constexpr std::string_view kNames[] = {"trace", "debug", "info", "warning", "error"};

spdlog::level::level_enum spdlog_level(Level level) {
  switch (level) {
    case Level::kTrace: return spdlog::level::trace;
    case Level::kDebug: return spdlog::level::debug;
    case Level::kInfo: return spdlog::level::info;
    case Level::kWarning: return spdlog::level::warn;
    case Level::kError: return spdlog::level::err;
  }
  return spdlog::level::info;
}

std::string now() {
  std::timespec at{};
  std::timespec_get(&at, TIME_UTC);
  std::tm parts{};
  gmtime_r(&at.tv_sec, &parts);
  char text[40];
  const std::size_t n = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
  return fmt::format("{}.{:03}Z", std::string_view(text, n), at.tv_nsec / 1'000'000);
}

// Text that came from elsewhere must not forge a second line or break the JSON.
std::string escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    const auto u = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (u < 0x20 || u == 0x7f) {
      out += fmt::format("\\u{:04x}", u);
    } else {
      out += c;
    }
  }
  return out;
}

bool is_plain(std::string_view text) {
  if (text.empty()) return false;
  for (const char c : text)
    if (static_cast<unsigned char>(c) <= 0x20 || c == '"' || c == '\\' || c == '=') return false;
  return true;
}

}  // namespace

Result<Level> parse_level(std::string_view text) {
  for (std::size_t i = 0; i < std::size(kNames); ++i)
    if (text == kNames[i]) return static_cast<Level>(i);
  return fail(ErrorCode::kInvalidArgument,
              "'" + std::string(text) + "' is none of trace, debug, info, warning, error");
}

Result<void> open(Level level, bool json, const std::filesystem::path& file) {
  auto made = std::make_shared<Output>();
  made->json = json;
  try {
    spdlog::sink_ptr sink;
    if (file.empty())
      sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    else
      sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(file.string());
    made->logger = std::make_shared<spdlog::logger>("usanced", std::move(sink));
  } catch (const std::exception& error) {
    return fail(ErrorCode::kIo, "cannot open the log file: " + std::string(error.what()));
  }
  made->logger->set_pattern("%v");
  made->logger->set_level(spdlog::level::trace);
  made->logger->flush_on(spdlog::level::info);
  minimum = level;
  const std::lock_guard lock(slot_mutex());
  slot() = std::move(made);
  return {};
}

void set_level(Level level) {
  minimum = level;
}
bool enabled(Level level) {
  return level >= minimum.load(std::memory_order_relaxed);
}
void flush() {
  current()->logger->flush();
}

void write(Level level, std::string_view event, std::string_view message,
           std::initializer_list<Field> fields) {
  if (!enabled(level)) return;
  const auto output = current();
  const std::string_view name = kNames[static_cast<std::size_t>(level)];
  fmt::memory_buffer line;
  auto out = std::back_inserter(line);
  if (output->json) {
    fmt::format_to(out, R"({{"time":"{}","level":"{}","event":"{}","message":"{}")", now(), name,
                   event, escaped(message));
    for (const Field& field : fields) {
      if (field.text())
        fmt::format_to(out, R"(,"{}":"{}")", field.key(), escaped(field.value()));
      else
        fmt::format_to(out, R"(,"{}":{})", field.key(), field.value());
    }
    fmt::format_to(out, "}}");
  } else {
    fmt::format_to(out, "{} {:7} {:24} {}", now(), name, event, escaped(message));
    for (const Field& field : fields) {
      if (is_plain(field.value()))
        fmt::format_to(out, " {}={}", field.key(), field.value());
      else
        fmt::format_to(out, " {}=\"{}\"", field.key(), escaped(field.value()));
    }
  }
  output->logger->log(spdlog_level(level), std::string_view(line.data(), line.size()));
}

}  // namespace usance::log
