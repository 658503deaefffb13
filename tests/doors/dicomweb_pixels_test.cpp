// WADO-RS of compressed pixels: frames and bulk data, piece by piece.
#include <gmock/gmock.h>

#include "archive/compose.h"
#include "archive/json_dataset.h"
#include "archive/stored_image.h"
#include "base/file.h"
#include "doors/http/multipart.h"
#include "doors/http_node_fixture.h"
#include "vision/picture.h"

namespace meridian::doors::http {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr const char* kAsDicom = "Content-Type: application/dicom\r\n";
constexpr const char* kFilm = "/dicomweb/studies/1.1/series/1.1.1/instances/1.1.1.1";
constexpr const char* kCine = "/dicomweb/studies/1.1/series/1.1.1/instances/1.1.1.2";

// A plain film, and three frames of the same in JPEG-LS.
class DicomwebPixelsTest : public HttpNodeTest {
 protected:
  void SetUp() override {
    archive::FilmFacts facts;
    facts.patient_id = "P-1";
    facts.study_uid = "1.1";
    facts.series_uid = "1.1.1";
    facts.instance_uid = "1.1.1.1";
    vision::GreyImage image{.width = 64, .height = 32};
    for (int i = 0; i < 64 * 32; ++i) image.pixels.push_back(float(i % 64) / 64);
    const std::string plain = archive::compose_film(image, facts);
    ASSERT_EQ(post("/dicomweb/studies", plain, kAsDicom).status, 200);
    write_file(folder_ / "plain.dcm", plain);
    const std::string command =
        "dcmcjpls " + (folder_ / "plain.dcm").string() + " " + (folder_ / "small.dcm").string();
    ASSERT_EQ(std::system(command.c_str()), 0);
    stored_ = archive::StoredImage::of_file(read_file(folder_ / "small.dcm")).stored_frame(1);
    pixels_ = archive_.frame("1.1.1.1", 1, true).bytes;
    Json cine = get(std::string(kFilm) + "/metadata").json().at(0);
    cine["00080018"]["Value"] = Json::array({"1.1.1.2"});
    cine["00280008"] = Json::parse(R"({"vr": "IS", "Value": [3]})");
    cine["7FE00010"] = Json::object({{"vr", "OB"}, {"BulkDataURI", "urn:pixels"}});
    std::string body =
        "--b\r\nContent-Type: application/dicom+json\r\n\r\n" + Json::array({cine}).dump() + "\r\n";
    for (int i = 0; i < 3; ++i)
      body += "--b\r\nContent-Type: image/jls\r\nContent-Location: urn:pixels\r\n\r\n" + stored_ + "\r\n";
    ASSERT_EQ(post("/dicomweb/studies", body + "--b--",
                   "Content-Type: multipart/related; type=\"application/dicom+json\"; boundary=b\r\n")
                  .status,
              200);
  }
  HttpAnswer accept(const std::string& target, const std::string& accept) {
    return get(target, "Accept: " + accept + "\r\n");
  }
  static std::vector<std::string> parts_of(const HttpAnswer& answer) {
    std::vector<std::string> parts;
    for (const Part& part : parse_multipart(answer.body, MediaType::parse(answer.header("content-type"))))
      parts.emplace_back(part.bytes);
    return parts;
  }

