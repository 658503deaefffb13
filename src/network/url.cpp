#include "network/url.h"

#include <algorithm>

#include "base/error.h"

namespace meridian::network {
namespace {

constexpr std::size_t kLongest = 2000;

[[noreturn]] void wrong(std::string_view text, const std::string& why) {
  throw Error(ErrorCode::invalid_value,
              "\"" + std::string(text.substr(0, 200)) + "\" is no address that can be called: " + why);
}

bool is_printable(char c) {
  return c > ' ' && c < 0x7F;
}

// Host and port of "node.example:8443" or "[::1]:8443".
void take_authority(std::string_view text, std::string_view authority, Url& url) {
  std::string_view rest;
  if (authority.starts_with('[')) {
    const auto end = authority.find(']');
    if (end == std::string_view::npos) wrong(text, "a bracket is missing");
    url.host = authority.substr(1, end - 1);
    rest = authority.substr(end + 1);
  } else {
    url.host = authority.substr(0, authority.find(':'));
    rest = authority.substr(url.host.size());
  }
  if (url.host.empty()) wrong(text, "it names no host");
  url.port = url.tls ? "443" : "80";
  if (rest.empty()) return;
  url.port = rest.substr(1);
  const bool digits = !url.port.empty() && url.port.size() <= 5 &&
                      url.port.find_first_not_of("0123456789") == std::string::npos;
  if (rest.front() != ':' || !digits || std::stoi(url.port) < 1 || std::stoi(url.port) > 65535)
    wrong(text, "its port is no number from 1 to 65535");
}

}  // namespace

std::string Url::authority() const {
  const std::string name = host.find(':') == std::string::npos ? host : "[" + host + "]";
  return port == (tls ? "443" : "80") ? name : name + ":" + port;
}

Url Url::below(std::string_view segments) const {
  Url url = *this;
  const auto query = std::min(target.find('?'), target.size());
  std::string path = target.substr(0, query);
  if (!path.ends_with('/')) path += '/';
  url.target = path + std::string(segments) + target.substr(query);
  return url;
}

Url parse_url(std::string_view text) {
  if (text.size() > kLongest) wrong(text, "it is too long");
  if (!std::ranges::all_of(text, is_printable)) wrong(text, "it has characters that must be escaped");
  Url url;
  std::string_view rest;
  if (text.starts_with("https://"))
    rest = text.substr(8);
  else if (text.starts_with("http://"))
    url.tls = false, rest = text.substr(7);
  else
    wrong(text, "it begins with neither https:// nor http://");
  rest = rest.substr(0, rest.find('#'));
  const auto end = std::min(rest.find_first_of("/?"), rest.size());
  const std::string_view authority = rest.substr(0, end);
  if (authority.find('@') != std::string_view::npos) wrong(text, "a user or password is in it");
  take_authority(text, authority, url);
  url.target = rest.substr(end);
  if (!url.target.starts_with('/')) url.target.insert(0, "/");
  return url;
}

}  // namespace meridian::network
