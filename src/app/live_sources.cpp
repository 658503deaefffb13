#include "app/live_sources.h"

#include <algorithm>

#include "base/error.h"
#include "base/text.h"

namespace meridian::app {
namespace {

[[noreturn]] void wrong(std::string_view entry, const std::string& what) {
  throw Error(ErrorCode::invalid_configuration, what, "live.sources: \"" + std::string(entry) + "\"",
              "Write NAME=ADDRESS, with commas between");
}

}  // namespace

std::vector<care::LiveSource> live_sources_of(std::string_view text) {
  std::vector<care::LiveSource> sources;
  for (const std::string_view entry : list_items(text)) {
    const auto equals = entry.find('=');
    if (equals == std::string_view::npos) wrong(entry, "A source lacks its address");
    const std::string name(trimmed(entry.substr(0, equals))), address(trimmed(entry.substr(equals + 1)));
    if (name.empty() || address.empty()) wrong(entry, "A source lacks its name or address");
    if (std::ranges::find(sources, name, &care::LiveSource::id) != sources.end())
      wrong(entry, "A source stands twice");
    sources.push_back({name, name, address});
  }
  return sources;
}

}  // namespace meridian::app
