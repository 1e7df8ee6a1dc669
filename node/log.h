// Logging of the daemon: one line per event, text or JSON, UTC in RFC 3339. Event ids are stable
// and dotted ("peer.connected"); messages are for people and may change. Thread-safe.
#pragma once

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/result.h"
#include "base/types.h"

namespace usance::log {

enum class Level { kTrace, kDebug, kInfo, kWarning, kError };

[[nodiscard]] Result<Level> parse_level(std::string_view text);

// A named value of a log line. Hashes are written as their first 16 hex digits.
class Field {
 public:
  Field(std::string_view key, std::string_view value) : key_(key), value_(value), text_(true) {}
  Field(std::string_view key, const char* value) : Field(key, std::string_view(value)) {}
  Field(std::string_view key, const std::string& value) : Field(key, std::string_view(value)) {}
  template <class T>
    requires std::is_arithmetic_v<T>
  Field(std::string_view key, T value) : key_(key), value_(std::to_string(value)) {}
  Field(std::string_view key, Height height) : Field(key, height.value) {}
  Field(std::string_view key, View view) : Field(key, view.value) {}
  Field(std::string_view key, const Hash32& hash)
      : key_(key), value_(to_hex(hash).substr(0, 16)), text_(true) {}

  [[nodiscard]] std::string_view key() const { return key_; }
  [[nodiscard]] const std::string& value() const { return value_; }
  [[nodiscard]] bool text() const { return text_; }

 private:
  std::string_view key_;
  std::string value_;
  bool text_ = false;
};

// Starts (or, on reload, restarts) the output. An empty file means standard error.
// Errors: kIo when the file cannot be opened, the former output stays.
[[nodiscard]] Result<void> open(Level level, bool json, const std::filesystem::path& file);
void set_level(Level level);
[[nodiscard]] bool enabled(Level level);
void flush();

void write(Level level, std::string_view event, std::string_view message,
           std::initializer_list<Field> fields = {});

inline void debug(std::string_view event, std::string_view message,
                  std::initializer_list<Field> fields = {}) {
  if (enabled(Level::kDebug)) write(Level::kDebug, event, message, fields);
}
inline void info(std::string_view event, std::string_view message,
                 std::initializer_list<Field> fields = {}) {
  write(Level::kInfo, event, message, fields);
}
inline void warning(std::string_view event, std::string_view message,
                    std::initializer_list<Field> fields = {}) {
  write(Level::kWarning, event, message, fields);
}
inline void error(std::string_view event, std::string_view message,
                  std::initializer_list<Field> fields = {}) {
  write(Level::kError, event, message, fields);
}

}  // namespace usance::log
