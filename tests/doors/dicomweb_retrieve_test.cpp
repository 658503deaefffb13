// WADO-RS and STOW-RS over a socket.
#include <gmock/gmock.h>

#include "archive/compose.h"
#include "archive/parse.h"
#include "base/file.h"
#include "doors/http_node_fixture.h"

namespace meridian::doors::http {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr const char* kAsDicom = "Content-Type: application/dicom\r\n";

class DicomwebRetrieveTest : public HttpNodeTest {
 protected:
  static std::string film(const std::string& instance, const std::string& study = "1.1",
                          const std::string& description = "Chest radiograph") {
    archive::FilmFacts facts;
    facts.study_description = description;
    facts.patient_id = "P-1";
    facts.study_uid = study;
    facts.series_uid = study + ".1";
    facts.instance_uid = instance;
    vision::GreyImage image{.width = 256, .height = 128};
    for (int i = 0; i < 256 * 128; ++i) image.pixels.push_back(float(i % 256) / 255);
    return archive::compose_film(image, facts);
  }

  void SetUp() override {
    plain_ = film("1.1.1.1");
    ASSERT_EQ(post("/dicomweb/studies", plain_, kAsDicom).status, 200);
    write_file(folder_ / "plain.dcm", film("1.1.1.2"));
    ASSERT_EQ(
        std::system(("dcmcjpeg " + (folder_ / "plain.dcm").string() + " " + (folder_ / "small.dcm").string())
                        .c_str()),
        0);
    compressed_ = read_file(folder_ / "small.dcm");
    ASSERT_EQ(post("/dicomweb/studies", compressed_, kAsDicom).status, 200);
  }

  HttpAnswer accept(const std::string& target, const std::string& accept) {
    return get("/dicomweb/studies/1.1" + target, "Accept: " + accept + "\r\n");
  }
  int status(const std::string& target, const std::string& types) { return accept(target, types).status; }