  std::string stored_, pixels_;
};

TEST_F(DicomwebPixelsTest, GivesWhatTheUriOfCompressedPixelsNames) {
  const Json metadata = get(std::string(kCine) + "/metadata").json().at(0);
  const std::string uri = metadata.text("7FE00010.BulkDataURI");
  EXPECT_EQ(uri, std::string(kCine) + "/bulkdata/7FE00010");
  const std::string all = pixels_ + pixels_ + pixels_;
  EXPECT_EQ(accept(uri, "application/octet-stream").body, all);
  EXPECT_EQ(accept(uri, "*/*").body, all);
  EXPECT_THAT(parts_of(accept(uri, "multipart/related; type=\"application/octet-stream\"")),
              ::testing::ElementsAre(all));
  const HttpAnswer frames = accept(uri, "multipart/related; type=\"image/jls\"");
  ASSERT_EQ(frames.status, 200) << frames.body;
  EXPECT_THAT(frames.body, HasSubstr("Content-Type: image/jls; transfer-syntax=1.2.840.10008.1.2.4.80"));
  EXPECT_THAT(parts_of(frames), ::testing::ElementsAre(stored_, stored_, stored_));
  EXPECT_EQ(accept(uri, "multipart/related; type=\"image/jp2\"").status, 406);
  EXPECT_EQ(accept(uri, "image/jls").status, 406);  // three frames are no one picture
}

// A video is one stream, whatever its frames and fragments.
TEST_F(DicomwebPixelsTest, GivesAVideoAsItIsStored) {
  Json film = get(std::string(kFilm) + "/metadata").json().at(0);
  film["00080018"]["Value"] = Json::array({"1.1.1.3"});
  film["00280008"] = Json::parse(R"({"vr": "IS", "Value": [50]})");
  film["7FE00010"] = Json::object({{"vr", "OB"}, {"BulkDataURI", "urn:film"}});
  const std::string body =
      "--b\r\nContent-Type: application/dicom+json\r\n\r\n" + Json::array({film}).dump() +
      "\r\n--b\r\nContent-Type: video/mp4\r\nContent-Location: urn:film\r\n\r\n" + "a stream of" +
      "\r\n--b\r\nContent-Type: video/mp4\r\nContent-Location: " + "urn:film\r\n\r\n" + " pictures" +
      "\r\n--b--";
  const HttpAnswer stored =
      post("/dicomweb/studies", body,
           "Content-Type: multipart/related; type=\"application/dicom+json\"; boundary=b\r\n");
  EXPECT_EQ(stored.status, 200) << stored.body << stored.header("warning");
  const std::string video = "/dicomweb/studies/1.1/series/1.1.1/instances/1.1.1.3";
  const std::string uri = video + "/bulkdata/7FE00010";
  const HttpAnswer given = accept(uri, "video/mp4");
  EXPECT_EQ(given.header("content-type"), "video/mp4");
  EXPECT_THAT(given.body, StartsWith("a stream of"));
  EXPECT_THAT(given.body, HasSubstr(" pictures"));
  EXPECT_EQ(accept(uri, "*/*").status, 200);
  EXPECT_EQ(accept(uri, "application/octet-stream").body, given.body);
  const HttpAnswer piece = get(uri, "Accept: video/mp4\r\nRange: bytes=2-7\r\n");
  EXPECT_EQ(piece.status, 206);
  EXPECT_EQ(piece.body, "stream");
  EXPECT_EQ(accept(video + "/rendered", "video/mp4").body, given.body);
  EXPECT_EQ(accept(video + "/rendered", "image/jpeg").status, 406);
  EXPECT_EQ(accept(video + "/frames/1", "video/mp4").body, given.body);
  EXPECT_EQ(accept(video + "/frames/1", "*/*").status, 200);
  EXPECT_EQ(accept(video + "/frames/2", "video/mp4").status, 406);
  const auto pictures =
      parts_of(accept("/dicomweb/studies/1.1/rendered", "multipart/related; type=\"image/png\""));
  EXPECT_EQ(pictures.size(), 4u) << "of the film and the three compressed frames";
}

TEST_F(DicomwebPixelsTest, SendsFramesPieceByPiece) {
  const std::string frames = std::string(kCine) + "/frames/";
  const HttpAnswer answer = accept(frames + "3,1,2", "multipart/related; type=\"application/octet-stream\"");
  ASSERT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("transfer-encoding"), "chunked");
  EXPECT_THAT(parts_of(answer), ::testing::ElementsAre(pixels_, pixels_, pixels_));
  EXPECT_THAT(answer.body, HasSubstr(std::string("Content-Location: ") + kCine + "/frames/3\r\n"));
  EXPECT_EQ(accept(frames + "1,2,4", "*/*").status, 404);
  EXPECT_EQ(accept(frames + "1,2,x", "*/*").status, 400);
  std::string many = "1";
  for (int i = 0; i < 5000; ++i) many += ",1";
  EXPECT_EQ(accept(frames + many, "*/*").status, 413);
}

