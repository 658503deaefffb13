#include "base/local_time.h"

#include <cstdio>
#include <cstdlib>
#include <ctime>

namespace meridian {

std::string format_local(Instant time) {
  const std::time_t moment = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
  std::tm clock{};
  localtime_r(&moment, &clock);
  const long offset = std::labs(clock.tm_gmtoff) / 60;
  char text[80];
  std::snprintf(text, sizeof text, "%04d-%02d-%02d %02d:%02d:%02d %c%02ld:%02ld", clock.tm_year + 1900,
                clock.tm_mon + 1, clock.tm_mday, clock.tm_hour, clock.tm_min, clock.tm_sec,
                clock.tm_gmtoff < 0 ? '-' : '+', offset / 60, offset % 60);
  return text;
}

}  // namespace meridian
