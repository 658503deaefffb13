#include "app/dicom_callers.h"

#include <charconv>

#include "base/error.h"
#include "base/text.h"

namespace meridian::app {
namespace {

constexpr std::string_view kOrganization = "Organization/", kTls = "/tls";

[[noreturn]] void wrong(std::string_view entry, const std::string& what) {
  throw Error(ErrorCode::invalid_configuration, what, "dicom.callers: \"" + std::string(entry) + "\"",
              "Write TITLE=Organization/ID, or TITLE=Organization/ID@HOST:PORT[/tls], with commas between");
}

void set_address(DicomCaller& caller, std::string_view address, std::string_view entry) {
  caller.tls = address.ends_with(kTls);
  if (caller.tls) address.remove_suffix(kTls.size());
  const auto colon = address.rfind(':');
  if (colon == std::string_view::npos || colon == 0)
    wrong(entry, "A caller's address lacks its host or port");
  const std::string_view port = address.substr(colon + 1);
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), caller.port);
  if (error != std::errc() || end != port.data() + port.size() || caller.port == 0)
    wrong(entry, "A caller's port is none");
  caller.host = address.substr(0, colon);
}

DicomCaller caller_of(std::string_view text, std::string_view entry) {
  DicomCaller caller;
  const auto at = text.find('@');
  caller.organization = trimmed(text.substr(0, at));
  if (!caller.organization.starts_with(kOrganization) || caller.organization.size() == kOrganization.size())
    wrong(entry, "A caller's organization is not named");
  if (at != std::string_view::npos) set_address(caller, trimmed(text.substr(at + 1)), entry);
  return caller;
}

}  // namespace

std::map<std::string, DicomCaller> dicom_callers_of(std::string_view text) {
  std::map<std::string, DicomCaller> callers;
  for (const std::string_view entry : list_items(text)) {
    const auto equals = entry.find('=');
    if (equals == std::string_view::npos) wrong(entry, "A caller lacks its organization");
    const std::string_view title = trimmed(entry.substr(0, equals));
    if (title.empty()) wrong(entry, "A caller lacks its AE title");
    if (!callers.emplace(title, caller_of(trimmed(entry.substr(equals + 1)), entry)).second)
      wrong(entry, "A caller stands twice");
  }
  return callers;
}

}  // namespace meridian::app