TEST_F(DicomwebPixelsTest, RendersAListOfFramesAndAWholeCine) {
  const std::string three = "multipart/related; type=\"image/jpeg\"";
  EXPECT_EQ(parts_of(accept(std::string(kCine) + "/frames/1,3/rendered", three)).size(), 2u);
  EXPECT_THAT(accept(std::string(kCine) + "/frames/1,3/rendered", "*/*").header("content-type"),
              StartsWith("multipart/related"));
  EXPECT_EQ(accept(std::string(kCine) + "/frames/1,3/rendered", "image/jpeg").status, 406);
  EXPECT_EQ(accept(std::string(kCine) + "/frames/1,4/rendered", three).status, 404);
  EXPECT_EQ(parts_of(accept(std::string(kCine) + "/rendered", three)).size(), 3u);
  EXPECT_EQ(accept(std::string(kCine) + "/rendered", "*/*").header("content-type"), "image/jpeg");
}

TEST_F(DicomwebPixelsTest, RendersTheImagesOfAPresentationState) {
  const auto store_state = [this](const std::string& study, const std::string& instance) {
    const Json state = Json::parse(R"({
      "00080016": {"vr": "UI", "Value": ["1.2.840.10008.5.1.4.1.1.11.1"]},
      "00080018": {"vr": "UI", "Value": [")" +
                                   instance + R"("]},
      "00080060": {"vr": "CS", "Value": ["PR"]},
      "00081115": {"vr": "SQ", "Value": [{
        "0020000E": {"vr": "UI", "Value": ["1.1.1"]},
        "00081140": {"vr": "SQ", "Value": [
          {"00081155": {"vr": "UI", "Value": ["1.1.1.2"]}, "00081160": {"vr": "IS", "Value": [1, 3]}},
          {"00081155": {"vr": "UI", "Value": ["9.9.9"]}}]}}]},
      "00100020": {"vr": "LO", "Value": ["P-1"]},
      "0020000D": {"vr": "UI", "Value": [")" +
                                   study + R"("]},
      "0020000E": {"vr": "UI", "Value": [")" +
                                   study + R"(.7"]},
      "00700042": {"vr": "US", "Value": [90]},
      "20500020": {"vr": "CS", "Value": ["IDENTITY"]}})");
    const HttpAnswer stored = post(
        "/dicomweb/studies",
        "--b\r\nContent-Type: application/dicom+json\r\n\r\n" + Json::array({state}).dump() + "\r\n--b--",
        "Content-Type: multipart/related; type=\"application/dicom+json\"; boundary=b\r\n");
    EXPECT_EQ(stored.status, 200) << stored.body;
    return "/dicomweb/studies/" + study + "/series/" + study + ".7/instances/" + instance + "/rendered";
  };
  const std::string turned = store_state("1.1", "1.1.7.1");
  const HttpAnswer one = accept(turned, "image/png");
  ASSERT_EQ(one.status, 200) << one.body;
  const vision::GreyImage picture = vision::decode_picture(one.body).grey;
  EXPECT_EQ(picture.width, 32);
  EXPECT_EQ(picture.height, 64);
  EXPECT_EQ(parts_of(accept(turned, "multipart/related; type=\"image/png\"")).size(), 2u);
  // Images of another study are none of its business, even where they are here.
  EXPECT_EQ(accept(store_state("2.2", "2.2.7.1"), "image/png").status, 404);
}

}  // namespace
}  // namespace meridian::doors::http
