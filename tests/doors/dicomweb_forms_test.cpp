// DICOMweb's other forms: data sets as XML, and whole series as pictures.
#include <gmock/gmock.h>

#include "archive/compose.h"
#include "doors/http/multipart.h"
#include "doors/http_node_fixture.h"

namespace meridian::doors::http {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class DicomwebFormsTest : public HttpNodeTest {
 protected:
  void SetUp() override {
    for (const char* instance : {"1.1.1.1", "1.1.1.2"}) ASSERT_EQ(store(film(instance)).status, 200);
  }

  static std::string film(const std::string& instance, const std::string& study = "1.1") {
    archive::FilmFacts facts;
    facts.patient_id = "P<1>";
    facts.patient_name = "Wang^Xiuying^^Dr=王^秀英";
    facts.study_uid = study;
    facts.series_uid = study + ".1";
    facts.instance_uid = instance;
    const vision::GreyImage image{32, 16, std::vector<float>(32 * 16, 0.5f), {}};
    return archive::compose_film(image, facts);
  }
  HttpAnswer store(const std::string& bytes, const std::string& accept = "*/*") {
    return post("/dicomweb/studies", bytes, "Content-Type: application/dicom\r\nAccept: " + accept + "\r\n");
  }
  HttpAnswer accept(const std::string& target, const std::string& accept) {
    return get("/dicomweb" + target, "Accept: " + accept + "\r\n");
  }
  static std::vector<std::string> parts_of(const HttpAnswer& answer) {
    std::vector<std::string> parts;
    for (const Part& part : parse_multipart(answer.body, MediaType::parse(answer.header("content-type"))))
      parts.emplace_back(part.bytes);
    return parts;
  }
};

// More than are filed together, of two studies, one of them twice and one of which the content conflicts.
TEST_F(DicomwebFormsTest, TakesManyInstancesOfOneRequest) {
  std::string body;
  const auto add = [&](const std::string& bytes) {
    body += "--b\r\nContent-Type: application/dicom\r\n\r\n" + bytes + "\r\n";
  };
  for (int i = 0; i < 70; ++i) add(film("1.2.1." + std::to_string(i), i % 2 ? "1.2" : "1.3"));
  add(film("1.2.1.69", "1.2"));
  add(film("1.1.1.1", "1.2"));
  const HttpAnswer answer =
      post("/dicomweb/studies", body + "--b--",
           "Content-Type: multipart/related; type=\"application/dicom\"; boundary=b\r\n");
  EXPECT_EQ(answer.status, 202);
  EXPECT_EQ(answer.json().get("00081199.Value").size(), 71u);
  ASSERT_EQ(answer.json().get("00081198.Value").size(), 1u);
  EXPECT_EQ(answer.json().get("00081198.Value").at(0).get("00081155.Value").at(0).as_string(), "1.1.1.1");
  for (const char* study : {"1.2", "1.3"})
    EXPECT_EQ(get("/dicomweb/studies/" + std::string(study) + "/instances").json().size(), 35u) << study;
  EXPECT_EQ(get("/dicomweb/studies/1.1/instances").json().size(), 2u);
  EXPECT_EQ(get("/fhir/Patient").json().get("entry").size(), 1u);
}

TEST_F(DicomwebFormsTest, GivesMetadataAsXml) {
  const HttpAnswer answer =
      accept("/studies/1.1/metadata", "multipart/related; type=\"application/dicom+xml\"");
  ASSERT_EQ(answer.status, 200);
  const std::vector<std::string> parts = parts_of(answer);
  ASSERT_EQ(parts.size(), 2u);
  EXPECT_THAT(parts[0], StartsWith("<?xml"));
  EXPECT_THAT(parts[0], HasSubstr(R"(<DicomAttribute tag="00100020" vr="LO" keyword="PatientID">)"
                                  R"(<Value number="1">P&lt;1&gt;</Value></DicomAttribute>)"));
  EXPECT_THAT(parts[0], HasSubstr("<PersonName number=\"1\"><Alphabetic><FamilyName>Wang</FamilyName>"
                                  "<GivenName>Xiuying</GivenName><NamePrefix>Dr</NamePrefix></Alphabetic>"
                                  "<Ideographic><FamilyName>王</FamilyName><GivenName>秀英</GivenName>"));
  EXPECT_THAT(parts[0], HasSubstr("keyword=\"AnatomicRegionSequence\"><Item number=\"1\"><DicomAttribute"));
  EXPECT_THAT(parts[0], HasSubstr("keyword=\"PixelData\"><BulkData uri=\"/dicomweb/studies/1.1/"));
  EXPECT_EQ(accept("/studies/1.1/metadata", "application/dicom+xml").status, 406);  // many data sets
}

TEST_F(DicomwebFormsTest, SearchesAndStoresAsXml) {
  const HttpAnswer found = accept("/studies", "multipart/related; type=\"application/dicom+xml\"");
  ASSERT_EQ(found.status, 200);
  ASSERT_EQ(parts_of(found).size(), 1u);
  EXPECT_THAT(parts_of(found)[0],
              HasSubstr("keyword=\"NumberOfStudyRelatedInstances\"><Value number=\"1\">2<"));
  const HttpAnswer stored = store(film("1.1.1.3"), "application/dicom+xml");
  EXPECT_EQ(stored.status, 200);
  EXPECT_THAT(stored.header("content-type"), StartsWith("application/dicom+xml"));
  EXPECT_THAT(stored.body, HasSubstr("keyword=\"ReferencedSOPSequence\"><Item number=\"1\">"));
}

TEST_F(DicomwebFormsTest, RendersSeriesAndStudies) {
  for (const char* target : {"/studies/1.1/rendered", "/studies/1.1/series/1.1.1/rendered"}) {
    const HttpAnswer answer = accept(target, "multipart/related; type=\"image/png\"");
    ASSERT_EQ(answer.status, 200) << target;
    const std::vector<std::string> parts = parts_of(answer);
    ASSERT_EQ(parts.size(), 2u);
    for (const std::string& part : parts) EXPECT_THAT(part, StartsWith("\x89PNG"));
  }
  EXPECT_THAT(accept("/studies/1.1/rendered", "*/*").header("content-type"), HasSubstr("image/jpeg"));
  EXPECT_EQ(accept("/studies/1.1/rendered", "multipart/related; type=\"image/bmp\"").status, 406);
  EXPECT_EQ(accept("/studies/9.9/rendered", "*/*").status, 404);
}

// Metadata as the archive gives them, under another UID, and their pixels as a part beside.
class DicomwebMetadataStoreTest : public DicomwebFormsTest {
 protected:
  Json metadata_of(const std::string& instance) {
    return accept("/studies/1.1/series/1.1.1/instances/" + instance + "/metadata", "application/dicom+json")
        .json()
        .at(0);
  }
  HttpAnswer store_metadata(const Json& metadata, const std::string& location, const std::string& bytes) {
    return store_metadata("application/dicom+json", metadata.dump(), location, bytes);
  }
  HttpAnswer store_metadata(const std::string& type, const std::string& metadata, const std::string& location,
                            const std::string& bytes) {
    const std::string body =
        "--b\r\nContent-Type: " + type + "\r\n\r\n" + metadata +
        "\r\n--b\r\nContent-Type: application/octet-stream\r\nContent-Location: " + location + "\r\n\r\n" +
        bytes + "\r\n--b--\r\n";
    return post("/dicomweb/studies", body,
                "Content-Type: multipart/related; type=\"" + type + "\"; boundary=b\r\n");
  }
  std::string pixels_of(const std::string& instance) {
    return accept("/studies/1.1/series/1.1.1/instances/" + instance + "/bulkdata/7FE00010",
                  "application/octet-stream")
        .body;
  }
};

TEST_F(DicomwebMetadataStoreTest, TakesMetadataWithBulkData) {
  Json metadata = metadata_of("1.1.1.1");
  const Json before = metadata;
  metadata["00080018"]["Value"] = Json::array({"1.1.1.9"});
  metadata["7FE00010"]["BulkDataURI"] = "urn:pixels";
  const std::string pixels = pixels_of("1.1.1.1");
  ASSERT_EQ(store_metadata(Json::array({metadata}), "urn:pixels", pixels).status, 200);
  EXPECT_EQ(pixels_of("1.1.1.9"), pixels);
  Json after = metadata_of("1.1.1.9");
  for (const char* tag : {"00080018", "7FE00010"}) after[tag] = *before.find(tag);
  EXPECT_EQ(after.dump(), before.dump());
}

TEST_F(DicomwebMetadataStoreTest, TakesMetadataAsXml) {
  const std::string xml = parts_of(accept("/studies/1.1/series/1.1.1/instances/1.1.1.1/metadata",
                                          "multipart/related; type=\"application/dicom+xml\""))
                              .front();
  const std::string pixels = pixels_of("1.1.1.1"),
                    uri = "/dicomweb/studies/1.1/series/1.1.1/instances/1.1.1.1";
  const auto under = [&](const std::string& uid) {
    std::string copy = xml;
    const std::string before = "<Value number=\"1\">1.1.1.1</Value>";
    return copy.replace(copy.find(before), before.size(), "<Value number=\"1\">" + uid + "</Value>");
  };
  const std::string location = xml.substr(xml.find(uri), xml.find('"', xml.find(uri)) - xml.find(uri));
  ASSERT_EQ(store_metadata("application/dicom+xml", under("1.1.1.5"), location, pixels).status, 200);
  EXPECT_EQ(pixels_of("1.1.1.5"), pixels);
  Json before = metadata_of("1.1.1.1"), after = metadata_of("1.1.1.5");
  for (const char* tag : {"00080018", "7FE00010"}) after[tag] = *before.find(tag);
  EXPECT_EQ(after.dump(), before.dump());
  for (const char* broken :
       {"<NativeDicomModel>", "<Other/>", "<!DOCTYPE a [<!ENTITY b 'c'>]><NativeDicomModel/>",
        "<NativeDicomModel><DicomAttribute vr='UI'/></NativeDicomModel>",
        "<NativeDicomModel><DicomAttribute tag='00080018' vr='UI'><Value "
        "number='0'>1</Value></DicomAttribute>"
        "</NativeDicomModel>"})
    EXPECT_GE(store_metadata("application/dicom+xml", broken, "x", "y").status, 400) << broken;
}

TEST_F(DicomwebMetadataStoreTest, SaysWhichInstanceCannotBeMade) {
  Json good = metadata_of("1.1.1.1"), bad = good;
  good["00080018"]["Value"] = Json::array({"1.1.1.7"});
  bad["00080018"]["Value"] = Json::array({"1.1.1.8"});
  good["7FE00010"]["BulkDataURI"] = "urn:pixels";
  bad["7FE00010"]["BulkDataURI"] = "http://169.254.169.254/secret";
  const HttpAnswer answer = store_metadata(Json::array({good, bad}), "urn:pixels", pixels_of("1.1.1.1"));
  EXPECT_EQ(answer.status, 202);
  EXPECT_THAT(answer.json().get("00081198").dump(), HasSubstr("1.1.1.8"));
  EXPECT_THAT(answer.json().get("00081199").dump(), HasSubstr("1.1.1.7"));
  for (const char* broken : {R"([])", R"({"0008": {"vr": "UI"}})", R"({"00080018": {"vr": "ZZ"}})",
                             R"({"00080018": 7})", R"({"00280010": {"vr": "US", "Value": ["many"]}})"})
    EXPECT_GE(store_metadata(Json::parse(broken), "x", "y").status, 400) << broken;
}

}  // namespace
}  // namespace meridian::doors::http
