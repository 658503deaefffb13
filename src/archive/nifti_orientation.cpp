#include "archive/nifti_orientation.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <optional>

#include "base/error.h"

namespace meridian::archive {
namespace {

// Places in the header (nifti1.h of the standard).
constexpr std::size_t kHandedness = 76, kQformCode = 252, kSformCode = 254, kQuaternion = 256, kRows = 280;

// Of each of the patient's axes (to the right, the front, the head; NIfTI's) the share of each voxel axis.
using Matrix = std::array<std::array<double, 3>, 3>;

template <class Number>
Number number_at(const std::string& header, std::size_t at) {
  Number number;
  std::memcpy(&number, header.data() + at, sizeof number);
  return number;
}

Matrix of_sform(const std::string& header) {
  Matrix matrix{};
  for (std::size_t row = 0; row < 3; ++row)
    for (std::size_t column = 0; column < 3; ++column)
      matrix[row][column] = number_at<float>(header, kRows + 16 * row + 4 * column);
  return matrix;
}

// The rotation of a unit quaternion, of which the header has all but the first part.
Matrix of_qform(const std::string& header) {
  const double b = number_at<float>(header, kQuaternion), c = number_at<float>(header, kQuaternion + 4),
               d = number_at<float>(header, kQuaternion + 8);
  const double a = std::sqrt(std::max(0.0, 1 - b * b - c * c - d * d));
  const double side = number_at<float>(header, kHandedness) < 0 ? -1 : 1;
  return {{{a * a + b * b - c * c - d * d, 2 * (b * c - a * d), side * 2 * (b * d + a * c)},
           {2 * (b * c + a * d), a * a + c * c - b * b - d * d, side * 2 * (c * d - a * b)},
           {2 * (b * d - a * c), 2 * (c * d + a * b), side * (a * a + d * d - b * b - c * c)}}};
}

// Columns of length 1; nothing where one has none.
std::optional<Matrix> normalised(Matrix matrix) {
  for (std::size_t column = 0; column < 3; ++column) {
    double length = 0;
    for (const auto& row : matrix) length = std::hypot(length, row[column]);
    if (!(length > 0 && std::isfinite(length))) return {};
    for (auto& row : matrix) row[column] /= length;
  }
  return matrix;
}

std::optional<Matrix> directions_of(const std::string& header) {
  if (number_at<std::int16_t>(header, kSformCode) > 0) return normalised(of_sform(header));
  if (number_at<std::int16_t>(header, kQformCode) > 0) return normalised(of_qform(header));
  return {};
}

// Which voxel axis goes along each of the patient's: the choice that fits best.
std::array<std::size_t, 3> axes_of(const Matrix& matrix) {
  std::array<std::size_t, 3> axes{0, 1, 2}, best = axes;
  double most = -1;
  do {
    double fit = 0;
    for (std::size_t row = 0; row < 3; ++row) fit += std::abs(matrix[row][axes[row]]);
    if (fit > most) most = fit, best = axes;
  } while (std::ranges::next_permutation(axes).found);
  return best;
}

}  // namespace

vision::Volume as_axial(const vision::Volume& volume, const std::string& header) {
  const auto matrix = directions_of(header);
  if (!matrix)
    throw Error(ErrorCode::not_supported, "The NIfTI file does not say how its volume lies in the patient",
                {}, "Write it with an sform or a qform");
  const auto axes = axes_of(*matrix);
  const std::array<std::ptrdiff_t, 3> sides{volume.width, volume.height, volume.depth};
  const std::array<std::ptrdiff_t, 3> steps{1, sides[0], sides[0] * sides[1]};
  std::array<std::ptrdiff_t, 3> side{}, step{};
  std::ptrdiff_t first = 0;
  vision::Volume axial;
  for (std::size_t i = 0; i < 3; ++i) {
    side[i] = sides[axes[i]];
    step[i] = steps[axes[i]];
    axial.spacing[i] = volume.spacing[axes[i]];
    const bool goes_with_axis = (*matrix)[i][axes[i]] > 0;
    if (goes_with_axis == (i == 2)) continue;  // DICOM's rows and columns go to the left and the back
    first += (side[i] - 1) * step[i];
    step[i] = -step[i];
  }
  axial.width = static_cast<int>(side[0]);
  axial.height = static_cast<int>(side[1]);
  axial.depth = static_cast<int>(side[2]);
  axial.voxels.reserve(volume.voxels.size());
  for (std::ptrdiff_t z = 0; z < side[2]; ++z)
    for (std::ptrdiff_t y = 0; y < side[1]; ++y)
      for (std::ptrdiff_t x = 0; x < side[0]; ++x)
        axial.voxels.push_back(
            volume.voxels[static_cast<std::size_t>(first + x * step[0] + y * step[1] + z * step[2])]);
  return axial;
}

}  // namespace meridian::archive
