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
  EXPECT_THAT(dicom_callers_of(" CT 1 = Organization/a ,XRAY=Organization/b"),
              ElementsAre(Pair("CT 1", "Organization/a"), Pair("XRAY", "Organization/b")));
  EXPECT_THAT(dicom_callers_of(" "), IsEmpty());
}

TEST(DicomCallers, AreRefusedWhenTheyAreHalfNamed) {
  for (const std::string wrong : {"CT1", "CT1=", "=Organization/a", "CT1=a", "CT1=Organization/",
                                  "CT1=Organization/a,,", "CT1=Organization/a, CT1=Organization/b"}) {
    EXPECT_THROW(dicom_callers_of(wrong), Error) << wrong;
    EXPECT_THROW(Configuration::parse("[dicom]\ncallers = \"" + wrong + "\"\n", "node.toml"), Error) << wrong;
  }
}

}  // namespace
}  // namespace meridian::app
