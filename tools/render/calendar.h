// Dates and instants as people write them (ISO 8601, RFC 3339) and as contracts keep them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace usance::render {

// "2026-11-21" or "20261121" -> 20261121; the day must exist.
[[nodiscard]] Result<std::int32_t> parse_date(std::string_view text);
[[nodiscard]] std::string format_date(std::int32_t date);  // "2026-11-21"; 0 is "no date"

// "2026-11-21T10:30:00Z", with optional milliseconds -> UTC milliseconds since 1970-01-01.
[[nodiscard]] Result<std::int64_t> parse_time(std::string_view text);
[[nodiscard]] std::string format_time(std::int64_t ms);  // "2026-11-21T10:30:00.000Z"

// "6d", "36h", "90m", "30s", "500ms", or several of them in a row: "1d12h" -> milliseconds.
[[nodiscard]] Result<std::int64_t> parse_duration(std::string_view text);

}  // namespace usance::render
