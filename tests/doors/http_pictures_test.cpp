// Pictures that are not what they ought to be, as a person uploads them.
#include "doors/http_node_fixture.h"
#include "vision/phantom_film.h"
#include "vision/picture.h"

namespace meridian::doors::http {
namespace {

using ::testing::HasSubstr;

class HttpPicturesTest : public HttpNodeTest {
 protected:
  HttpAnswer upload(const std::string& bytes, const std::string& of_what = {}) {
    return post("/care/cases/" + case_id + "/recordings", bytes,
                "Content-Type: image/png\r\nX-File-Name: picture.png\r\n" + of_what);
  }

  const std::string case_id =
      post("/care/cases",
           R"({"patient":"Patient/)" + create_patient() + R"(","reason":"","priority":"routine"})",
           "Content-Type: application/json\r\n")
          .json()
          .text("case.id");
};

// A header that promises 20,000 pixels a side, before anything is decoded.
std::string huge_picture() {
  std::string bytes = vision::encode_png(vision::GreyImage{8, 8, std::vector<float>(64, 0.5F), {}});
  const std::string side("\x00\x00\x4E\x20", 4);
  bytes.replace(16, 8, side + side);
  return bytes;
}

TEST_F(HttpPicturesTest, OfTwentyThousandPixelsAreRefusedWithTheReason) {
  const HttpAnswer answer = upload(huge_picture());
  EXPECT_EQ(answer.status, 413);
  EXPECT_THAT(answer.body, HasSubstr("20000 x 20000 pixels"));
  EXPECT_THAT(answer.body, HasSubstr("Send at most 12000 pixels a side"));
}

// A photograph of a cat, say: nothing that is in colour is a film of the chest.
TEST_F(HttpPicturesTest, InColourAreNoFilmsOfTheChest) {
  vision::ColourImage photograph{64, 64, {}, {}};
  for (int i = 0; i < 64 * 64; ++i)
    for (const int value : {200, 120 + i % 64, 40})
      photograph.pixels.push_back(static_cast<std::uint8_t>(value));
  const HttpAnswer refused = upload(vision::encode_png(photograph));
  EXPECT_EQ(refused.status, 415) << refused.body;
  EXPECT_EQ(upload(vision::encode_png(photograph), "X-Modality: OP\r\nX-Body-Part: RETINA\r\n").status, 202);
}

TEST_F(HttpPicturesTest, WithWritingInThemAreFlagged) {
  vision::GreyImage film{256, 256, std::vector<float>(256 * 256, 0.3F), {}};
  for (int letter = 0; letter < 6; ++letter)  // an L each
    for (int y = 0; y < 21; ++y)
      for (int x = 0; x < (y < 18 ? 3 : 14); ++x)
        film.pixels[static_cast<std::size_t>((20 + y) * 256 + 20 + 20 * letter + x)] = 1;
  const HttpAnswer taken = upload(vision::encode_png(film));
  ASSERT_EQ(taken.status, 202);
  EXPECT_THAT(taken.json().get("flaws").dump(), HasSubstr("writing in the picture"));
  const Json page = get("/care/cases/" + case_id).json();
  EXPECT_THAT(page.get("recordings").at(0).get("flaws").dump(), HasSubstr("it may name the patient"));
  const vision::GreyImage plain{256, 256, std::vector<float>(256 * 256, 0.5F), {}};
  EXPECT_TRUE(upload(vision::encode_png(plain)).json().get("flaws").empty());
}

TEST_F(HttpPicturesTest, OfAModalityThatIsNoneAreRefused) {
  const std::string film = vision::encode_png(vision::draw({.side = 256}));
  EXPECT_EQ(upload(film, "X-Modality: cat photograph\r\n").status, 422);
}

}  // namespace
}  // namespace meridian::doors::http
