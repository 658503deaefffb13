#include "network/address_policy.h"

#include <gtest/gtest.h>

#include "base/error_of.h"
#include "network/url.h"

namespace meridian::network {
namespace {

bool allows(const AddressPolicy& policy, const char* address) {
  return policy.allows(boost::asio::ip::make_address(address));
}

TEST(AddressPolicy, RefusesWhatIsNotThePublicInternet) {
  const AddressPolicy policy;
  for (const char* address : {"127.0.0.1",
                              "127.9.9.9",
                              "0.0.0.0",
                              "10.1.2.3",
                              "172.16.0.1",
                              "172.31.255.255",
                              "192.168.1.1",
                              "169.254.169.254",
                              "100.64.0.1",
                              "224.0.0.1",
                              "255.255.255.255",
                              "198.18.0.1",
                              "::1",
                              "::",
                              "fe80::1",
                              "fd00::1",
                              "ff02::1",
                              "::ffff:127.0.0.1",
                              "::ffff:10.0.0.1",
                              "::127.0.0.1",
                              "64:ff9b::7f00:1",
                              "2002:7f00:1::",
                              "2001:db8::1"})
    EXPECT_FALSE(allows(policy, address)) << address;
  for (const char* address : {"8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "::ffff:8.8.8.8"})
    EXPECT_TRUE(allows(policy, address)) << address;
}

TEST(AddressPolicy, AllowsTheNetworksThatItIsTold) {
  const AddressPolicy policy("10.1.0.0/16, 192.168.5.7,fd00::/8");
  for (const char* address : {"10.1.0.1", "10.1.255.255", "192.168.5.7", "::ffff:10.1.2.3", "fd12::1"})
    EXPECT_TRUE(allows(policy, address)) << address;
  for (const char* address : {"10.2.0.1", "192.168.5.8", "127.0.0.1", "fc00::1"})
    EXPECT_FALSE(allows(policy, address)) << address;
}

TEST(AddressPolicy, RefusesWhatIsNoNetwork) {
  for (const char* text : {"10.0.0.0/33", "node.example", "10.0.0.0/", "fd00::/129", "10.0.0.0/8x"})
    EXPECT_EQ(code_of([&] { AddressPolicy{text}; }), ErrorCode::invalid_configuration) << text;
}

TEST(Url, IsTakenApart) {
  const Url url = parse_url("https://node.example:8443/fhir/hook?key=1#part");
  EXPECT_TRUE(url.tls);
  EXPECT_EQ(url.host, "node.example");
  EXPECT_EQ(url.port, "8443");
  EXPECT_EQ(url.target, "/fhir/hook?key=1");
  EXPECT_EQ(url.authority(), "node.example:8443");
  EXPECT_EQ(url.below("Patient/1").target, "/fhir/hook/Patient/1?key=1");
  EXPECT_EQ(parse_url("http://[::1]:80").authority(), "[::1]");
  EXPECT_EQ(parse_url("http://node.example").target, "/");
  EXPECT_EQ(parse_url("https://node.example?a=b").target, "/?a=b");
}

TEST(Url, RefusesWhatCouldBeUnderstoodInTwoWays) {
  for (const char* text :
       {"", "ftp://x", "https://", "https://user@node.example/", "https://node.example:0/",
        "https://node.example:99999/", "https://node.example:80x/", "https://node.example/a b",
        "https://node.example/\r\nHost: x", "https://[::1", "//node.example"})
    EXPECT_EQ(code_of([&] { parse_url(text); }), ErrorCode::invalid_value) << text;
}

}  // namespace
}  // namespace meridian::network
