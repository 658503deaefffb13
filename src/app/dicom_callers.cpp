#include "app/dicom_callers.h"

#include "base/error.h"

namespace meridian::app {
namespace {

constexpr std::string_view kOrganization = "Organization/";

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

[[noreturn]] void wrong(std::string_view entry, const std::string& what) {
  throw Error(ErrorCode::invalid_configuration, what, "dicom.callers: \"" + std::string(entry) + "\"",
              "Write TITLE=Organization/ID, with commas between");
}

}  // namespace

std::map<std::string, std::string> dicom_callers_of(std::string_view text) {
  std::map<std::string, std::string> callers;
  text = trimmed(text);
  while (!text.empty()) {
    const auto end = text.find(',');
    const std::string_view entry = trimmed(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    const auto equals = entry.find('=');
    if (equals == std::string_view::npos) wrong(entry, "A caller lacks its organization");
    const std::string_view title = trimmed(entry.substr(0, equals)),
                           owner = trimmed(entry.substr(equals + 1));
    if (title.empty()) wrong(entry, "A caller lacks its AE title");
    if (!owner.starts_with(kOrganization) || owner.size() == kOrganization.size())
      wrong(entry, "A caller's organization is not named");
    if (!callers.emplace(title, owner).second) wrong(entry, "A caller stands twice");
  }
  return callers;
}

}  // namespace meridian::app
