#include "app/live_sources.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/text.h"

namespace meridian::app {
namespace {

// Its number, not the entry: that may hold a password.
[[noreturn]] void wrong(std::size_t number, const std::string& what) {
  throw Error(ErrorCode::invalid_configuration, what, fmt::format("live.sources, entry {}", number),
              "Write NAME=ADDRESS, with commas between");
}

}  // namespace

std::vector<care::LiveSource> live_sources_of(std::string_view text) {
  std::vector<care::LiveSource> sources;
  std::size_t number = 0;
  for (const std::string_view entry : list_items(text)) {
    ++number;
    const auto equals = entry.find('=');
    if (equals == std::string_view::npos) wrong(number, "A source lacks its address");
    const std::string name(trimmed(entry.substr(0, equals))), address(trimmed(entry.substr(equals + 1)));
    if (name.empty() || address.empty()) wrong(number, "A source lacks its name or address");
    if (name.find("://") != std::string::npos) wrong(number, "A source's name is an address");
    if (std::ranges::find(sources, name, &care::LiveSource::name) != sources.end())
      wrong(number, "A source stands twice");
    sources.push_back({name, address});
  }
  return sources;
}

}  // namespace meridian::app
