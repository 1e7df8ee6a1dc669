#include "tools/render/calendar.h"

#include <gtest/gtest.h>

namespace usance::render {
namespace {

TEST(Calendar, ReadsDatesThatExist) {
  EXPECT_EQ(parse_date("2026-11-21").value(), 20261121);
  EXPECT_EQ(parse_date("20261121").value(), 20261121);
  EXPECT_EQ(parse_date("2028-02-29").value(), 20280229);
  for (const char* bad : {"", "2026-11-31", "2026-02-29", "2026-13-01", "2026-00-10", "26-11-21",
                          "2026/11/21", "21.11.2026", "2026-11-2", "+2026112"})
    EXPECT_FALSE(parse_date(bad)) << bad;
}

TEST(Calendar, InstantsAreReadBack) {
  EXPECT_EQ(parse_time("1970-01-01T00:00:00Z").value(), 0);
  EXPECT_EQ(parse_time("2026-11-21T10:30:00Z").value(), 1'795'257'000'000);
  EXPECT_EQ(format_time(1'795'257'000'123), "2026-11-21T10:30:00.123Z");
  EXPECT_EQ(parse_time(format_time(1'795'257'000'123)).value(), 1'795'257'000'123);
  EXPECT_EQ(format_time(-1), "1969-12-31T23:59:59.999Z");
  for (const char* bad :
       {"", "2026-11-21", "2026-11-21T10:30:00", "2026-11-21T24:00:00Z", "2026-11-21T10:60:00Z",
        "2026-11-21T10:30:00+01:00", "2026-11-21T10:30:00.1Z"})
    EXPECT_FALSE(parse_time(bad)) << bad;
  EXPECT_EQ(format_time(INT64_MAX), std::to_string(INT64_MAX) + " ms");
}

TEST(Calendar, ReadsDurations) {
  EXPECT_EQ(parse_duration("6d").value(), 6 * 86'400'000);
  EXPECT_EQ(parse_duration("1d12h").value(), 36 * 3'600'000);
  EXPECT_EQ(parse_duration("90m").value(), 90 * 60'000);
  EXPECT_EQ(parse_duration("500ms").value(), 500);
  for (const char* bad :
       {"", "6", "d", "-6d", "6 d", "6w", "1.5h", "99999999999999d", "999999999999d999999999999d"})
    EXPECT_FALSE(parse_duration(bad)) << bad;
}

}  // namespace
}  // namespace usance::render