  std::string plain_, compressed_;
};

constexpr const char* kPlain = "/series/1.1.1/instances/1.1.1.1";
constexpr const char* kSmall = "/series/1.1.1/instances/1.1.1.2";

TEST_F(DicomwebRetrieveTest, GivesInstancesAsAccepted) {
  EXPECT_EQ(accept(kPlain, "application/dicom").body, plain_);
  EXPECT_THAT(accept(kPlain, "multipart/related; type=\"application/dicom\"").header("content-type"),
              StartsWith("multipart/related"));
  EXPECT_THAT(accept(kPlain, "*/*").header("content-type"), StartsWith("multipart/related"));
  EXPECT_EQ(status(kPlain, "application/dicom;q=0"), 406);
  EXPECT_EQ(status(kPlain, "image/png"), 406);
  EXPECT_EQ(status("", "application/dicom"), 406);  // a study is of many parts
  EXPECT_EQ(status("", "multipart/related; type=\"application/dicom\"; transfer-syntax=*"), 200);
  EXPECT_EQ(status("/series/1.1.1", "multipart/*"), 200);
}

TEST_F(DicomwebRetrieveTest, GivesAStudyPieceByPiece) {
  const std::string kinds = "multipart/related; type=\"application/dicom\"; transfer-syntax=*";
  const HttpAnswer study = accept("", kinds);
  EXPECT_EQ(study.header("transfer-encoding"), "chunked");
  EXPECT_NE(study.body.find(plain_), std::string::npos);
  EXPECT_NE(study.body.find(compressed_), std::string::npos);
  EXPECT_THAT(study.body, ::testing::EndsWith("--\r\n"));
  EXPECT_EQ(status(kPlain, "application/dicom"), 200);  // on the same connection
  blobs_->for_each([&](const std::string& digest) {
    if (blobs_->get(digest) == compressed_)
      write_file(folder_ / "blobs" / digest.substr(0, 2) / digest, "damaged");
  });
  EXPECT_EQ(accept("", kinds).status, 500);  // nothing has been sent yet
}

TEST_F(DicomwebRetrieveTest, TranscodesOnlyWhereThatIsAsked) {
  EXPECT_EQ(accept(kSmall, "application/dicom; transfer-syntax=*").body, compressed_);
  EXPECT_EQ(accept(kSmall, "application/dicom; transfer-syntax=1.2.840.10008.1.2.4.70").body, compressed_);
  const archive::Parsed decoded = archive::parse_instance(accept(kSmall, "application/dicom").body);
  EXPECT_EQ(decoded.facts.transfer_syntax, "1.2.840.10008.1.2.1");
  EXPECT_EQ(decoded.file.substr(decoded.file.size() - 65536), plain_.substr(plain_.size() - 65536));
  EXPECT_EQ(status(kSmall, "application/dicom; transfer-syntax=1.2.840.10008.1.2.4.90"), 406);
}

TEST_F(DicomwebRetrieveTest, GivesFramesByTheirNumbers) {
  const std::string frames = std::string(kSmall) + "/frames/";
  EXPECT_EQ(accept(frames + "1", "application/octet-stream").body, plain_.substr(plain_.size() - 65536));
  EXPECT_THAT(accept(frames + "1,1", "multipart/related; type=\"image/jpeg\"").body,
              HasSubstr("image/jpeg; transfer-syntax=1.2.840.10008.1.2.4.70"));
  EXPECT_THAT(
      accept(frames + "1", "multipart/related; type=\"application/octet-stream\"; transfer-syntax=*").body,
      HasSubstr("transfer-syntax=1.2.840.10008.1.2.4.70"));
  EXPECT_EQ(accept(frames + "1", "image/jpeg").body.substr(0, 2), "\xFF\xD8");
  EXPECT_EQ(status(frames + "1,1", "image/jpeg"), 406);
  EXPECT_EQ(status(frames + "1", "image/jp2"), 406);
  EXPECT_EQ(status(frames + "2", "*/*"), 404);
  for (const char* wrong : {"0", "x", "1,,1", "-1", "1;2"})
    EXPECT_EQ(status(frames + wrong, "*/*"), 400) << wrong;
}

TEST_F(DicomwebRetrieveTest, RendersAndMakesThumbnails) {
  EXPECT_EQ(accept(std::string(kPlain) + "/rendered?window=2048,4096,linear&viewport=64,64&quality=50", "*/*")
                .header("content-type"),
            "image/jpeg");
  const std::string rendered = std::string(kPlain) + "/rendered";
  const HttpAnswer part = accept(rendered + "?window=2048,4096,sigmoid&viewport=64,64,8,4,-16,", "image/png");
  EXPECT_EQ(static_cast<unsigned char>(part.body.at(19)), 8);  // its width
  EXPECT_NE(accept(rendered + "?annotation=patient,technique", "image/png").body,
            accept(rendered, "image/png").body);
  const HttpAnswer small = accept("/thumbnail", "image/png;q=0.9, image/jpeg;q=0.1");
  EXPECT_EQ(small.body.substr(1, 3), "PNG");
  EXPECT_EQ(static_cast<unsigned char>(small.body.at(19)), 128);  // its width
  EXPECT_EQ(static_cast<unsigned char>(small.body.at(23)), 64);
  for (const char* target : {"/series/1.1.1/thumbnail", "/series/1.1.1/instances/1.1.1.1/thumbnail",
                             "/series/1.1.1/instances/1.1.1.2/frames/1/thumbnail"})
    EXPECT_EQ(status(target, "image/*"), 200) << target;
  for (const char* wrong :
       {"window=1", "window=a,b", "window=1,2,cubic", "window=1,0", "window=1,0,sigmoid", "viewport=8",
        "viewport=8,8,1", "viewport=8,8,9000,0,9,9", "viewport=9,9,nan,0,9,9", "window=nan,inf",
        "annotation=all", "quality=0", "quality=101"})
    EXPECT_EQ(status(std::string(kPlain) + "/rendered?" + wrong, "*/*"), 400) << wrong;
  EXPECT_EQ(status(std::string(kPlain) + "/rendered", "image/bmp"), 406);
}

TEST_F(DicomwebRetrieveTest, GivesBulkDataByRanges) {
  const std::string pixels = std::string(kPlain) + "/bulkdata/7FE00010";
  const auto range = [&](const std::string& bytes) {
    return get("/dicomweb/studies/1.1" + pixels,
               "Accept: application/octet-stream\r\nRange: " + bytes + "\r\n");
  };
  const std::string whole = accept(pixels, "application/octet-stream").body;
  ASSERT_EQ(whole.size(), 65536u);
  const HttpAnswer part = range("bytes=10-19");
  EXPECT_EQ(part.status, 206);
  EXPECT_EQ(part.body, whole.substr(10, 10));
  EXPECT_EQ(part.header("content-range"), "bytes 10-19/65536");
  EXPECT_EQ(range("bytes=65530-").body, whole.substr(65530));
  EXPECT_EQ(range("bytes=-6").body, whole.substr(65530));
  EXPECT_EQ(range("bytes=65530-99999999").body, whole.substr(65530));
  EXPECT_EQ(range("bytes=65536-").status, 416);
  for (const char* other : {"bytes=5-1", "bytes=x-y", "lines=1-2", "bytes=0-1,5-6", "bytes=-"})
    EXPECT_EQ(range(other).status, 200) << other;
  EXPECT_EQ(status(pixels, "image/png"), 406);
  EXPECT_EQ(status(std::string(kPlain) + "/bulkdata/00100099", "*/*"), 404);
}

TEST_F(DicomwebRetrieveTest, GivesMetadataAtEachLevel) {
  for (const std::string& level : {std::string(), std::string("/series/1.1.1")})
    EXPECT_EQ(accept(level + "/metadata", "application/dicom+json").json().size(), 2u) << level;
  EXPECT_EQ(accept(std::string(kPlain) + "/metadata", "application/json").json().size(), 1u);
  EXPECT_EQ(status("/metadata", "application/dicom+xml"), 406);
  EXPECT_EQ(get("/dicomweb/studies/1.9/metadata").status, 404);
  EXPECT_EQ(get("/dicomweb/studies/study/metadata").status, 400);
}

// What is kept of a series' metadata is never that of another file, or of one that is gone.
TEST_F(DicomwebRetrieveTest, GivesMetadataOfASeriesAsItIsNow) {
  const auto metadata = [&] { return accept("/metadata", "application/dicom+json").json(); };
  const Json first = metadata();
  EXPECT_EQ(metadata(), first);
  for (const Json& one : first.items()) {
    const std::string instance = one.get("00080018.Value").at(0).as_string();
    EXPECT_EQ(accept("/series/1.1.1/instances/" + instance + "/metadata", "application/json").json().at(0),
              one);
    EXPECT_EQ(one.text("7FE00010.BulkDataURI"),
              "/dicomweb/studies/1.1/series/1.1.1/instances/" + instance + "/bulkdata/7FE00010");
  }
  ASSERT_EQ(post("/dicomweb/studies", film("1.1.1.3"), kAsDicom).status, 200);
  EXPECT_EQ(metadata().size(), 3u);
  database_->write([&](storage::Transaction& transaction) {
    archive_.remove(transaction, {"1.1", "1.1.1", "1.1.1.2"});
    archive::Received received = archive_.receive(film("1.1.1.1", "1.1", "Corrected"));
    archive_.replace(transaction, received);
  });
  const Json now = metadata();
  ASSERT_EQ(now.size(), 2u);
  EXPECT_EQ(now.at(0).get("00081030.Value").at(0).as_string(), "Corrected");
  const HttpAnswer xml = accept("/metadata", "multipart/related; type=\"application/dicom+xml\"");
  EXPECT_NE(xml.body.find("Corrected"), std::string::npos);
  EXPECT_EQ(xml.body.find("1.1.1.2"), std::string::npos);
}

TEST_F(DicomwebRetrieveTest, RemovesInstancesSeriesAndStudies) {
  const auto remove = [&](const std::string& path) {
    return client_->request("DELETE", "/dicomweb/studies" + path, {}, {}).status;
  };
  const auto study = [&] {
    return get("/fhir/ImagingStudy?identifier=urn:oid:1.1").json().get("entry").size();
  };
  ASSERT_EQ(post("/dicomweb/studies", film("1.1.2.1"), kAsDicom).status, 200);
  ASSERT_EQ(study(), 1u);
  EXPECT_EQ(remove("/1.1/series/1.1.1/instances/1.1.1.9"), 404);
  EXPECT_EQ(remove("/1.1/series/1.1.2/instances/1.1.1.1"), 404);
  EXPECT_EQ(remove("/1.1/series/x"), 400);
  EXPECT_EQ(remove("/1.9"), 404);
  for (const auto& [who, answer] : {std::pair{"zhao", 404}, {"lin", 403}, {"root", 403}}) {
    sign_in(who);
    EXPECT_EQ(remove("/1.1"), answer) << who;
  }
  sign_in("wang");
  EXPECT_EQ(remove("/1.1/series/1.1.1/instances/1.1.1.1"), 204);
  EXPECT_EQ(status(kPlain, "*/*"), 404);
  EXPECT_EQ(remove("/1.1/series/1.1.1/instances/1.1.1.1"), 404);
  const Json listed = get("/fhir/ImagingStudy?identifier=urn:oid:1.1").json().get("entry").at(0);
  EXPECT_EQ(listed.get("resource.numberOfInstances").as_int(), 2);
  EXPECT_EQ(listed.get("resource.series").at(0).get("numberOfInstances").as_int(), 2);
  EXPECT_EQ(remove("/1.1/series/1.1.1"), 204);
  EXPECT_EQ(study(), 0u);
  EXPECT_EQ(status("", "*/*"), 404);
  std::size_t kept = 0;
  blobs_->for_each([&](const std::string&) { ++kept; });
  EXPECT_EQ(kept, 0u);
  int audited = 0;
  database_->read([&](storage::Connection& connection) {
    connection.query("SELECT 1 FROM ledger_entry WHERE kind = 'dicom.remove'", {},
                     [&](const auto&) { ++audited; });
  });
  EXPECT_EQ(audited, 3);
  ASSERT_EQ(post("/dicomweb/studies", plain_, kAsDicom).status, 200);  // it may come again
  EXPECT_EQ(accept(kPlain, "application/dicom").body, plain_);
}

TEST_F(DicomwebRetrieveTest, RemovesNothingOnWhichASignedReportRests) {
  const std::string id = get("/fhir/Encounter").json().get("entry").at(0).text("resource.id");
  ASSERT_EQ(post("/care/cases/" + id + "/sign", R"({"text":"Nothing.","accepted":[]})",
                 "Content-Type: application/json\r\n")
                .status,
            200);
  for (const std::string path : {"", "/series/1.1.1", kPlain})
    EXPECT_EQ(client_->request("DELETE", "/dicomweb/studies/1.1" + path, {}, {}).status, 409) << path;
  EXPECT_EQ(status("", "*/*"), 200);
}

TEST_F(DicomwebRetrieveTest, SaysWhatBecameOfEachInstance) {
  const std::string first = film("1.2.1.1", "1.2"), second = film("1.1.1.1", "1.3");
  const auto part = [](const std::string& bytes, const std::string& type = "application/dicom") {
    return "--b\r\nContent-Type: " + type + "\r\n\r\n" + bytes + "\r\n";
  };
  const std::string multipart = "Content-Type: multipart/related; type=\"application/dicom\"; boundary=b\r\n";
  const HttpAnswer some =
      post("/dicomweb/studies", part(first) + part(second) + part("rubbish") + "--b--", multipart);
  EXPECT_EQ(some.status, 202) << some.body;
  const Json report = some.json();
  EXPECT_EQ(report.get("00081190.Value").at(0).as_string(), "/dicomweb/studies/1.2");
  EXPECT_EQ(report.get("00081199.Value").size(), 1u);
  ASSERT_EQ(report.get("00081198.Value").size(), 2u);
  EXPECT_EQ(report.get("00081198.Value").at(0).get("00081155.Value").at(0).as_string(), "1.1.1.1");
  EXPECT_EQ(report.get("00081198.Value").at(0).get("00081197.Value").at(0).as_int(), 0x0111);
  EXPECT_EQ(post("/dicomweb/studies/1.2", first, kAsDicom).status, 200);
  EXPECT_EQ(post("/dicomweb/studies/1.9", first, kAsDicom).status, 409);
  EXPECT_EQ(post("/dicomweb/studies", part(first, "image/png") + "--b--", multipart).status, 409);
  EXPECT_EQ(post("/dicomweb/studies", first, std::string(kAsDicom) + "Accept: text/html\r\n").status, 406);
}

}  // namespace
}  // namespace meridian::doors::http
