#include "archive/nifti_orientation.h"

#include <gtest/gtest.h>

#include <cstring>

#include "base/error_of.h"

namespace meridian::archive {
namespace {

void put(std::string& header, std::size_t at, float number) {
  std::memcpy(header.data() + at, &number, sizeof number);
}
void put_code(std::string& header, std::size_t at, std::int16_t code) {
  std::memcpy(header.data() + at, &code, sizeof code);
}

// Rows of the matrix: where each voxel axis goes to the right, the front and the head.
std::string with_sform(const std::array<std::array<float, 3>, 3>& rows) {
  std::string header(348, '\0');
  put_code(header, 254, 1);
  for (std::size_t row = 0; row < 3; ++row)
    for (std::size_t column = 0; column < 3; ++column)
      put(header, 280 + 16 * row + 4 * column, rows[row][column]);
  return header;
}

// 3 x 2 x 2 voxels: 0, 1, 2, ...
vision::Volume counting() {
  vision::Volume volume{3, 2, 2, {}, {1, 1.5, 4}};
  for (int i = 0; i < 12; ++i) volume.voxels.push_back(static_cast<float>(i));
  return volume;
}

TEST(NiftiOrientation, ToTheRightAndTheFrontIsMirroredInBoth) {
  const vision::Volume axial = as_axial(counting(), with_sform({{{1, 0, 0}, {0, 1.5F, 0}, {0, 0, 4}}}));
  EXPECT_EQ(axial.voxels, (std::vector<float>{5, 4, 3, 2, 1, 0, 11, 10, 9, 8, 7, 6}));
  EXPECT_EQ(axial.spacing, (std::array<double, 3>{1, 1.5, 4}));
}

TEST(NiftiOrientation, AsDicomShowsItStaysAsItIs) {
  const vision::Volume axial = as_axial(counting(), with_sform({{{-1, 0, 0}, {0, -1.5F, 0.1F}, {0, 0, 4}}}));
  EXPECT_EQ(axial.voxels, counting().voxels);
}

// The voxels run to the front, to the head, and to the left.
TEST(NiftiOrientation, OfSagittalSlicesMakesAxialOnes) {
  const vision::Volume axial = as_axial(counting(), with_sform({{{0, 0, -4}, {1, 0, 0}, {0, 1.5F, 0}}}));
  EXPECT_EQ(axial.width, 2);
  EXPECT_EQ(axial.height, 3);
  EXPECT_EQ(axial.depth, 2);
  EXPECT_EQ(axial.spacing, (std::array<double, 3>{4, 1, 1.5}));
  EXPECT_EQ(axial.voxels, (std::vector<float>{2, 8, 1, 7, 0, 6, 5, 11, 4, 10, 3, 9}));
}

TEST(NiftiOrientation, GoesByTheQformWhereThereIsNoSform) {
  std::string header(348, '\0');
  put_code(header, 252, 1);
  put(header, 76, 1);
  put(header, 264, 1);  // half a turn about the axis to the head: to the left and the back
  EXPECT_EQ(as_axial(counting(), header).voxels, counting().voxels);
  put(header, 76, -1);  // and the slices from the head down
  EXPECT_EQ(as_axial(counting(), header).voxels, (std::vector<float>{6, 7, 8, 9, 10, 11, 0, 1, 2, 3, 4, 5}));
}

TEST(NiftiOrientation, IsNotGuessed) {
  EXPECT_EQ(code_of([] { as_axial(counting(), std::string(348, '\0')); }), ErrorCode::not_supported);
  EXPECT_EQ(code_of([] { as_axial(counting(), with_sform({})); }), ErrorCode::not_supported);
}

}  // namespace
}  // namespace meridian::archive
