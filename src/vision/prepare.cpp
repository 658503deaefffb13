#include "vision/prepare.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "base/error.h"
#include "vision/mat.h"

namespace meridian::vision {
namespace {

constexpr double kDark = 16;            // luminance of what holds no picture
constexpr double kContentShare = 0.01;  // of a row's or column's pixels that must be brighter
constexpr double kLeastBox = 1.0 / 3;   // of the picture's side
constexpr double kCircle = 0.49;        // of the fitted side: radius of what is kept of a fundus
constexpr double kLocalBlur = 30;       // the side over the blur's deviation
constexpr double kClipLimit = 2;
const cv::Size kTileGrid(8, 8);
constexpr double kSmallestDeviation = 1e-6;

cv::Mat bytes_of(const GreyImage& picture) {
  cv::Mat bytes;
  view(picture).convertTo(bytes, CV_8U, 255);
  return bytes;
}

// Looks at the picture's own pixels.
cv::Mat bytes_of(const ColourImage& picture) {
  return {picture.height, picture.width, CV_8UC3, const_cast<std::uint8_t*>(picture.pixels.data())};
}

void require_pixels(int width, int height, const Preparation& how) {
  if (width < 1 || height < 1 || how.size < 1)
    throw Error(ErrorCode::invalid_value, "A picture without pixels cannot be prepared");
}

cv::Mat luminance(const cv::Mat& picture) {
  if (picture.channels() == 1) return picture;
  cv::Mat grey;
  cv::cvtColor(picture, grey, cv::COLOR_RGB2GRAY);
  return grey;
}

// The first of the sums that is above the limit, and just after the last one; from 0 to 0 when none is.
std::pair<int, int> span_above(const cv::Mat& sums, double limit) {
  const auto first = sums.begin<int>(), last = sums.end<int>();
  const auto above = [&](int sum) { return sum > limit; };
  const auto begin = std::find_if(first, last, above);
  if (begin == last) return {0, 0};
  auto end = last;
  while (!above(*(end - 1))) --end;
  return {static_cast<int>(begin - first), static_cast<int>(end - first)};
}

cv::Rect content_box(const cv::Mat& picture) {
  const cv::Mat bright = (luminance(picture) > kDark) / 255;
  cv::Mat rows, columns;
  cv::reduce(bright, rows, 1, cv::REDUCE_SUM, CV_32S);
  cv::reduce(bright, columns, 0, cv::REDUCE_SUM, CV_32S);
  const auto [top, bottom] = span_above(rows, kContentShare * picture.cols);
  const auto [left, right] = span_above(columns, kContentShare * picture.rows);
  if (right - left < kLeastBox * picture.cols || bottom - top < kLeastBox * picture.rows)
    return {0, 0, picture.cols, picture.rows};
  return {left, top, right - left, bottom - top};
}

cv::Size fitted_size(const cv::Size& whole, const Preparation& how) {
  if (how.fit == Fit::stretch) return {how.size, how.size};
  const double longer = std::max(whole.width, whole.height);
  const auto fitted = [&](int side) {
    return std::max(1, static_cast<int>(std::lrint(static_cast<double>(side) * how.size / longer)));
  };
  return {fitted(whole.width), fitted(whole.height)};
}

cv::Mat equalised(const cv::Mat& picture, Equalisation how, int size) {
  cv::Mat result;
  switch (how) {
    case Equalisation::none:
      return picture;
    case Equalisation::local:
      cv::GaussianBlur(picture, result, cv::Size(), size / kLocalBlur);
      cv::addWeighted(picture, 4, result, -4, 128, result);
      return result;
    case Equalisation::histogram:
    case Equalisation::clahe:
      break;
  }
  if (picture.channels() != 1)
    throw Error(ErrorCode::invalid_value, "The histogram of a picture in colour is not equalised");
  result = picture;
  if (how == Equalisation::clahe) cv::createCLAHE(kClipLimit, kTileGrid)->apply(picture, result);
  cv::equalizeHist(result, result);
  return result;
}

// Blackens what lies outside the circle that a fundus fills.
void keep_circle(cv::Mat& picture) {
  cv::Mat outside(picture.size(), CV_8U);
  for (int row = 0; row < picture.rows; ++row)
    for (int column = 0; column < picture.cols; ++column) {
      const double x = (column + 0.5 - picture.cols / 2.0) / (kCircle * picture.cols);
      const double y = (row + 0.5 - picture.rows / 2.0) / (kCircle * picture.rows);
      outside.at<std::uint8_t>(row, column) = x * x + y * y > 1 ? 1 : 0;
    }
  picture.setTo(cv::Scalar::all(0), outside);
}

void append_planes(const cv::Mat& picture, std::vector<float>& planes) {
  cv::Mat real;
  picture.convertTo(real, CV_32F);
  std::vector<cv::Mat> channels;
  cv::split(real, channels);
  for (const cv::Mat& channel : channels)
    std::transform(channel.begin<float>(), channel.end<float>(), std::back_inserter(planes),
                   [](float value) { return value / 255; });
}

// The picture but for a border of it, into its place.
void put_without_border(const cv::Mat& picture, double border, const cv::Rect& place, cv::Mat& square) {
  const int dx = static_cast<int>(border * place.width), dy = static_cast<int>(border * place.height);
  const cv::Rect kept(dx, dy, place.width - 2 * dx, place.height - 2 * dy);
  if (!kept.empty()) picture(kept).copyTo(square(kept + place.tl()));
}

Prepared prepare_bytes(const cv::Mat& picture, const Preparation& how) {
  if (how.fit == Fit::tile) throw Error(ErrorCode::invalid_value, "Tiles are cut, not fitted");
  const cv::Rect box = how.crop == Crop::none ? cv::Rect(cv::Point(), picture.size()) : content_box(picture);
  cv::Mat inner;
  cv::resize(picture(box), inner, fitted_size(box.size(), how), 0, 0, cv::INTER_AREA);
  inner = equalised(inner, how.equalise, how.size);
  if (how.crop == Crop::circle) keep_circle(inner);
  const cv::Rect place((how.size - inner.cols) / 2, (how.size - inner.rows) / 2, inner.cols, inner.rows);
  cv::Mat square = cv::Mat::zeros(how.size, how.size, picture.type());
  put_without_border(inner, how.border, place, square);
  Prepared prepared{{},
                    how.size,
                    {box.x, box.y, box.x + box.width, box.y + box.height},
                    {place.x, place.y, place.x + place.width, place.y + place.height}};
  prepared.planes.reserve(static_cast<std::size_t>(how.size) * how.size * picture.channels());
  append_planes(square, prepared.planes);
  return prepared;
}

Tiles tiles_of(const cv::Mat& whole, const Preparation& how) {
  const cv::Mat picture = equalised(whole, how.equalise, how.size);
  Tiles tiles{{}, {}, how.size, how.size / kTileMarginShare};
  const int step = how.size - 2 * tiles.margin;
  const int down = (picture.rows + step - 1) / step, across = (picture.cols + step - 1) / step;
  cv::Mat padded;
  cv::copyMakeBorder(picture, padded, tiles.margin, tiles.margin + down * step - picture.rows, tiles.margin,
                     tiles.margin + across * step - picture.cols, cv::BORDER_REFLECT_101);
  for (int y = 0; y < down * step; y += step)
    for (int x = 0; x < across * step; x += step) {
      tiles.places.push_back({x, y});
      append_planes(padded(cv::Rect(x, y, how.size, how.size)), tiles.planes.emplace_back());
    }
  return tiles;
}

cv::Mat view_of_square(const float* map, int side) {
  return {side, side, CV_32F, const_cast<float*>(map)};
}

// Where the picture lies in a map of another side than the square's.
cv::Rect place_in(int side, const Prepared& prepared) {
  const auto scaled = [&](int at) { return static_cast<int>(std::lrint(double(at) * side / prepared.size)); };
  const int left = std::min(scaled(prepared.place.left), side - 1);
  const int top = std::min(scaled(prepared.place.top), side - 1);
  return {left, top, std::max(1, scaled(prepared.place.right) - left),
          std::max(1, scaled(prepared.place.bottom) - top)};
}

// How a length is padded or cut about the middle to another.
struct Centring {
  int target, source, count;
};

Centring centred(int wanted, int length) {
  const int shift = static_cast<int>(std::floor((wanted - length) / 2.0));
  return {std::max(0, shift), std::max(0, -shift), std::min(wanted, length)};
}

std::size_t voxel(int x, int y, int z, int width, int height) {
  return (static_cast<std::size_t>(z) * height + y) * width + x;
}

// Calls move(place in the prepared volume, place in the volume) for the start of each row of count voxels.
template <class Move>
void for_rows(const std::array<int, 3>& size, const Volume& volume, Move move) {
  const Centring x = centred(size[0], volume.width), y = centred(size[1], volume.height),
                 z = centred(size[2], volume.depth);
  for (int slice = 0; slice < z.count; ++slice)
    for (int row = 0; row < y.count; ++row)
      move(voxel(x.target, y.target + row, z.target + slice, size[0], size[1]),
           voxel(x.source, y.source + row, z.source + slice, volume.width, volume.height), x.count);
}

std::size_t count_of(const std::array<int, 3>& size) {
  return static_cast<std::size_t>(size[0]) * size[1] * size[2];
}

}  // namespace

Prepared prepare(const GreyImage& picture, const Preparation& how) {
  require_pixels(picture.width, picture.height, how);
  return prepare_bytes(bytes_of(picture), how);
}

Prepared prepare(const ColourImage& picture, const Preparation& how) {
  require_pixels(picture.width, picture.height, how);
  return prepare_bytes(bytes_of(picture), how);
}

Tiles cut_tiles(const GreyImage& picture, const Preparation& how) {
  require_pixels(picture.width, picture.height, how);
  return tiles_of(bytes_of(picture), how);
}

Tiles cut_tiles(const ColourImage& picture, const Preparation& how) {
  require_pixels(picture.width, picture.height, how);
  return tiles_of(bytes_of(picture), how);
}

std::vector<float> planes_of_square(const ColourImage& picture, int left, int top, int size) {
  if (left < 0 || top < 0 || size < 1 || left + size > picture.width || top + size > picture.height)
    throw Error(ErrorCode::invalid_value, "The square does not lie within the picture");
  std::vector<float> planes;
  append_planes(bytes_of(picture)(cv::Rect(left, top, size, size)), planes);
  return planes;
}

void place_tile(GreyImage& whole, const Tiles& tiles, std::size_t index, const float* map) {
  const auto [left, top] = tiles.places.at(index);
  const int step = tiles.size - 2 * tiles.margin;
  const int width = std::min(step, whole.width - left), height = std::min(step, whole.height - top);
  const cv::Rect middle(tiles.margin, tiles.margin, width, height);
  cv::Mat target = view(whole);
  view_of_square(map, tiles.size)(middle).copyTo(target(cv::Rect(left, top, width, height)));
}

GreyImage on_picture(const float* map, int side, const Prepared& prepared, int width, int height) {
  GreyImage whole{width, height, std::vector<float>(static_cast<std::size_t>(width) * height), {}};
  const Box& box = prepared.box;
  cv::Mat enlarged, target = view(whole);
  cv::resize(view_of_square(map, side)(place_in(side, prepared)), enlarged,
             cv::Size(box.width(), box.height()), 0, 0, cv::INTER_LINEAR);
  enlarged.copyTo(target(cv::Rect(box.left, box.top, box.width(), box.height())));
  return whole;
}

GreyImage without_padding(const float* map, int side, const Prepared& prepared) {
  return to_image(view_of_square(map, side)(place_in(side, prepared)));
}

Volume prepare_volume(const Volume& volume, const std::array<int, 3>& size) {
  if (volume.voxels.empty() || *std::min_element(size.begin(), size.end()) < 1)
    throw Error(ErrorCode::invalid_value, "A volume without voxels cannot be prepared");
  double count = 0, sum = 0, squares = 0;
  for (const float value : volume.voxels)
    if (value > 0) {
      ++count;
      sum += value;
      squares += static_cast<double>(value) * value;
    }
  const double mean = count > 0 ? sum / count : 0;
  const double variance = count > 0 ? std::max(0.0, squares / count - mean * mean) : 0;
  const double deviation = std::max(std::sqrt(variance), kSmallestDeviation);
  Volume prepared{size[0], size[1], size[2], std::vector<float>(count_of(size)), volume.spacing};
  for_rows(size, volume, [&](std::size_t to, std::size_t from, int length) {
    for (int i = 0; i < length; ++i)
      if (const float value = volume.voxels[from + static_cast<std::size_t>(i)]; value > 0)
        prepared.voxels[to + static_cast<std::size_t>(i)] = static_cast<float>((value - mean) / deviation);
  });
  return prepared;
}

std::vector<float> on_volume(const float* map, const std::array<int, 3>& size, const Volume& volume) {
  std::vector<float> whole(volume.voxels.size());
  for_rows(size, volume, [&](std::size_t from, std::size_t to, int length) {
    std::copy_n(map + from, length, whole.begin() + static_cast<std::ptrdiff_t>(to));
  });
  return whole;
}

}  // namespace meridian::vision
