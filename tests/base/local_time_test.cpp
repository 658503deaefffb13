#include "base/local_time.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>

namespace meridian {
namespace {

class LocalTime : public testing::Test {
 protected:
  void TearDown() override { in_zone(nullptr); }
  static void in_zone(const char* zone) {
    zone ? setenv("TZ", zone, 1) : unsetenv("TZ");
    tzset();
  }
};

TEST_F(LocalTime, BearsTheOffsetOfItsZone) {
  const Instant evening = parse_instant("2026-11-24T20:53:19.987Z");
  in_zone("CST-8");
  EXPECT_EQ(format_local(evening), "2026-11-25 04:53:19 +08:00");
  in_zone("NST3:30");
  EXPECT_EQ(format_local(evening), "2026-11-24 17:23:19 -03:30");
  in_zone("UTC0");
  EXPECT_EQ(format_local(evening), "2026-11-24 20:53:19 +00:00");
  EXPECT_EQ(format_local(parse_instant("1969-12-31T23:59:59.5Z")), "1969-12-31 23:59:59 +00:00");
}

}  // namespace
}  // namespace meridian
