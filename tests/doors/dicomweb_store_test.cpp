// STOW-RS over a socket: what is taken, under which transfer syntax, and what is said of it.
#include <gmock/gmock.h>

#include <array>

#include "archive/compose.h"
#include "archive/json_dataset.h"
#include "archive/parse.h"
#include "base/error.h"
#include "base/file.h"
#include "doors/http_node_fixture.h"

namespace meridian::doors::http {
namespace {

using ::testing::HasSubstr;

constexpr const char* kAsDicom = "Content-Type: application/dicom\r\n";

class DicomwebStoreTest : public HttpNodeTest {
 protected:
  static std::string film(const std::string& instance, int width = 32) {
    archive::FilmFacts facts;
    facts.patient_id = "P-1";
    facts.study_uid = "1.1";
    facts.series_uid = "1.1.1";
    facts.instance_uid = instance;
    vision::GreyImage image{.width = width, .height = 16};
    for (int i = 0; i < width * 16; ++i) image.pixels.push_back(float(i % width) / float(width));
    return archive::compose_film(image, facts);
  }
  static std::string file_of(const std::string& json) {
    return archive::compose_from_json(Json::parse(json), [](const std::string&) -> archive::BulkData {
      throw Error(ErrorCode::not_found, "There are no bulk data");
    });
  }
  // A report of measurements as a viewer makes it, which copies the patient's identifier and not its issuer.
  static std::string measurements(const std::string& instance, const std::string& more = {}) {
    return file_of(R"({
      "00080016": {"vr": "UI", "Value": ["1.2.840.10008.5.1.4.1.1.88.33"]},
      "00080018": {"vr": "UI", "Value": [")" +
                   instance + R"("]},
      "00080060": {"vr": "CS", "Value": ["SR"]},
      "0020000D": {"vr": "UI", "Value": ["1.7"]},
      "0020000E": {"vr": "UI", "Value": ["1.7.2"]},
      "00100020": {"vr": "LO", "Value": ["P-7"]})" +
                   more + "}");
  }
  static std::string part(const std::string& bytes, const std::string& headers) {
    return "--b\r\n" + headers + "\r\n" + bytes + "\r\n";
  }
  HttpAnswer store(const std::string& bytes) { return post("/dicomweb/studies", bytes, kAsDicom); }
  HttpAnswer store_parts(const std::string& parts, const std::string& type = "application/dicom") {
    return post("/dicomweb/studies", parts + "--b--\r\n",
                "Content-Type: multipart/related; type=\"" + type + "\"; boundary=b\r\n");
  }
  // The failure reason of the only instance that failed.
  static std::int64_t reason_of(const HttpAnswer& answer) {
    return answer.json().get("00081198.Value").at(0).get("00081197.Value").at(0).as_int();
  }
  // The frame of a film of this width, compressed by a program of DCMTK, and the film's attributes.
  std::string compressed(const std::string& program, int width = 32) {
    write_file(folder_ / "plain.dcm", film("1.1.1.8", width));
    const std::string command =
        program + " " + (folder_ / "plain.dcm").string() + " " + (folder_ / "small.dcm").string();
    EXPECT_EQ(std::system(command.c_str()), 0);
    return archive::StoredImage::of_file(read_file(folder_ / "small.dcm")).stored_frame(1);
  }
  Json attributes_of(const std::string& bytes, const std::string& instance) {
    EXPECT_EQ(store(bytes).status, 200);
    const std::string uid = archive::parse_instance(bytes).facts.key.instance;
    Json metadata = get("/dicomweb/studies/1.1/series/1.1.1/instances/" + uid + "/metadata").json().at(0);
    metadata["00080018"]["Value"] = Json::array({instance});
    metadata["7FE00010"] = Json::object({{"vr", "OB"}, {"BulkDataURI", "urn:pixels"}});
    return metadata;
  }
};

TEST_F(DicomwebStoreTest, TakesMeasurementsThatDoNotNameTheIssuer) {
  const std::string issuer = R"(, "00100021": {"vr": "LO", "Value": ["HOSPITAL"]})";
  ASSERT_EQ(store(measurements("1.7.2.1", issuer)).status, 200);
  const HttpAnswer back = store(measurements("1.7.2.2"));
  EXPECT_EQ(back.status, 200) << back.body;
  const Json series = get("/dicomweb/studies/1.7/instances?PatientID=P-7").json();
  EXPECT_EQ(series.size(), 2u);
  const std::string other = R"(, "00100021": {"vr": "LO", "Value": ["ANOTHER"]})";
  EXPECT_EQ(store(measurements("1.7.2.3", other)).status, 409);
}

TEST_F(DicomwebStoreTest, TakesTheDefaultTransferSyntaxOfAMediaType) {
  const Json attributes = attributes_of(film("1.1.1.1"), "1.1.1.2");
  const std::string jpeg = compressed("dcmcjpeg");
  const HttpAnswer stored =
      store_parts(part(Json::array({attributes}).dump(), "Content-Type: application/dicom+json\r\n") +
                      part(jpeg, "Content-Type: image/jpeg\r\nContent-Location: urn:pixels\r\n"),
                  "application/dicom+json");
  ASSERT_EQ(stored.status, 200) << stored.body;
  EXPECT_EQ(archive_.find("1.1.1.2")->transfer_syntax, "1.2.840.10008.1.2.4.70");
  EXPECT_EQ(archive_.frame("1.1.1.2", 1, true).bytes, archive_.frame("1.1.1.1", 1, true).bytes);
  const HttpAnswer unknown =
      store_parts(part(Json::array({attributes}).dump(), "Content-Type: application/dicom+json\r\n") +
                      part(jpeg, "Content-Type: image/gif\r\nContent-Location: urn:pixels\r\n"),
                  "application/dicom+json");
  EXPECT_EQ(unknown.status, 409);
}

TEST_F(DicomwebStoreTest, TakesTheFramesOfACompressedImagePartByPart) {
  Json attributes = attributes_of(film("1.1.1.1"), "1.1.1.3");
  attributes["00280008"] = Json::parse(R"({"vr": "IS", "Value": [2]})");
  const std::string frame = compressed("dcmcjpls"), head = "Content-Type: image/jls\r\n";
  const std::string one = part(frame, head + "Content-Location: urn:pixels\r\n");
  const HttpAnswer stored = store_parts(
      part(Json::array({attributes}).dump(), "Content-Type: application/dicom+json\r\n") + one + one,
      "application/dicom+json");
  ASSERT_EQ(stored.status, 200) << stored.body;
  for (int number : {1, 2})
    EXPECT_EQ(archive_.frame("1.1.1.3", number, true).bytes, archive_.frame("1.1.1.1", 1, true).bytes);
}

TEST_F(DicomwebStoreTest, TakesTheFramesOfANativeImagePartByPart) {
  Json attributes = attributes_of(film("1.1.1.1"), "1.1.1.4");
  attributes["00280008"] = Json::parse(R"({"vr": "IS", "Value": [2]})");
  attributes["7FE00010"]["vr"] = "OW";
  const std::string frame = archive_.frame("1.1.1.1", 1, true).bytes, other(frame.size(), '\1');
  const std::string head = "Content-Type: application/octet-stream\r\nContent-Location: urn:pixels\r\n";
  const HttpAnswer stored =
      store_parts(part(Json::array({attributes}).dump(), "Content-Type: application/dicom+json\r\n") +
                      part(frame, head) + part(other, head),
                  "application/dicom+json");
  ASSERT_EQ(stored.status, 200) << stored.body << stored.header("warning");
  EXPECT_EQ(archive_.frame("1.1.1.4", 1, true).bytes, frame);
  EXPECT_EQ(archive_.frame("1.1.1.4", 2, true).bytes, other);
}

TEST_F(DicomwebStoreTest, RefusesThePartsThatAreNoInstancesAndTakesTheOthers) {
  const HttpAnswer files =
      store_parts(part(film("1.1.1.1"), kAsDicom) + part("hello", "Content-Type: text/plain\r\n"));
  EXPECT_EQ(files.status, 202) << files.body;
  EXPECT_EQ(files.json().get("00081199.Value").size(), 1u);
  EXPECT_EQ(reason_of(files), 0xC000);
  const HttpAnswer none = store_parts(part("hello", "Content-Type: text/plain\r\n"));
  EXPECT_EQ(none.status, 409) << none.body;
  EXPECT_EQ(reason_of(none), 0xC000);
  EXPECT_EQ(post("/dicomweb/studies", "hello", "Content-Type: text/plain\r\n").status, 415);
  Json dataset = attributes_of(film("1.1.1.1"), "1.1.1.5");
  dataset["7FE00010"] = Json::parse(R"({"vr": "OW", "InlineBinary": "AAAA"})");
  const std::string json = "Content-Type: application/dicom+json\r\n";
  const HttpAnswer metadata =
      store_parts(part(Json::array({dataset}).dump(), json) + part("[{", json), "application/dicom+json");
  EXPECT_EQ(metadata.status, 202) << metadata.body;
  EXPECT_TRUE(archive_.find("1.1.1.5"));
}

TEST_F(DicomwebStoreTest, SaysThatItDoesNotKnowATransferSyntax) {
  std::string bytes = film("1.1.1.1");
  const std::string known = std::string("1.2.840.10008.1.2.1") + '\0';
  bytes.replace(bytes.find(known), known.size(), "1.2.840.10008.1.2.99");
  const HttpAnswer answer = store(bytes);
  EXPECT_EQ(answer.status, 409);
  EXPECT_EQ(reason_of(answer), 0xC122);
}

TEST_F(DicomwebStoreTest, WarnsOfDamageAndNotOfWhatItRemarks) {
  const HttpAnswer damaged = store(film("1.1.1.6") + std::string(64, '\0'));
  EXPECT_EQ(damaged.status, 202) << damaged.body;
  EXPECT_EQ(damaged.json().get("00081199.Value").at(0).get("00081196.Value").at(0).as_int(), 0xB007);
  // A film with writing in it, which the console remarks.
  constexpr int kSide = 700, kHigh = 28;
  const std::array<std::string, 7> letter{"#...#", "##..#", "#.#.#", "#.#.#", "#..##", "#...#", "#...#"};
  vision::GreyImage image{.width = kSide, .height = kSide};
  image.pixels.assign(std::size_t(kSide) * kSide, 0.3f);
  for (int i = 0; i < 9; ++i)
    for (int y = 0; y < kHigh; ++y)
      for (int x = 0; x < kHigh * 5 / 7; ++x)
        if (letter.at(y * 7 / kHigh).at(x * 7 / kHigh) == '#')
          image.pixels[std::size_t((30 + y) * kSide + 35 + i * kHigh * 6 / 7 + x)] = 1.0f;
  archive::FilmFacts facts;
  facts.patient_id = "P-1";
  facts.study_uid = "1.1";
  facts.series_uid = "1.1.1";
  facts.instance_uid = "1.1.1.7";
  const std::string written = archive::compose_film(image, facts);
  const auto taken =
      care_.intake.receive(written, {identity_.sign_in("wang", kPassword).principal, "stow", {}, {}});
  ASSERT_THAT(taken.flaws, ::testing::Contains(HasSubstr("writing in the picture")));
  EXPECT_EQ(store(written).status, 200);
}

TEST_F(DicomwebStoreTest, WarnsOfTextsThatAreNotOfTheirCharacterSet) {
  std::string bytes =
      measurements("1.7.2.1", R"(, "00100010": {"vr": "PN", "Value": [{"Alphabetic": "Wang"}]})");
  const std::string set = "ISO_IR 192", wrong = "GB18030   ";
  bytes.replace(bytes.find(set), set.size(), wrong);
  bytes.replace(bytes.find("Wang"), 4, "\xCD\xF5\xFF\xFF");
  const HttpAnswer answer = store(bytes);
  EXPECT_EQ(answer.status, 202) << answer.body;
  EXPECT_THAT(answer.header("warning"), HasSubstr("(0010,0010)"));
}

}  // namespace
}  // namespace meridian::doors::http
