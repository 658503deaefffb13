// The addresses that a node calls: http and https.
#pragma once
#include <string>
#include <string_view>

namespace meridian::network {

struct Url {
  bool tls = true;
  std::string host;  // a name or an address, without brackets
  std::string port;
  std::string target;  // path and query; begins with /

  std::string authority() const;  // as the header Host says it
  // The same with more segments after its path.
  Url below(std::string_view segments) const;
};

// Throws invalid_value for what is no such URL, has a user in it, or characters that a URL has not.
Url parse_url(std::string_view text);

}  // namespace meridian::network
