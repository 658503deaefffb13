#include "archive/pixels.h"

#include <gtest/gtest.h>

#include "archive/archive_fixture.h"
#include "archive/parse.h"

namespace meridian::archive {
namespace {

TEST_F(ArchiveTest, GivesBackTheGreysThatWereComposed) {
  const vision::GreyImage film = ramp(100, 20);
  const vision::GreyImage seen = read_frame(compose_film(film, film_facts()), 1).grey;
  ASSERT_EQ(seen.width, 100);
  ASSERT_EQ(seen.height, 20);
  EXPECT_DOUBLE_EQ(seen.spacing.value(), 0.2);
  for (std::size_t i = 0; i < film.pixels.size(); ++i) ASSERT_NEAR(seen.pixels[i], film.pixels[i], 1e-3) << i;
}

TEST_F(ArchiveTest, GivesBackThePicturesThatWereDeclared) {
  vision::Picture picture{ramp(4, 2), vision::ColourImage{4, 2, {}, {}}};
  for (int i = 0; i < 24; ++i) picture.colour->pixels.push_back(static_cast<std::uint8_t>(10 * i));
  const std::string file = compose_picture(picture, film_facts(), "OP", "RETINA");
  const InstanceFacts facts = parse_instance(file).facts;
  EXPECT_EQ(facts.modality, "OP");
  EXPECT_EQ(facts.body_part, "RETINA");
  EXPECT_EQ(facts.sop_class, "1.2.840.10008.5.1.4.1.1.77.1.5.1");
  const FrameImage seen = read_frame(file, 1);
  ASSERT_TRUE(seen.colour);
  EXPECT_EQ(seen.colour->pixels, picture.colour->pixels);
  picture.colour.reset();
  const FrameImage grey = read_frame(compose_picture(picture, film_facts(), "CT", ""), 1);
  EXPECT_FALSE(grey.colour);
  EXPECT_FALSE(grey.hounsfield);  // a picture of a CT is not in Hounsfield units
  for (std::size_t i = 0; i < 8; ++i)
    EXPECT_NEAR(grey.grey.pixels[i], picture.grey.pixels[i], 0.5 / 255 + 1e-4);
  EXPECT_EQ(code_of([&] { compose_picture(picture, film_facts(), "breast scan!", ""); }),
            ErrorCode::invalid_value);
  EXPECT_EQ(code_of([&] { compose_picture({}, film_facts(), "US", ""); }), ErrorCode::invalid_value);
}

TEST_F(ArchiveTest, RendersWithWindowAndViewport) {
  const FilmFacts film = film_facts();
  store(compose_film(ramp(64, 48), film));
  const auto render = [&](RenderOptions options) { return archive_->render(film.instance_uid, options); };
  EXPECT_EQ(render({.media_type = "image/png"}).substr(1, 3), "PNG");
  EXPECT_EQ(render({}).substr(0, 2), "\xFF\xD8");
  EXPECT_NE(render({.media_type = "image/png"}),
            render({.center = 100, .width = 50, .media_type = "image/png"}));
  EXPECT_NE(render({.media_type = "image/png"}), render({.invert = true, .media_type = "image/png"}));
  const std::string small = render({.max_width = 32, .max_height = 32, .media_type = "image/png"});
  EXPECT_EQ(static_cast<unsigned char>(small[19]), 32);  // PNG's IHDR: width
  EXPECT_EQ(static_cast<unsigned char>(small[23]), 24);  // and height
}

TEST_F(ArchiveTest, RefusesPicturesThatCannotBe) {
  const FilmFacts film = film_facts();
  store(compose_film(ramp(8, 8), film));
  const auto code = [&](RenderOptions options) {
    return code_of([&] { archive_->render(film.instance_uid, options); });
  };
  EXPECT_EQ(code({.frame = 0}), ErrorCode::not_found);
  EXPECT_EQ(code({.frame = 2}), ErrorCode::not_found);
  EXPECT_EQ(code({.center = 1, .width = 0}), ErrorCode::invalid_request);
  EXPECT_EQ(code({.max_width = -1}), ErrorCode::invalid_request);
  EXPECT_EQ(code({.media_type = "image/tiff"}), ErrorCode::not_acceptable);
  EXPECT_EQ(code({.quality = 0}), ErrorCode::invalid_request);
  vision::GreyImage wrong = ramp(8, 8);
  wrong.pixels.pop_back();
  EXPECT_EQ(code_of([&] { compose_film(wrong, film); }), ErrorCode::invalid_value);
}

}  // namespace
}  // namespace meridian::archive
