// Whole slides drawn by the test: spots on a pink ground, each to be counted once.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <map>

#include "assistants/imaging/reader.h"
#include "assistants/imaging/tiny_card.h"
#include "base/encoding.h"
#include "base/error.h"
#include "base/error_of.h"
#include "vision/heat_map.h"

namespace meridian::assistants::imaging {
namespace {

constexpr double kMicrometre = 0.001;

// Tissue on the left of the given share of its width; a dark spot at each of the places.
class DrawnSlide : public vision::Slide {
 public:
  DrawnSlide(int width, int height, const std::vector<std::pair<int, int>>& spots, double micrometres = 0.5,
             double tissue = 1)
      : drawn_(vision::white(width, height)) {
    levels_ = {{width, height, 64, 64, 1}, {width / 4, height / 4, 64, 64, 4}};
    if (micrometres > 0) spacing_ = micrometres * kMicrometre;
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < tissue * width; ++x) put(x, y, {230, 170, 200});
    for (const auto& [x, y] : spots)
      for (int dy = -3; dy <= 3; ++dy)
        for (int dx = -3; dx <= 3; ++dx)
          if (std::hypot(dx, dy) <= 3.5) put(x + dx, y + dy, {60, 10, 120});
  }
  const std::vector<vision::SlideLevel>& levels() const override { return levels_; }
  std::optional<double> spacing() const override { return spacing_; }

  vision::ColourImage read(std::size_t level, std::int64_t left, std::int64_t top, int width,
                           int height) const override {
    vision::ColourImage part = vision::white(width, height);
    if (level == 0) {
      vision::paste(part, drawn_, -left, -top);
      return part;
    }
    vision::paste(part, vision::resize(drawn_, int(levels_[1].width), int(levels_[1].height)), -left, -top);
    return part;
  }

 private:
  void put(int x, int y, const std::array<std::uint8_t, 3>& colour) {
    const auto at =
        (static_cast<std::size_t>(y) * static_cast<std::size_t>(drawn_.width) + static_cast<std::size_t>(x)) *
        3;
    std::ranges::copy(colour, drawn_.pixels.begin() + static_cast<std::ptrdiff_t>(at));
  }

