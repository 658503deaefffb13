#include "assistants/fundus_dr/vessels.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace meridian::assistants::fundus_dr {
namespace {

constexpr int kSide = 40;

// A photograph whose lower half is dark, with a vessel of 2 x 40 pixels across the field.
struct Photograph {
  Photograph() {
    input.image = vision::GreyImage{kSide, kSide, std::vector<float>(kSide * kSide, 0.0f), {}};
    std::fill_n(input.image->pixels.begin(), kSide * kSide / 2, 0.4f);
    engine::LabelMap map{"vessel", kSide, kSide, 1, std::vector<std::uint16_t>(kSide * kSide, 0), {"vessel"}};
    std::fill_n(map.labels.begin() + 10 * kSide, 2 * kSide, 1);
    reading.maps.push_back(std::move(map));
    reading.findings.emplace_back();
  }
  std::vector<engine::Measurement> measured() {
    measure_vessels(input, reading);
    return reading.findings.empty() ? std::vector<engine::Measurement>() : reading.findings[0].measurements;
  }
  engine::Input input;
  engine::Reading reading;
};

TEST(FundusVessels, CoverAShareOfTheField) {
  const auto measured = Photograph().measured();
  ASSERT_EQ(measured.size(), 2u);
  EXPECT_EQ(measured[0].code.code, "vessel-density");
  EXPECT_EQ(measured[0].unit, "%");
  EXPECT_DOUBLE_EQ(measured[0].value, 10) << "2 of the 20 rows that are not dark";
}

TEST(FundusVessels, AreAsWideAsTheirAreaByTheirBorder) {
  Photograph photograph;
  EXPECT_EQ(photograph.measured().at(1).unit, "{pixels}");
  EXPECT_DOUBLE_EQ(photograph.reading.findings[0].measurements[1].value, 2);
  Photograph scaled;
  scaled.input.image->spacing = 0.01;
  EXPECT_EQ(scaled.measured().at(1).unit, "mm");
  EXPECT_DOUBLE_EQ(scaled.reading.findings[0].measurements[1].value, 0.02);
}

TEST(FundusVessels, AreNotMeasuredWhereThereAreNone) {
  Photograph dark;
  dark.input.image->pixels.assign(kSide * kSide, 0);
  ASSERT_EQ(dark.measured().size(), 1u);
  EXPECT_EQ(dark.reading.findings[0].measurements[0].code.code, "vessel-calibre-pixels");
  Photograph without_map;
  without_map.reading.maps.clear();
  EXPECT_TRUE(without_map.measured().empty());
  Photograph without_finding;
  without_finding.reading.findings.clear();
  EXPECT_TRUE(without_finding.measured().empty());
}

}  // namespace
}  // namespace meridian::assistants::fundus_dr
