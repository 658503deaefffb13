// Which addresses a node may call for a client. Unless its operator allows them, it calls nothing inside the
// house: a client could otherwise reach through the node what it cannot reach itself.
#pragma once
#include <boost/asio/ip/address.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace meridian::network {

class AddressPolicy {
 public:
  AddressPolicy() = default;
  // networks: "10.1.0.0/16, 192.168.5.7, fd00::/8": private ones that may be called all the same. Throws
  // invalid_configuration.
  explicit AddressPolicy(std::string_view networks);

  // True for what is on the public internet (IANA's special-purpose registries, RFC 6890 and its updates, say
  // what is not), and for what is allowed.
  bool allows(const boost::asio::ip::address& address) const;

 private:
  struct Network {
    boost::asio::ip::address_v6 first;
    int bits = 128;
  };
  static Network network_of(std::string_view text);
  static bool contains(const Network& network, const boost::asio::ip::address_v6& address);

  std::vector<Network> allowed_;
};

}  // namespace meridian::network
