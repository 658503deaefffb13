#include "record/bundle/version_tag.h"

#include <charconv>
#include <optional>

#include "base/error.h"
#include "base/text.h"

namespace meridian::record {
namespace {

std::optional<std::int64_t> version_of(std::string_view tag) {
  tag = trimmed(tag);
  if (tag.starts_with("W/")) tag.remove_prefix(2);
  if (tag.size() >= 2 && tag.front() == '"' && tag.back() == '"') tag = tag.substr(1, tag.size() - 2);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(tag.data(), tag.data() + tag.size(), number);
  if (error != std::errc() || end != tag.data() + tag.size()) return {};
  return number;
}

}  // namespace

std::int64_t parse_version_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || text.front() == '-')
    throw Error(ErrorCode::not_found, "There is no such version", std::string(text.substr(0, 80)));
  return number;
}

std::string version_tag(std::int64_t number) {
  return "W/\"" + std::to_string(number) + "\"";
}

std::int64_t parse_version_tag(std::string_view text, const char* header) {
  if (const auto number = version_of(text)) return *number;
  throw Error(ErrorCode::invalid_request,
              "\"" + std::string(text.substr(0, 80)) + "\" is not a version as W/\"3\"", header);
}

bool names_version(std::string_view tags, std::int64_t number) {
  while (!tags.empty()) {
    const std::string_view tag = tags.substr(0, tags.find(','));
    tags.remove_prefix(std::min(tags.size(), tag.size() + 1));
    if (trimmed(tag) == "*" || version_of(tag) == number) return true;
  }
  return false;
}

}  // namespace meridian::record
