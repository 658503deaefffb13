#include "base/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "base/error.h"
#include "base/time.h"

namespace meridian {
namespace {

spdlog::logger& logger() {
  static const auto instance = [] {
    auto created =
        std::make_shared<spdlog::logger>("meridian", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    created->set_pattern("%v");
    return created;
  }();
  return *instance;
}

spdlog::level::level_enum spdlog_level(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return spdlog::level::debug;
    case LogLevel::info:
      return spdlog::level::info;
    case LogLevel::warning:
      return spdlog::level::warn;
    case LogLevel::error:
      return spdlog::level::err;
    case LogLevel::off:
      break;
  }
  return spdlog::level::off;
}

constexpr std::string_view kNames[] = {"debug", "info", "warning", "error", "off"};

}  // namespace

void set_log_level(LogLevel level) {
  logger().set_level(spdlog_level(level));
}

LogLevel log_level_of(std::string_view name) {
  for (std::size_t i = 0; i < std::size(kNames); ++i)
    if (kNames[i] == name) return static_cast<LogLevel>(i);
  throw Error(ErrorCode::invalid_configuration, "\"" + std::string(name) + "\" is not a log level", {},
              "Use debug, info, warning, error or off");
}

void log(LogLevel level, std::string_view event, const Json::Object& fields) {
  if (!logger().should_log(spdlog_level(level))) return;
  Json line = Json::object(
      {{"time", format_instant(now())}, {"level", kNames[static_cast<int>(level)]}, {"event", event}});
  line.members().insert(line.members().end(), fields.begin(), fields.end());
  logger().log(spdlog_level(level), "{}", line.dump());
}

}  // namespace meridian
