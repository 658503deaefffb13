// Structured logs: one JSON object a line on standard error, with time, level, event and fields.
// Never the content of a record: identifiers only.
#pragma once
#include <string>
#include <string_view>

#include "base/json.h"

namespace meridian {

enum class LogLevel { debug, info, warning, error, off };

void set_log_level(LogLevel level);
LogLevel log_level_of(std::string_view name);  // throws invalid_configuration
// event: a short constant name, "association-accepted"; fields: what a person needs to find the case.
void log(LogLevel level, std::string_view event, const Json::Object& fields = {});
inline void log_info(std::string_view event, const Json::Object& fields = {}) {
  log(LogLevel::info, event, fields);
}
inline void log_warning(std::string_view event, const Json::Object& fields = {}) {
  log(LogLevel::warning, event, fields);
}
inline void log_error(std::string_view event, const Json::Object& fields = {}) {
  log(LogLevel::error, event, fields);
}

}  // namespace meridian
