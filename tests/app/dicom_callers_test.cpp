#include "app/dicom_callers.h"

#include <gmock/gmock.h>

#include "app/configuration.h"
#include "base/error.h"

namespace meridian::app {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

TEST(DicomCallers, BelongToOrganizations) {
  EXPECT_THAT(
      dicom_callers_of(" CT 1 = Organization/a ,XRAY=Organization/b"),
      ElementsAre(Pair("CT 1", DicomCaller{.organization = "Organization/a", .host = "", .port = 0}),
                  Pair("XRAY", DicomCaller{.organization = "Organization/b", .host = "", .port = 0})));
  EXPECT_THAT(dicom_callers_of("PACS=Organization/c@192.0.2.7:104"),
              ElementsAre(Pair(
                  "PACS", DicomCaller{.organization = "Organization/c", .host = "192.0.2.7", .port = 104})));
  EXPECT_THAT(dicom_callers_of(" "), IsEmpty());
}

TEST(DicomCallers, AreCalledUnderTls) {
  const auto callers = dicom_callers_of("PACS=Organization/c@pacs.example:2762/tls");
  EXPECT_EQ(callers.at("PACS").host, "pacs.example");
  EXPECT_EQ(callers.at("PACS").port, 2762);
  EXPECT_TRUE(callers.at("PACS").tls);
}

TEST(DicomCallers, AreRefusedWhenTheyAreHalfNamed) {
  for (const std::string wrong :
       {"CT1", "CT1=", "=Organization/a", "CT1=a", "CT1=Organization/", "CT1=Organization/a,,",
        "CT1=Organization/a@host", "CT1=Organization/a@:104", "CT1=Organization/a@host:0",
        "CT1=Organization/a@host:99999", "CT1=Organization/@h:1", "CT1=Organization/a, CT1=Organization/b"}) {
    EXPECT_THROW(dicom_callers_of(wrong), Error) << wrong;
    EXPECT_THROW(Configuration::parse("[dicom]\ncallers = \"" + wrong + "\"\n", "node.toml"), Error) << wrong;
  }
}

}  // namespace
}  // namespace meridian::app
