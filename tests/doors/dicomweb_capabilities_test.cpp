// What DICOMweb says of itself.
#include <gmock/gmock.h>

#include "archive/transfer_syntax.h"
#include "doors/http_node_fixture.h"

namespace meridian::doors::http {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class DicomwebCapabilitiesTest : public HttpNodeTest {
 protected:
  HttpAnswer options(const std::string& target, const std::string& accept = "*/*") {
    return client_->request("OPTIONS", target, {}, "Accept: " + accept + "\r\n");
  }
};

TEST_F(DicomwebCapabilitiesTest, AreGivenAsWadl) {
  const HttpAnswer all = options("/dicomweb");
  ASSERT_EQ(all.status, 200) << all.body;
  EXPECT_EQ(all.header("content-type"), "application/vnd.sun.wadl+xml");
  EXPECT_THAT(all.body, HasSubstr(R"(<resources base="/dicomweb">)"));
  EXPECT_THAT(all.body,
              HasSubstr(R"(<resource path="/studies/{study}"><param name="study" style="template"/>)"));
  EXPECT_THAT(all.body, HasSubstr(R"(<representation mediaType="application/dicom+json"/>)"));
  EXPECT_THAT(all.body, HasSubstr("/workitems/{workitem}/state"));
  EXPECT_THAT(all.body, HasSubstr("/bulkdata/{path}"));
}

// As the archive keeps them.
TEST_F(DicomwebCapabilitiesTest, NameEachFormOfFrames) {
  const Json described =
      options("/dicomweb/studies/1.2/series/1.3/instances/1.4/frames/1", "application/json").json();
  const std::string types =
      described.get("application.resources.resource").at(0).get("method").at(0).get("response").dump();
  for (const archive::TransferSyntax& syntax : archive::transfer_syntaxes())
    EXPECT_THAT(types, HasSubstr("type=\\\"" + std::string(syntax.media_type) + "\\\"")) << syntax.uid;
}

TEST_F(DicomwebCapabilitiesTest, AreThoseOfTheAddress) {
  const HttpAnswer items = options("/dicomweb/workitems/1.2.3", "application/json");
  ASSERT_EQ(items.status, 200) << items.body;
  EXPECT_THAT(items.body, Not(HasSubstr("/studies")));
  const Json resource = items.json().get("application.resources.resource").at(0);
  EXPECT_EQ(resource.text("path"), "/workitems/{workitem}");
  EXPECT_EQ(resource.get("method").size(), 2u);
  EXPECT_EQ(options("/dicomweb/studies/1.2/series").status, 200);
  EXPECT_EQ(options("/dicomweb/studies", "image/png").status, 406);
  client_->always("");
  EXPECT_EQ(options("/dicomweb").status, 401);
}

}  // namespace
}  // namespace meridian::doors::http
