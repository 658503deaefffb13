#include "vision/look_alikes.h"

#include <algorithm>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <set>

#include "base/error.h"

namespace meridian::vision {
namespace {

constexpr std::size_t kMostDifferent = 40;  // bits
constexpr int kSide = 16;

}  // namespace

Signature signature_of(std::string_view bytes) {
  const cv::Mat buffer(1, static_cast<int>(bytes.size()), CV_8U, const_cast<char*>(bytes.data()));
  const cv::Mat picture = bytes.empty() ? cv::Mat() : cv::imdecode(buffer, cv::IMREAD_GRAYSCALE);
  if (picture.empty()) throw Error(ErrorCode::invalid_syntax, "The picture cannot be decoded");
  cv::Mat small;
  cv::resize(picture, small, cv::Size(kSide + 1, kSide), 0, 0, cv::INTER_AREA);
  Signature signature;
  for (int y = 0; y < kSide; ++y)
    for (int x = 0; x < kSide; ++x)
      signature[static_cast<std::size_t>(y * kSide + x)] =
          small.at<std::uint8_t>(y, x + 1) > small.at<std::uint8_t>(y, x);
  return signature;
}

std::map<std::string, std::string> group_look_alikes(const std::map<std::string, Signature>& pictures) {
  std::map<std::string, std::string> key;  // in order of the names, as the pictures are
  for (const auto& [name, signature] : pictures) {
    std::set<std::string> alike;  // keys of groups that this picture joins
    for (const auto& [other, group] : key)
      if ((pictures.at(other) ^ signature).count() <= kMostDifferent) alike.insert(group);
    const std::string first = alike.empty() ? name : *alike.begin();
    for (auto& [other, group] : key)
      if (alike.contains(group)) group = first;
    key[name] = first;
  }
  return key;
}

}  // namespace meridian::vision
