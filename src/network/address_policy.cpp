#include "network/address_policy.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/error.h"
#include "base/text.h"

namespace meridian::network {
namespace {

using boost::asio::ip::address;
using boost::asio::ip::address_v6;

// What is not the public internet: this host, private and shared networks, links, documentation, multicast,
// reserved; and ways by which IPv6 carries IPv4 addresses.
constexpr std::array kSpecial{
    "0.0.0.0/8",      "10.0.0.0/8",   "100.64.0.0/10",  "127.0.0.0/8",    "169.254.0.0/16", "172.16.0.0/12",
    "192.0.0.0/24",   "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",  "198.51.100.0/24",
    "203.0.113.0/24", "224.0.0.0/4",  "240.0.0.0/4",    "::/96",          "64:ff9b::/96",   "64:ff9b:1::/48",
    "100::/64",       "2001::/23",    "2001:db8::/32",  "2002::/16",      "fc00::/7",       "fe80::/10",
    "fec0::/10",      "ff00::/8"};

// IPv4 is looked at as the IPv6 addresses that stand for it.
address_v6 as_v6(const address& one) {
  return one.is_v4() ? boost::asio::ip::make_address_v6(boost::asio::ip::v4_mapped, one.to_v4())
                     : one.to_v6();
}

}  // namespace

AddressPolicy::Network AddressPolicy::network_of(std::string_view text) {
  const auto slash = text.find('/');
  boost::system::error_code error;
  const address first = boost::asio::ip::make_address(std::string(text.substr(0, slash)), error);
  int bits = first.is_v4() ? 32 : 128;
  const int most = bits;
  if (!error && slash != std::string_view::npos) {
    const std::string_view digits = text.substr(slash + 1);
    const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
    if (failed != std::errc() || end != digits.data() + digits.size() || bits < 0 || bits > most)
      error = boost::asio::error::invalid_argument;
  }
  if (error)
    throw Error(ErrorCode::invalid_configuration,
                "\"" + std::string(text.substr(0, 80)) + "\" is no network such as 10.1.0.0/16");
  return {as_v6(first), first.is_v4() ? bits + 96 : bits};
}

bool AddressPolicy::contains(const Network& network, const address_v6& address) {
  const auto first = network.first.to_bytes(), bytes = address.to_bytes();
  for (int bit = 0; bit < network.bits; ++bit) {
    const auto byte = static_cast<std::size_t>(bit / 8);
    if (((first[byte] ^ bytes[byte]) >> (7 - bit % 8)) & 1) return false;
  }
  return true;
}

AddressPolicy::AddressPolicy(std::string_view networks) {
  for (const std::string_view one : list_items(networks)) allowed_.push_back(network_of(one));
}

bool AddressPolicy::allows(const address& address) const {
  const address_v6 asked = as_v6(address);
  const auto has_it = [&](const Network& network) { return contains(network, asked); };
  if (std::ranges::any_of(allowed_, has_it)) return true;
  return std::ranges::none_of(kSpecial, [&](const char* special) { return has_it(network_of(special)); });
}

}  // namespace meridian::network
