// The hosts that a node may call for a client (docs/decisions/0010).
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "network/url.h"

namespace meridian::network {

class HostList {
 public:
  HostList() = default;
  // hosts: "his.hospital.cn, *.county.gov.cn, 10.1.0.7:8443": a name or an address, or all names below one;
  // without a port, any. Names do not tell case. Throws invalid_configuration, also for "*": every host is no
  // list.
  explicit HostList(std::string_view hosts);

  bool contains(const Url& url) const;
  // Throws forbidden, saying who can allow it.
  void require(const Url& url) const;

 private:
  struct Host {
    std::string name;  // in lower case; after "*." where below is set
    std::string port;  // empty: any
    bool below = false;
  };
  static Host host_of(std::string_view text);

  std::vector<Host> hosts_;
};

}  // namespace meridian::network
