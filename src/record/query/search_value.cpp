#include "record/query/search_value.h"

#include <array>
#include <utility>

#include "base/error.h"
#include "record/values/decimal.h"
#include "record/values/temporal.h"

namespace meridian::record {
namespace {

constexpr std::array<std::pair<std::string_view, Prefix>, 9> kPrefixes{{{"eq", Prefix::eq},
                                                                        {"ne", Prefix::ne},
                                                                        {"gt", Prefix::gt},
                                                                        {"lt", Prefix::lt},
                                                                        {"ge", Prefix::ge},
                                                                        {"le", Prefix::le},
                                                                        {"sa", Prefix::sa},
                                                                        {"eb", Prefix::eb},
                                                                        {"ap", Prefix::ap}}};

[[noreturn]] void fail(std::string_view text, const char* expected) {
  throw Error(ErrorCode::invalid_value, "\"" + std::string(text.substr(0, 80)) + "\" is not " + expected);
}

}  // namespace

std::vector<std::string> split_unescaped(std::string_view text, char separator) {
  std::vector<std::string> parts(1);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == separator) {
      parts.emplace_back();
      continue;
    }
    parts.back() += text[i];
    if (text[i] == '\\' && i + 1 < text.size()) parts.back() += text[++i];
  }
  return parts;
}

std::string unescape(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '\\' && i + 1 < text.size() &&
                        std::string_view(",|$\\").find(text[i + 1]) != std::string_view::npos;
    plain += escape ? text[++i] : text[i];
  }
  return plain;
}

Prefix take_prefix(std::string_view& text) {
  for (const auto& [name, prefix] : kPrefixes)
    if (text.starts_with(name)) {
      text.remove_prefix(name.size());
      return prefix;
    }
  return Prefix::eq;
}

DateInterval parse_date_interval(std::string_view text) {
  const bool with_time = text.find('T') != std::string_view::npos;
  const auto date = with_time ? Temporal::parse_date_time(text) : Temporal::parse_date(text);
  if (!date) fail(text, "a date as 2026, 2026-11, 2026-11-24 or 2026-11-24T08:30:00Z");
  return {date->first_microsecond(), date->last_microsecond()};
}

NumberInterval parse_number_interval(std::string_view text) {
  const auto decimal = Decimal::parse(text);
  if (!decimal) fail(text, "a number");
  const Decimal half(5, decimal->scale() + 1);
  return {subtract(*decimal, half).value_or(*decimal).to_double(),
          add(*decimal, half).value_or(*decimal).to_double(), decimal->to_double()};
}

TokenValue parse_token(std::string_view text) {
  const std::vector<std::string> parts = split_unescaped(text, '|');
  if (parts.size() > 2) fail(text, "a token as code, system|code, |code or system|");
  if (parts.size() == 1) return {true, {}, unescape(parts[0])};
  return {false, unescape(parts[0]), unescape(parts[1])};
}

}  // namespace meridian::record
