#include "network/host_list.h"

#include <gtest/gtest.h>

#include "base/error_of.h"

namespace meridian::network {
namespace {

bool allows(const HostList& hosts, const std::string& url) {
  return hosts.contains(parse_url(url));
}

TEST(HostList, AllowsNothingByItself) {
  EXPECT_FALSE(allows(HostList(), "https://node.example/"));
  EXPECT_FALSE(allows(HostList(" "), "https://node.example/"));
}

TEST(HostList, AllowsNamesAndAddressesWhateverTheirCase) {
  const HostList hosts("HIS.hospital.cn, 10.1.0.7, [fd00::7]");
  EXPECT_TRUE(allows(hosts, "https://his.Hospital.CN/hook"));
  EXPECT_TRUE(allows(hosts, "https://his.hospital.cn.:8443/hook"));
  EXPECT_TRUE(allows(hosts, "http://10.1.0.7:8080/"));
  EXPECT_TRUE(allows(hosts, "https://[fd00::7]/"));
  for (const char* other :
       {"https://hospital.cn/", "https://other.his.hospital.cn/", "https://xhis.hospital.cn/",
        "https://his.hospital.cn.evil.example/", "https://10.1.0.70/"})
    EXPECT_FALSE(allows(hosts, other)) << other;
}

TEST(HostList, AllowsAllNamesBelowOne) {
  const HostList hosts("*.county.gov.cn");
  EXPECT_TRUE(allows(hosts, "https://a.b.county.gov.cn/"));
  EXPECT_FALSE(allows(hosts, "https://county.gov.cn/"));
  EXPECT_FALSE(allows(hosts, "https://xcounty.gov.cn/"));
}

TEST(HostList, KeepsToAPortWhereOneIsNamed) {
  const HostList hosts("a.example:8443, b.example:443");
  EXPECT_TRUE(allows(hosts, "https://a.example:8443/"));
  EXPECT_FALSE(allows(hosts, "https://a.example/"));
  EXPECT_TRUE(allows(hosts, "https://b.example/"));
  EXPECT_FALSE(allows(hosts, "https://b.example:8443/"));
}

TEST(HostList, RefusesWhatIsNoHost) {
  for (const char* wrong : {"*", "*.", "https://a.example", "a.example/hook", "a b", "a.*.example", "a,,b",
                            "a:0", "user@a.example", "10.0.0.0/8"})
    EXPECT_EQ(code_of([&] { HostList{wrong}; }), ErrorCode::invalid_configuration) << wrong;
}

}  // namespace
}  // namespace meridian::network
