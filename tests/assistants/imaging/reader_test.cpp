#include "assistants/imaging/reader.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "assistants/imaging/measurements.h"
#include "assistants/imaging/tiny_card.h"
#include "base/error.h"
#include "base/error_of.h"

namespace meridian::assistants::imaging {
namespace {

Purpose purpose() {
  return {.input = {"a test picture", "测试图像"},
          .modalities = {"CR", "OT"},
          .body_parts = {"HAND"},
          .other_views = {"LL"},
          .youngest = 10,
          .oldest = 60};
}

vision::GreyImage flat(int width, int height, float grey) {
  return {width, height, std::vector<float>(static_cast<std::size_t>(width) * height, grey), std::nullopt};
}

// A dark ground with a brighter block in each corner that is named.
vision::GreyImage blocks(float ground, float block) {
  vision::GreyImage image = flat(128, 128, ground);
  for (int y = 16; y < 48; ++y)
    for (int x = 16; x < 48; ++x) image.pixels[static_cast<std::size_t>(y) * 128 + x] = block;
  return image;
}

engine::Input input_of(vision::GreyImage image) {
  engine::Input input;
  input.image = std::move(image);
  return input;
}

class ImagingReader : public testing::Test {
 protected:
  static engine::Reading read(const Json& network, const engine::Input& input, Completion complete = {}) {
    return Reader(card_of(network), purpose(), std::move(complete)).run(input);
  }
  static std::string reason_of(const engine::Input& input) {
    const engine::Reading reading = read(bright_network(), input);
    if (!reading.refused) return "";
    EXPECT_TRUE(reading.findings.empty() && reading.classes.empty());
    EXPECT_TRUE(reading.refused->text.en.starts_with("Not analysed"));
    EXPECT_FALSE(reading.refused->text.zh.empty());
    return reading.refused->reason;
  }
  TinyModels models_;
};

TEST_F(ImagingReader, TellsEveryClassAndFindsTheLikeliest) {
  const engine::Reading reading = read(bright_network(), input_of(blocks(0.1f, 0.9f)));
  ASSERT_FALSE(reading.refused);
  ASSERT_EQ(reading.classes.size(), 2u);
  EXPECT_EQ(reading.classes[0].name, "bright");
  EXPECT_NEAR(reading.classes[0].probability, 0.15, 0.01);
  EXPECT_NEAR(reading.classes[1].probability, 0.85, 0.01);
  ASSERT_EQ(reading.findings.size(), 1u);
  EXPECT_EQ(reading.findings[0].code.display, "dark");
  EXPECT_TRUE(reading.findings[0].positive);
  EXPECT_FALSE(reading.findings[0].evidence.get("heat_map").text("png").empty());
  EXPECT_NEAR(*reading.strangeness, 0.3 / 1.6, 0.02);
}

TEST_F(ImagingReader, ReportsAClassFromItsThresholdOn) {
  Json network = bright_network();
  network["exclusive"] = false;
  network["classes"].items()[0]["threshold"] = 0.1;
  network["classes"].items()[1].erase("code");
  const engine::Reading found = read(network, input_of(blocks(0.1f, 0.9f)));
  ASSERT_EQ(found.findings.size(), 1u);
  EXPECT_TRUE(found.findings[0].positive);
  EXPECT_EQ(found.findings[0].threshold, 0.1);
  network["classes"].items()[0]["threshold"] = 0.2;
  const engine::Reading missed = read(network, input_of(blocks(0.1f, 0.9f)));
  ASSERT_EQ(missed.findings.size(), 1u);
  EXPECT_FALSE(missed.findings[0].positive);
  EXPECT_EQ(missed.findings[0].text.en, "Not found: It is bright.");
  EXPECT_FALSE(missed.findings[0].evidence.contains("heat_map"));
}

TEST_F(ImagingReader, PutsAClassAboveItsThresholdBeforeTheLikeliest) {
  Json network = bright_network();
  network["classes"].items()[0]["threshold"] = 0.1;
  const engine::Reading found = read(network, input_of(blocks(0.1f, 0.9f)));
  ASSERT_EQ(found.findings.size(), 1u);
  EXPECT_EQ(found.findings[0].code.display, "bright");
  network["classes"].items()[0]["threshold"] = 0.2;
  const engine::Reading missed = read(network, input_of(blocks(0.1f, 0.9f)));
  ASSERT_EQ(missed.findings.size(), 2u);
  EXPECT_EQ(missed.findings[0].code.display, "dark");
  EXPECT_TRUE(missed.findings[0].positive);
  EXPECT_FALSE(missed.findings[1].positive);
}

TEST_F(ImagingReader, RefusesWhatTheAttributesSay) {
  engine::Input input = input_of(blocks(0.1f, 0.9f));
  input.image_facts = {"CT", "HAND", "", ""};
  EXPECT_EQ(reason_of(input), "other-modality");
  input.image_facts = {"CR", "CHEST", "", ""};
  EXPECT_EQ(reason_of(input), "other-body-part");
  input.image_facts = {"CR", "LEFT HAND", "LL", ""};
  EXPECT_EQ(reason_of(input), "other-view");
  input.image_facts = {"CR", "LEFT HAND", "PA", ""};
  EXPECT_EQ(reason_of(input), "");
  for (const double age : {9.9, 61.0}) {
    input.subject.age_years = age;
    EXPECT_EQ(reason_of(input), "outside-intended-age");
  }
}

TEST_F(ImagingReader, RefusesWhatCannotBeRead) {
  EXPECT_EQ(reason_of({}), "other-kind");
  EXPECT_EQ(reason_of(input_of(flat(128, 128, 0))), "blank");
  EXPECT_EQ(reason_of(input_of(flat(128, 128, std::numeric_limits<float>::quiet_NaN()))), "blank");
  EXPECT_EQ(reason_of(input_of(flat(2000, 20, 0.5f))), "too-small");
  EXPECT_EQ(reason_of(input_of(blocks(1, 0))), "overexposed");
}

TEST_F(ImagingReader, RefusesColourWhereGreyIsExpectedAndTheOtherWayRound) {
  engine::Input input = input_of(blocks(0.1f, 0.9f));
  vision::ColourImage red{128, 128, {}, std::nullopt};
  for (int i = 0; i < 128 * 128; ++i) red.pixels.insert(red.pixels.end(), {200, 40, 40});
  input.colour = red;
  EXPECT_EQ(reason_of(input), "in-colour");
  Json network = bright_network();
  network["colour"] = "rgb";
  EXPECT_EQ(read(network, input_of(blocks(0.1f, 0.9f))).refused->reason, "not-in-colour");
}

TEST_F(ImagingReader, RefusesWhatDoesNotLookLikeItsKind) {
  const auto reason = [](const Json& network, const Purpose& kind, const engine::Input& input) {
    const engine::Reading reading = Reader(card_of(network), kind, {}).run(input);
    return reading.refused ? reading.refused->reason : std::string();
  };
  Purpose film = purpose();
  film.brightest_edge = 0.55;
  EXPECT_EQ(reason(bright_network(), film, input_of(blocks(0.1f, 0.8f))), "");
  EXPECT_EQ(reason(bright_network(), film, input_of(blocks(0.9f, 0.2f))), "inverted");

  Purpose stained = purpose();
  stained.least_stain = 0.6;
  engine::Input input = input_of(blocks(0.1f, 0.8f));
  const auto painted = [&](std::uint8_t red, std::uint8_t green, std::uint8_t blue) {
    input.colour = vision::ColourImage{128, 128, {}, {}};
    for (int i = 0; i < 128 * 128; ++i)
      input.colour->pixels.insert(input.colour->pixels.end(), {red, green, blue});
    return reason(spots_network(), stained, input);
  };
  EXPECT_EQ(painted(220, 150, 40), "unfamiliar");  // orange, as a fundus
  EXPECT_EQ(painted(90, 160, 90), "unfamiliar");
  EXPECT_EQ(painted(200, 200, 195), "not-in-colour");
  EXPECT_EQ(painted(200, 188, 200), "unfamiliar");  // so pale that no hue can be told
  EXPECT_NE(painted(190, 120, 200), "unfamiliar");  // violet

  Purpose volumes = purpose();
  volumes.volume = VolumeKind{.smallest_side = 8,
                              .largest_side = 40,
                              .coarsest = 1.25,
                              .least_filled = 0.9,
                              .least_likeness = 0.7,
                              .most_likeness = 0.999};
  engine::Input volume;
  const auto of_volume = [&](int side, double spacing, auto value) {
    volume.volume = vision::Volume{side, side, side, {}, {1, 1, spacing}};
    for (int i = 0; i < side * side * side; ++i) volume.volume->voxels.push_back(value(i, side));
    return reason(cube_network(), volumes, volume);
  };
  const auto smooth = [](int i, int side) {
    return 100.0f + 50 * std::sin(static_cast<float>(i % side) / 3);
  };
  EXPECT_EQ(of_volume(16, 1,
                      [&](int i, int side) {
                        const int y = i / side % side, z = i / side / side;
                        return smooth(i, side) + smooth(y, side) + smooth(z, side);
                      }),
            "");
  EXPECT_EQ(of_volume(60, 1, smooth), "other-size");
  EXPECT_EQ(of_volume(16, 3, smooth), "other-spacing");
  EXPECT_EQ(of_volume(16, 1, [](int i, int) { return static_cast<float>(i * 7919 % 101 + 1); }),
            "unfamiliar");
  EXPECT_EQ(of_volume(16, 1, [](int i, int) { return i > 2000 ? 80.0f : 0.0f; }), "unfamiliar");
  EXPECT_EQ(of_volume(16, 1, [](int, int) { return 80.0f; }), "unfamiliar");
}

TEST_F(ImagingReader, LooksAtACtInItsOwnWindow) {
  engine::Input input = input_of(blocks(0.1f, 0.9f));
  input.hounsfield = blocks(0, 60);  // water and blood
  Purpose brain = purpose();
  brain.window = Window{40, 80};
  const engine::Reading reading = Reader(card_of(bright_network()), brain, {}).run(input);
  EXPECT_NEAR(reading.classes.at(0).probability, 60.0 / 80 / 16, 0.01);
}

// Slices of CT in Hounsfield units, each with a block so bright; one that is 0 is blank.
vision::Volume series_of(const std::vector<float>& blocks_of) {
  vision::Volume volume{128, 128, 0, {}, {0.5, 0.5, 5}};
  for (const float block : blocks_of) {
    const vision::GreyImage slice = blocks(0, block);
    volume.voxels.insert(volume.voxels.end(), slice.pixels.begin(), slice.pixels.end());
    ++volume.depth;
  }
  return volume;
}

TEST_F(ImagingReader, ReadsASeriesSliceBySlice) {
  Json network = bright_network();
  network["exclusive"] = false;
  network["classes"].items()[0]["threshold"] = 0.04;
  network["classes"].items()[1].erase("code");
  Purpose brain = purpose();
  brain.window = Window{40, 80};
  int completed = 0;
  const Reader reader(card_of(network), brain, [&](const engine::Input&, engine::Reading&) { ++completed; });
  engine::Input input;
  input.volume = series_of({0, 30, 60, 40});
  const engine::Reading reading = reader.run(input);
  ASSERT_FALSE(reading.refused);
  EXPECT_EQ(completed, 1);
  ASSERT_EQ(reading.findings.size(), 1u);
  EXPECT_FALSE(reading.findings[0].positive) << "the highest of many slices is no verdict";
  EXPECT_FALSE(reading.findings[0].threshold);
  EXPECT_EQ(reading.findings[0].urgency, engine::Urgency::none);
  EXPECT_NE(reading.findings[0].text.zh.find("第3层"), std::string::npos);
  EXPECT_EQ(reading.findings[0].evidence.get("slice").get("number").as_int(), 3);
  EXPECT_EQ(reading.findings[0].evidence.get("slice").get("of").as_int(), 4);
  EXPECT_NE(reading.findings[0].text.en.find("slice 3 of 4"), std::string::npos);
  EXPECT_NEAR(reading.classes.at(0).probability, 60.0 / 80 / 16, 0.01);
  EXPECT_NEAR(*reading.strangeness, 2 * 60.0 / 80 / 16 / 1.6, 0.01) << "as strange as its strangest slice";
  input.volume = series_of({0, 0});
  EXPECT_EQ(reader.run(input).refused->reason, "blank");
  EXPECT_EQ(completed, 1);
}

TEST_F(ImagingReader, RefusesWhatIsStrange) {
  Json network = bright_network();
  network["strangeness"] = 0.2;
  const engine::Reading reading = read(network, input_of(blocks(0.1f, 0.9f)));
  ASSERT_TRUE(reading.refused);
  EXPECT_EQ(reading.refused->reason, "unfamiliar");
  EXPECT_GT(*reading.strangeness, 1);
  EXPECT_TRUE(reading.findings.empty() && reading.classes.empty() && reading.maps.empty());
}

TEST_F(ImagingReader, OutlinesAndMapsAtTheInputsSize) {
  const engine::Reading reading = read(inside_network(), input_of(blocks(0.1f, 0.8f)));
  const engine::LabelMap* lump = find_map(reading, "lump");
  ASSERT_TRUE(lump);
  EXPECT_EQ(lump->width, 128);
  EXPECT_EQ(lump->labels.size(), 128u * 128);
  EXPECT_NEAR(static_cast<double>(std::ranges::count(lump->labels, 1)), 32 * 32, 130);
  EXPECT_EQ(lump->labels.at(32 * 128 + 32), 1);
  ASSERT_EQ(reading.classes.size(), 2u);
  EXPECT_EQ(reading.classes[0].name, "lump");
  EXPECT_GT(reading.classes[0].probability, 0.5);
  ASSERT_EQ(reading.findings.size(), 1u);
  EXPECT_TRUE(reading.findings[0].positive);
  EXPECT_EQ(reading.findings[0].evidence.get("regions").size(), 1u);
  EXPECT_FALSE(read(inside_network(), input_of(blocks(0.1f, 0.4f))).findings.at(0).positive);
}

TEST_F(ImagingReader, MeasuresWhereTheSpacingIsKnown) {
  const Completion size = [](const engine::Input& input, engine::Reading& reading) {
    add_size(reading.findings.at(0), *find_map(reading, "lump"), input.image->spacing);
  };
  engine::Input input = input_of(blocks(0.1f, 0.8f));
  EXPECT_EQ(read(inside_network(), input, size).findings[0].measurements.at(0).unit, "{pixels}");
  EXPECT_EQ(read(inside_network(), input, size).findings[0].measurements.at(2).unit, "%");
  input.image->spacing = 0.5;
  const auto measured = read(inside_network(), input, size).findings[0].measurements;
  ASSERT_EQ(measured.size(), 3u);
  EXPECT_NEAR(measured[0].value, 16 * std::sqrt(2), 2);  // from corner to corner
  EXPECT_NEAR(measured[1].value, 16, 2);
  EXPECT_EQ(measured[2].unit, "mm2");
}

TEST_F(ImagingReader, CountsObjects) {
  vision::GreyImage image = flat(128, 128, 0.1f);
  for (int y = 40; y < 90; ++y)
    for (int x = 20; x < 108; ++x) {
      const bool seed = std::abs(x - 40) < 8 || std::abs(x - 88) < 8;
      image.pixels[static_cast<std::size_t>(y) * 128 + x] = seed ? 1 : 0.7f;
    }
  Json network = inside_network();
  network["objects"] = Json::parse(R"({"mask": 0, "seeds": 1, "smallest": 20})");
  const engine::Reading reading = read(network, input_of(image));
  ASSERT_EQ(reading.maps.size(), 1u);
  EXPECT_EQ(*std::ranges::max_element(reading.maps[0].labels), 2);
  EXPECT_TRUE(reading.maps[0].meanings.empty());
  EXPECT_EQ(reading.findings.at(0).measurements.at(0).value, 2);
  EXPECT_GT(reading.classes.at(0).probability, 0.5);
}

TEST_F(ImagingReader, SeesPicturesTileByTile) {
  Json network = inside_network();
  network["prepare"]["fit"] = "tile";
  const engine::Reading reading = read(network, input_of(blocks(0.1f, 0.8f)));
  EXPECT_EQ(std::ranges::count(reading.maps.at(0).labels, 1), 32 * 32);
}

TEST_F(ImagingReader, MeasuresVolumes) {
  engine::Input input;
  input.volume = vision::Volume{10, 8, 6, std::vector<float>(480, 1), {1, 1, 2}};
  for (int i = 0; i < 40; ++i) input.volume->voxels[static_cast<std::size_t>(200 + i)] = 9;
  const engine::Reading reading = read(cube_network(), input);
  ASSERT_FALSE(reading.refused);
  EXPECT_EQ(reading.maps.at(0).labels.size(), 480u);
  EXPECT_EQ(reading.maps[0].meanings, (std::vector<std::string>{"part", "core"}));
  const auto part =
      std::ranges::count(reading.maps[0].labels, 1) + std::ranges::count(reading.maps[0].labels, 2);
  EXPECT_GT(part, 0);
  EXPECT_EQ(reading.findings.at(0).measurements.at(0).unit, "mL");
  EXPECT_EQ(reason_of(input), "other-kind");
}

TEST_F(ImagingReader, RefusesCardsThatAreWrong) {
  const auto fails = [](Json network) {
    return code_of([&] { Reader(card_of(network), purpose(), {}); }) == ErrorCode::invalid_configuration;
  };
  for (const char* member : {"kind", "colour", "prepare", "classes"}) {
    Json network = bright_network();
    network.erase(member);
    EXPECT_TRUE(fails(network)) << member;
  }
  Json network = bright_network();
  network["kind"] = "oracle";
  EXPECT_TRUE(fails(network));
  network = bright_network();
  network["prepare"]["size"] = 1e9;
  EXPECT_TRUE(fails(network));
  network = bright_network();
  network["classes"] = Json::array({tiny_class("dark"), tiny_class("dark")});
  EXPECT_TRUE(fails(network));
}

TEST_F(ImagingReader, IsUnavailableWhileItsModelIsNotTrained) {
  engine::Card card = card_of(bright_network());
  EXPECT_FALSE(Reader(card, purpose(), {}).unavailable());
  card.models.clear();
  const Reader reader(card, purpose(), {});
  ASSERT_TRUE(reader.unavailable());
  EXPECT_NE(reader.unavailable()->en.find("bright.onnx"), std::string::npos);
  EXPECT_EQ(code_of([&] { reader.run(input_of(blocks(0.1f, 0.9f))); }), ErrorCode::unavailable);
}

TEST_F(ImagingReader, SaysWhenCardAndModelDoNotMatch) {
  const engine::Input input = input_of(blocks(0.1f, 0.9f));
  Json network = bright_network();
  network["classes"] = Json::array({tiny_class("bright")});
  EXPECT_EQ(code_of([&] { read(network, input); }), ErrorCode::invalid_structure);
  network = bright_network();
  network["prepare"]["size"] = 64;
  EXPECT_EQ(code_of([&] { read(network, input); }), ErrorCode::invalid_structure);
  network = inside_network();
  network["strangeness"] = 2;
  EXPECT_EQ(code_of([&] { read(network, input); }), ErrorCode::invalid_structure);
}

TEST_F(ImagingReader, SaysWhenAModelIsBrokenOrMissing) {
  const engine::Input input = input_of(blocks(0.1f, 0.9f));
  write_file(models_.model("bright.onnx"), "not a model");
  EXPECT_EQ(code_of([&] { read(bright_network(), input); }), ErrorCode::corrupted);
  std::filesystem::remove(models_.model("bright.onnx"));
  EXPECT_EQ(code_of([&] { read(bright_network(), input); }), ErrorCode::unavailable);
}

}  // namespace
}  // namespace meridian::assistants::imaging
