#include "archive/nifti.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

#include "base/error.h"
#include "base/error_of.h"

namespace meridian::archive {
namespace {

template <class Number>
void put(std::string& bytes, std::size_t at, Number number, bool swapped = false) {
  char raw[sizeof number];
  std::memcpy(raw, &number, sizeof raw);
  if (swapped) std::reverse(std::begin(raw), std::end(raw));
  bytes.replace(at, sizeof raw, raw, sizeof raw);
}

// 3 x 2 x 2 voxels of int16: 0, 1, 2, ..., scaled by 2 and moved by -1; 1 x 1.5 x 4 mm.
std::string small_volume(bool swapped = false) {
  std::string file(352 + 24, '\0');
  put<std::int32_t>(file, 0, 348, swapped);
  const std::int16_t sides[] = {3, 3, 2, 2, 1, 1, 1, 1};
  for (std::size_t i = 0; i < 8; ++i) put(file, 40 + 2 * i, sides[i], swapped);
  put<std::int16_t>(file, 70, 4, swapped);
  put<std::int16_t>(file, 72, 16, swapped);
  const float spacing[] = {1, 1, 1.5f, 4};
  for (std::size_t i = 0; i < 4; ++i) put(file, 76 + 4 * i, spacing[i], swapped);
  put(file, 108, 352.0f, swapped);
  put(file, 112, 2.0f, swapped);
  put(file, 116, -1.0f, swapped);
  for (const std::size_t text : {14u, 148u, 228u, 328u}) file.replace(text, 5, "Wang^");
  put<std::int16_t>(file, 254, 1, swapped);
  put(file, 280, 7.5f, swapped);
  file.replace(344, 4, std::string("n+1\0", 4));
  for (std::int16_t i = 0; i < 12; ++i) put(file, 352 + 2 * std::size_t(i), i, swapped);
  return file;
}

TEST(Nifti, IsReadInEitherByteOrder) {
  for (const bool swapped : {false, true}) {
    const std::string file = small_volume(swapped);
    EXPECT_TRUE(is_nifti(file));
    const vision::Volume volume = read_nifti(file).volume;
    EXPECT_EQ(volume.width, 3);
    EXPECT_EQ(volume.height, 2);
    EXPECT_EQ(volume.depth, 2);
    EXPECT_EQ(volume.spacing, (std::array<double, 3>{1, 1.5, 4}));
    EXPECT_EQ(volume.voxels.front(), -1);
    EXPECT_EQ(volume.voxels.back(), 21);
  }
}

TEST(Nifti, LabelsLieWhereTheVolumeLies) {
  for (const bool swapped : {false, true}) {
    const Nifti source = read_nifti(small_volume(swapped));
    const std::vector<std::uint8_t> labels{0, 0, 0, 1, 1, 1, 2, 2, 2, 0, 0, 2};
    const std::string file = compose_nifti_labels(source.header, labels);
    EXPECT_TRUE(file.starts_with("\x1f\x8b"));
    const Nifti back = read_nifti(file);
    EXPECT_EQ(back.volume.spacing, source.volume.spacing);
    EXPECT_EQ(back.header.substr(252, 76), source.header.substr(252, 76));  // where it lies
    EXPECT_EQ(back.header.find("Wang"), std::string::npos);
    EXPECT_TRUE(std::ranges::equal(back.volume.voxels, labels));
  }
}

TEST(Nifti, LabelsMustFit) {
  const std::string header = read_nifti(small_volume()).header;
  const std::vector<std::uint8_t> labels(11);
  EXPECT_EQ(code_of([&] { compose_nifti_labels(header, labels); }), ErrorCode::invalid_value);
}

TEST(Nifti, RefusesWhatIsNone) {
  for (const std::string& bytes :
       {std::string(), std::string("n+1"), std::string(400, 'x'), std::string(400, '\0')}) {
    EXPECT_FALSE(is_nifti(bytes));
    EXPECT_NE(code_of([&] { read_nifti(bytes); }), std::nullopt);
  }
}

TEST(Nifti, RefusesWhatEndsEarly) {
  const std::string file = small_volume();
  for (const std::size_t size : {348ul, 352ul, 375ul})
    EXPECT_EQ(code_of([&] { read_nifti(file.substr(0, size)); }), ErrorCode::invalid_syntax) << size;
  const std::string compressed = compose_nifti_labels(read_nifti(file).header, std::vector<std::uint8_t>(12));
  EXPECT_EQ(code_of([&] { read_nifti(compressed.substr(0, compressed.size() / 2)); }),
            ErrorCode::invalid_syntax);
}

TEST(Nifti, RefusesHugeVolumesBeforeReadingThem) {
  std::string file = small_volume();
  for (const std::size_t at : {42ul, 44ul, 46ul}) put<std::int16_t>(file, at, 32767);
  EXPECT_EQ(code_of([&] { read_nifti(file); }), ErrorCode::too_large);
}

TEST(Nifti, RefusesWhatItCannotRead) {
  std::string several = small_volume();
  put<std::int16_t>(several, 40, 4);
  put<std::int16_t>(several, 48, 5);
  EXPECT_EQ(code_of([&] { read_nifti(several); }), ErrorCode::not_supported);
  std::string colours = small_volume();
  put<std::int16_t>(colours, 70, 128);
  EXPECT_EQ(code_of([&] { read_nifti(colours); }), ErrorCode::not_supported);
  std::string negative = small_volume();
  put<std::int16_t>(negative, 44, -4);
  EXPECT_EQ(code_of([&] { read_nifti(negative); }), ErrorCode::invalid_syntax);
  std::string astray = small_volume();
  put(astray, 108, 1e30f);
  EXPECT_EQ(code_of([&] { read_nifti(astray); }), ErrorCode::invalid_syntax);
}

TEST(Nifti, NumbersThatAreNoneAreZero) {
  std::string file = small_volume();
  put<std::int16_t>(file, 70, 16);
  put(file, 112, 0.0f);
  file.resize(352 + 48);
  put(file, 352, std::numeric_limits<float>::quiet_NaN());
  put(file, 356, 3.5f);
  const vision::Volume volume = read_nifti(file).volume;
  EXPECT_EQ(volume.voxels.at(0), 0);
  EXPECT_EQ(volume.voxels.at(1), 3.5f);
}

}  // namespace
}  // namespace meridian::archive