  std::vector<vision::SlideLevel> levels_;
  vision::ColourImage drawn_;
  std::optional<double> spacing_;
};

// One kept in memory, which may be told to stop.
class MemoryRun : public engine::LongRun {
 public:
  std::string kept() override { return state; }
  void keep(const std::string& now, std::int64_t done, std::int64_t of) override {
    state = now;
    told.emplace_back(done, of);
    if (--left == 0) throw Error(ErrorCode::busy, "stop");
  }
  void alive() override { ++signs_of_life; }
  std::string state;
  std::vector<std::pair<std::int64_t, std::int64_t>> told;
  int left = -1;
  std::atomic<int> signs_of_life{0};
};

// In a lattice that meets every edge of cells (28 pixels), bands and blocks.
std::vector<std::pair<int, int>> lattice(int width, int height, int step) {
  std::vector<std::pair<int, int>> spots;
  for (int y = 12; y < height - 6; y += step)
    for (int x = 12; x < width - 6; x += step) spots.emplace_back(x, y);
  return spots;
}

class SlideReader : public testing::Test {
 protected:
  static engine::Reading read(const std::shared_ptr<const vision::Slide>& slide,
                              engine::LongRun* run = nullptr, const Json& network = spots_network()) {
    engine::Input input;
    input.slide = slide;
    input.long_run = run;
    input.image_facts.modality = "SM";
    return Reader(card_of(network), {.input = {"a slide", "切片"}, .modalities = {"SM"}}, {}).run(input);
  }
  static std::map<std::string, double> measured(const engine::Reading& reading) {
    std::map<std::string, double> values;
    for (const engine::Measurement& one : reading.findings.at(0).measurements)
      values[one.code.code] = one.value;
    return values;
  }
  TinyModels models_;
};

TEST_F(SlideReader, CountsEachObjectOnce) {
  for (const int step : {11, 14, 17, 27}) {
    const auto spots = lattice(500, 420, step);
    const engine::Reading reading = read(std::make_shared<DrawnSlide>(500, 420, spots));
    ASSERT_FALSE(reading.refused);
    EXPECT_EQ(measured(reading)["count"], static_cast<double>(spots.size())) << step;
  }
}

TEST_F(SlideReader, MeasuresByTheTissue) {
  const auto spots = lattice(240, 400, 20);
  const engine::Reading reading = read(std::make_shared<DrawnSlide>(480, 400, spots, 0.5, 0.5));
  const auto values = measured(reading);
  const double tissue = 240 * 400 * 0.25e-6;  // mm2
  EXPECT_NEAR(values.at("tissue-area"), tissue, 0.1 * tissue);
  EXPECT_NEAR(values.at("density"), static_cast<double>(spots.size()) / tissue, 0.1 * 12 / tissue * 12);
  EXPECT_NEAR(values.at("nuclear-area"), 37 * 0.25, 4);
  EXPECT_NE(reading.findings[0].text.en.find("a square millimetre"), std::string::npos);
  EXPECT_NE(reading.findings[0].text.zh.find("每平方毫米"), std::string::npos);
}

TEST_F(SlideReader, ShowsWhereTheyAreDensest) {
  auto spots = lattice(480, 400, 60);
  for (int y = 227; y < 280; y += 11)
    for (int x = 283; x < 336; x += 11) spots.emplace_back(x, y);
  const engine::Reading reading = read(std::make_shared<DrawnSlide>(480, 400, spots));
  const Json& evidence = reading.findings.at(0).evidence;
  const Json& corner = evidence.get("regions").at(0).get("polygon").at(0);
  EXPECT_EQ(corner.at(0).as_double(), 280);  // the sixth field of 56 pixels
  EXPECT_EQ(corner.at(1).as_double(), 224);
  const vision::GreyImage heat = vision::heat_of_png(from_base64(evidence.get("heat_map").text("png")));
  const auto at = [&](double x, double y) {
    return heat.pixels[static_cast<std::size_t>(y * heat.height) * static_cast<std::size_t>(heat.width) +
                       static_cast<std::size_t>(x * heat.width)];
  };
  EXPECT_GT(at(308 / 480.0, 252 / 400.0), 0.8f);
  EXPECT_LT(at(0.1, 0.1), 0.3f);
}

TEST_F(SlideReader, IsTakenUpWhereItWas) {
  const auto slide = std::make_shared<DrawnSlide>(500, 420, lattice(500, 420, 12));
  MemoryRun whole, stopped;
  const engine::Reading expected = read(slide, &whole);
  stopped.left = 2;
  EXPECT_EQ(code_of([&] { read(slide, &stopped); }), ErrorCode::busy);
  ASSERT_EQ(stopped.told.size(), 2u);
  EXPECT_EQ(measured(read(slide, &stopped)), measured(expected));
  EXPECT_EQ(stopped.told, whole.told);  // nothing was read twice
  EXPECT_EQ(whole.told.back().first, whole.told.back().second);
  EXPECT_GT(whole.signs_of_life, static_cast<int>(whole.told.size())) << "also within a band";
}

TEST_F(SlideReader, BeginsAnewWithWhatIsNotItsOwn) {
  const auto slide = std::make_shared<DrawnSlide>(300, 300, lattice(300, 300, 12));
  const double count = measured(read(slide))["count"];
  for (const char* kept :
       {"", "not JSON", "{}", R"({"plan": "other", "bands": 1, "cells": 1, "map": [], "areas": []})"}) {
    MemoryRun run;
    run.state = kept;
    EXPECT_EQ(measured(read(slide, &run))["count"], count) << kept;
  }
}

TEST_F(SlideReader, DoesWithoutASizeOfItsPixels) {
  const auto values = measured(read(std::make_shared<DrawnSlide>(300, 300, lattice(300, 300, 20), 0)));
  EXPECT_TRUE(values.contains("count"));
  EXPECT_FALSE(values.contains("density"));
}

TEST_F(SlideReader, ReadsTheLevelThatIsFineEnough) {
  // At 0.125 µm the level four times as coarse is read, where each spot is less than two pixels wide.
  const auto fine = measured(read(std::make_shared<DrawnSlide>(800, 800, lattice(800, 800, 40), 0.125)));
  EXPECT_GT(fine.at("nuclear-area"), 0.9);  // 37 pixels of the first level would be 0.58
}

TEST_F(SlideReader, RefusesWhatItCannotRead) {
  const auto reason = [](const engine::Reading& reading) {
    return reading.refused ? reading.refused->reason : "";
  };
  EXPECT_EQ(reason(read(std::make_shared<DrawnSlide>(300, 300, lattice(300, 300, 20), 2))), "too-coarse");
  EXPECT_EQ(reason(read(std::make_shared<DrawnSlide>(300, 300, std::vector<std::pair<int, int>>(), 0.5, 0))),
            "no-tissue");
  EXPECT_EQ(
      reason(read(std::make_shared<DrawnSlide>(300, 300, lattice(300, 300, 20)), nullptr, bright_network())),
      "other-kind");
}

}  // namespace
}  // namespace meridian::assistants::imaging
