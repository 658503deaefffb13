// Whole slides through the console's addresses: uploaded, described, and looked at square by square.
#include <algorithm>
#include <filesystem>

#include "archive/slide_makers.h"
#include "base/file.h"
#include "doors/http_node_fixture.h"

namespace meridian::doors::http {
namespace {

using ::testing::HasSubstr;

class HttpSlides : public HttpNodeTest {
 protected:
  std::string slide_file(const archive::DrawnTiff& how = {}) {
    const auto file = folder_ / "drawn.svs";
    archive::write_drawn_tiff(file, how);
    return read_file(file);
  }
  std::string open_case() {
    return post("/care/cases", R"({"patient":"Patient/)" + create_patient() + R"(","reason":"Lump"})",
                "Content-Type: application/json\r\n")
        .json()
        .text("case.id");
  }
  HttpAnswer upload(const std::string& case_id, const std::string& file) {
    return post("/care/cases/" + case_id + "/recordings", file,
                "Content-Type: application/octet-stream\r\nX-File-Name: B-17.svs\r\n");
  }
  // The instances of a slide that was uploaded.
  Json uploaded() {
    const HttpAnswer answer = upload(open_case(), slide_file());
    EXPECT_EQ(answer.status, 202) << answer.body;
    return answer.json().get("instances");
  }
  static std::string address(const Json& instances) { return "/care/slides/" + instances.at(0).as_string(); }
};

TEST_F(HttpSlides, AnUploadedSlideIsOneOfLevels) {
  const std::string id = open_case();
  const HttpAnswer answer = upload(id, slide_file());
  ASSERT_EQ(answer.status, 202) << answer.body;
  EXPECT_EQ(answer.json().get("instances").size(), 3u);
  const Json page = get("/care/cases/" + id).json();
  EXPECT_EQ(page.get("recordings").size(), 3u);
  for (const Json& recording : page.get("recordings").items()) {
    EXPECT_EQ(recording.text("kind"), "slide");
    EXPECT_EQ(recording.text("title"), "B-17");
  }
  EXPECT_EQ(page.get("running").size(), 0u);
  // What is sent again is here already.
  EXPECT_EQ(upload(id, slide_file()).status, 202);
  EXPECT_EQ(get("/care/cases/" + id).json().get("recordings").size(), 3u);
  EXPECT_TRUE(std::ranges::none_of(
      std::filesystem::directory_iterator(folder_.path()),
      [](const auto& entry) { return entry.path().filename().string().starts_with("slide-"); }));
}

TEST_F(HttpSlides, GivesItsLevelsAndSquares) {
  const Json instances = uploaded();
  const Json slide = get(address(instances)).json();
  EXPECT_EQ(slide.get("width").as_int(), 2300);
  EXPECT_DOUBLE_EQ(slide.get("spacing").as_double(), 0.0005);
  ASSERT_EQ(slide.get("levels").size(), 2u);
  EXPECT_EQ(slide.get("levels").at(1).get("width").as_int(), 575);
  EXPECT_EQ(slide.text("container"), "B-17");
  EXPECT_FALSE(slide.text("label").empty());
  EXPECT_TRUE(slide.get("overview").is_null());
  const std::string squares = address(instances) + "/" + slide.text("version");
  const HttpAnswer square = get(squares + "/0/8/5");
  EXPECT_EQ(square.status, 200);
  EXPECT_TRUE(square.body.starts_with("\xFF\xD8"));
  for (const char* nowhere : {"/0/9/5", "/0/0/6", "/2/0/0"})
    EXPECT_EQ(get(squares + nowhere).status, 404) << nowhere;
  for (const char* wrong : {"/0/-1/0", "/a/0/0", "/0/0/99999999999999"})
    EXPECT_EQ(get(squares + wrong).status, 400) << wrong;
  EXPECT_EQ(get(address(instances) + "/other/0/0/0").status, 404);
}

TEST_F(HttpSlides, ItsFramesAreDicomwebs) {
  const Json instances = uploaded();
  const HttpAnswer found = get("/dicomweb/instances?SOPInstanceUID=" + instances.at(2).as_string());
  const Json match = found.json().at(0);
  const std::string frames = "/dicomweb/studies/" + match.get("0020000D.Value").at(0).as_string() +
                             "/series/" + match.get("0020000E.Value").at(0).as_string() + "/instances/" +
                             instances.at(2).as_string() + "/frames/54";
  EXPECT_TRUE(get(frames, "Accept: image/jpeg\r\n").body.starts_with("\xFF\xD8"));
  EXPECT_EQ(get(frames, "Accept: application/octet-stream\r\n").body.size(), 256u * 256 * 3);
  EXPECT_TRUE(get(frames + "/rendered", "Accept: image/png\r\n").body.starts_with("\x89PNG"));
}

TEST_F(HttpSlides, AreSeenByThoseWhoMay) {
  const Json instances = uploaded();
  const std::string version = get(address(instances)).json().text("version");
  sign_in("zhao");  // of another clinic
  EXPECT_EQ(get(address(instances)).status, 404);
  EXPECT_EQ(get(address(instances) + "/" + version + "/0/0/0").status, 404);
  sign_in("wang");
  EXPECT_EQ(get("/care/slides/1.2.3").status, 404);
  ledger_.flush();
  sign_in("lin");
  EXPECT_THAT(get("/ledger?kind=dicom.rendered").body, HasSubstr("wang"));
}

TEST_F(HttpSlides, RefusesAFileThatIsNone) {
  const std::string id = open_case(), whole = slide_file();
  const HttpAnswer answer = upload(id, whole.substr(0, 300));
  EXPECT_THAT(answer.status, testing::AnyOf(415, 422, 400, 500)) << answer.body;
  EXPECT_THAT(answer.body, HasSubstr("slide"));
  EXPECT_EQ(get("/care/cases/" + id).json().get("recordings").size(), 0u);
}

TEST_F(HttpSlides, RefusesASlideThatSaysTooMuch) {
  const std::string id = open_case();
  const auto file = folder_ / "vast.tiff";
  archive::write_vast_tiff(file, 1'200'000, 1'200'000);
  const HttpAnswer answer = upload(id, read_file(file));
  EXPECT_EQ(answer.status, 413) << answer.body;
  EXPECT_THAT(answer.body, HasSubstr("more than 4000000 squares"));
  EXPECT_EQ(get("/care/cases/" + id).json().get("recordings").size(), 0u);
}

}  // namespace
}  // namespace meridian::doors::http
