#include "archive/pixels.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "archive/archive_fixture.h"
#include "archive/parse.h"
#include "vision/picture.h"

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

TEST_F(ArchiveTest, ShowsTheRegionThatIsAskedFor) {
  const FilmFacts film = film_facts();
  store(compose_film(ramp(64, 48), film));
  const auto pixels = [&](RenderOptions options) {
    options.media_type = "image/png";
    return vision::decode_picture(archive_->render(film.instance_uid, options)).grey;
  };
  const vision::GreyImage whole = pixels({});
  const vision::GreyImage part = pixels({.region = RenderRegion{16, 12, 32, 24}});
  const vision::GreyImage turned = pixels({.region = RenderRegion{16, 12, 32, 24, true, true}});
  ASSERT_EQ(part.width, 32);
  ASSERT_EQ(part.height, 24);
  for (const auto& [x, y] : {std::pair(0, 0), std::pair(31, 0), std::pair(5, 23)}) {
    const auto at = [](const vision::GreyImage& image, int column, int row) {
      return image.pixels[static_cast<std::size_t>(row * image.width + column)];
    };
    EXPECT_EQ(at(part, x, y), at(whole, 16 + x, 12 + y));
    EXPECT_EQ(at(turned, x, y), at(part, 31 - x, 23 - y));
  }
  EXPECT_EQ(pixels({.region = RenderRegion{60, 40, 100, 100}}).width, 4);  // what reaches beyond is left out
  EXPECT_EQ(pixels({.region = RenderRegion{16, 12, 32, 24}, .max_width = 16, .max_height = 16}).width, 16);
  EXPECT_EQ(code_of([&] { pixels({.region = RenderRegion{64, 0, 10, 10}}); }), ErrorCode::invalid_request);
}

TEST_F(ArchiveTest, AppliesTheFunctionOfTheWindow) {
  const FilmFacts film = film_facts();
  const vision::GreyImage stored = ramp(64, 48);
  store(compose_film(stored, film));
  const double centre = 2000, width = 1000;
  const auto levels = [&](WindowFunction function) {
    const std::string png =
        archive_->render(film.instance_uid,
                         {.center = centre, .width = width, .function = function, .media_type = "image/png"});
    return vision::decode_picture(png).grey.pixels;
  };
  const std::vector<float> linear = levels(WindowFunction::linear),
                           exact = levels(WindowFunction::linear_exact),
                           sigmoid = levels(WindowFunction::sigmoid);
  const FrameImage values = read_frame(archive_->bytes(film.instance_uid), 1);
  for (std::size_t i = 0; i < stored.pixels.size(); i += 97) {
    const double value = std::round(static_cast<double>(values.grey.pixels[i]) * 4095);
    const auto within = [](double share) { return std::clamp(share, 0.0, 1.0); };
    EXPECT_NEAR(linear[i], within((value - (centre - 0.5)) / (width - 1) + 0.5), 1.5 / 255) << value;
    EXPECT_NEAR(exact[i], within((value - centre) / width + 0.5), 1.5 / 255) << value;
    EXPECT_NEAR(sigmoid[i], 1 / (1 + std::exp(-4 * (value - centre) / width)), 1.5 / 255) << value;
  }
}

TEST_F(ArchiveTest, WritesOnAPictureWhatIsAskedFor) {
  FilmFacts film = film_facts();
  store(compose_film(ramp(256, 256), film));
  const auto pixels = [&](bool patient, bool technique) {
    const RenderOptions options{
        .show_patient = patient, .show_technique = technique, .media_type = "image/png"};
    return vision::decode_picture(archive_->render(film.instance_uid, options)).grey;
  };
  const vision::GreyImage plain = pixels(false, false);
  const auto changed_rows = [&](const vision::GreyImage& image) {
    std::set<std::size_t> rows;
    for (std::size_t i = 0; i < image.pixels.size(); ++i)
      if (image.pixels[i] != plain.pixels[i]) rows.insert(i / 256);
    return rows;
  };
  const std::set<std::size_t> patient = changed_rows(pixels(true, false)),
                              technique = changed_rows(pixels(false, true));
  ASSERT_FALSE(patient.empty());
  ASSERT_FALSE(technique.empty());
  EXPECT_LT(*patient.rbegin(), 128u);   // above
  EXPECT_GT(*technique.begin(), 128u);  // and below
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
