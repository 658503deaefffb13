#include "archive/pixels.h"

#include <gtest/gtest.h>

#include "archive/archive_fixture.h"

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
