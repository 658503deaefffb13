// Palettes given as segments (PS3.3, C.7.9.2).
#include <gtest/gtest.h>

#include "archive/archive_fixture.h"
#include "archive/bytes.h"
#include "archive/part10.h"
#include "archive/render.h"
#include "archive/segmented_palette.h"

namespace meridian::archive {
namespace {

using Words = std::vector<std::uint16_t>;

TEST(SegmentedPalette, MakesTheEntriesOfItsSegments) {
  EXPECT_EQ(expand_segments(Words{0, 3, 10, 20, 30}, 3), (Words{10, 20, 30}));
  EXPECT_EQ(expand_segments(Words{0, 1, 0, 1, 4, 1000}, 5), (Words{0, 250, 500, 750, 1000}));
  EXPECT_EQ(expand_segments(Words{0, 1, 900, 1, 3, 0}, 4), (Words{900, 600, 300, 0}));
  // The first segment once more, from byte 0.
  EXPECT_EQ(expand_segments(Words{0, 2, 7, 8, 2, 1, 0, 0}, 4), (Words{7, 8, 7, 8}));
}

TEST(SegmentedPalette, IsRefusedWhenItIsBroken) {
  for (const Words& broken : {Words{0, 3, 10}, Words{1, 2, 10}, Words{0, 0}, Words{0, 1, 5, 1, 0, 9},
                              Words{3, 1, 1}, Words{2, 1, 0, 0}, Words{0, 1, 5, 2, 9, 0, 0},
                              Words{0, 1, 5, 2, 1, 99, 99}, Words{0, 2, 1, 2}, Words{}})
    EXPECT_EQ(code_of([&] { expand_segments(broken, 3); }), ErrorCode::corrupted) << broken.size();
}

class PaletteTest : public ::testing::Test {
 protected:
  static std::string words(const Words& values) {
    std::string bytes;
    for (const std::uint16_t value : values) append_u16(bytes, value);
    return bytes;
  }
  static void add(std::string& dataset, std::uint32_t tag, const char* vr, const std::string& value) {
    append_u16(dataset, static_cast<std::uint16_t>(tag >> 16));
    append_u16(dataset, static_cast<std::uint16_t>(tag));
    dataset.append(vr, 2);
    const bool is_long = vr[0] == 'O';
    append_u16(dataset, is_long ? 0 : static_cast<std::uint16_t>(value.size()));
    if (is_long) append_u32(dataset, static_cast<std::uint32_t>(value.size()));
    dataset += value;
  }
  // A row of 256 pixels, each of its own number, with this table for each colour.
  static std::string picture(std::uint32_t first_table, const Words& table) {
    std::string dataset, pixels;
    add(dataset, 0x00080016, "UI", std::string("1.2.840.10008.5.1.4.1.1.7\0", 26));
    add(dataset, 0x00080018, "UI", "1.2.34");
    add(dataset, 0x0020000D, "UI", "1.2.35");
    add(dataset, 0x0020000E, "UI", "1.2.36");
    add(dataset, 0x00280002, "US", words({1}));
    add(dataset, 0x00280004, "CS", "PALETTE COLOR ");
    add(dataset, 0x00280010, "US", words({1}));
    add(dataset, 0x00280011, "US", words({256}));
    add(dataset, 0x00280100, "US", words({8}));
    add(dataset, 0x00280101, "US", words({8}));
    add(dataset, 0x00280102, "US", words({7}));
    add(dataset, 0x00280103, "US", words({0}));
    for (std::uint32_t colour = 0; colour < 3; ++colour)
      add(dataset, 0x00281101 + colour, "US", words({256, 0, 16}));
    for (std::uint32_t colour = 0; colour < 3; ++colour)
      add(dataset, first_table + colour, "OW", words(table));
    for (int i = 0; i < 256; ++i) pixels += static_cast<char>(i);
    add(dataset, 0x7FE00010, "OW", pixels);
    return make_part10(dataset, "1.2.840.10008.5.1.4.1.1.7", "1.2.34", kExplicitLittleEndian);
  }
  static std::string shown(const std::string& file) {
    return render_frame(StoredImage::of_file(file), {.media_type = "image/png"});
  }
};

TEST_F(PaletteTest, IsShownAsThePlainOneThatItStandsFor) {
  Words plain;
  for (int i = 0; i < 256; ++i) plain.push_back(static_cast<std::uint16_t>(i * 257));
  const Words segments{0, 1, 0, 1, 255, 65535};
  EXPECT_EQ(shown(picture(0x00281221, segments)), shown(picture(0x00281201, plain)));
  EXPECT_EQ(code_of([&] { shown(picture(0x00281221, {0, 1, 0})); }), ErrorCode::corrupted);
}

}  // namespace
}  // namespace meridian::archive
