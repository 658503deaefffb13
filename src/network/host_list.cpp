#include "network/host_list.h"

#include <algorithm>

#include "base/error.h"
#include "base/text.h"

namespace meridian::network {
namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return result;
}

// A name may end with the point of the root.
std::string name_of(const Url& url) {
  std::string name = lower(url.host);
  if (name.ends_with('.')) name.pop_back();
  return name;
}

}  // namespace

HostList::Host HostList::host_of(std::string_view text) {
  Host host;
  host.below = text.starts_with("*.");
  const std::string_view rest = text.substr(host.below ? 2 : 0);
  try {
    const Url url = parse_url("https://" + std::string(rest) + "/");
    host.name = name_of(url);
    if (rest.ends_with(":" + url.port)) host.port = url.port;
    if (url.target == "/" && host.name.find('*') == std::string::npos) return host;
  } catch (const Error&) {
    // told below
  }
  throw Error(ErrorCode::invalid_configuration, "\"" + std::string(text.substr(0, 80)) +
                                                    "\" is no host such as his.hospital.cn, *.county.gov.cn "
                                                    "or 10.1.0.7:8443");
}

HostList::HostList(std::string_view hosts) {
  for (const std::string_view one : list_items(hosts)) hosts_.push_back(host_of(one));
}

bool HostList::contains(const Url& url) const {
  const std::string name = name_of(url);
  return std::ranges::any_of(hosts_, [&](const Host& host) {
    if (!host.port.empty() && host.port != url.port) return false;
    return host.below ? name.ends_with("." + host.name) : name == host.name;
  });
}

void HostList::require(const Url& url) const {
  if (contains(url)) return;
  throw Error(ErrorCode::forbidden, url.authority() + " is not among the hosts that this node may call", {},
              "Who runs the node can add it to network.subscribers in its configuration");
}

}  // namespace meridian::network
