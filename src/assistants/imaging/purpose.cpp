#include "assistants/imaging/purpose.h"

#include <algorithm>

#include "vision/appearance.h"
#include "vision/operations.h"
#include "vision/picture.h"

namespace meridian::assistants::imaging {
namespace {

constexpr double kSmallestDeviation = 0.02;  // of grey values from 0 to 1
constexpr float kWhite = 254.5f / 255;
constexpr double kMostColour = 0.08;   // of a picture that ought to be grey: scanners tint a little
constexpr double kLeastColour = 0.02;  // of a picture that ought to be in colour

engine::Refusal refusal(const char* reason, std::string because_en, std::string because_zh) {
  return {
      reason,
      {"Not analysed, because " + std::move(because_en) + ".", "未分析：" + std::move(because_zh) + "。"}};
}

bool contains_any(std::string_view text, std::span<const std::string_view> words) {
  return std::ranges::any_of(
      words, [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

bool is_one_of(std::string_view text, std::span<const std::string_view> words) {
  return std::ranges::find(words, text) != words.end();
}

double white_share(const vision::GreyImage& image) {
  const auto white = std::ranges::count_if(image.pixels, [](float value) { return value >= kWhite; });
  return static_cast<double>(white) / static_cast<double>(image.pixels.size());
}

std::optional<engine::Refusal> refusal_by_attributes(const engine::Input& input, const Purpose& purpose) {
  const engine::ImageFacts& facts = input.image_facts;
  const std::string &en = purpose.input.en, &zh = purpose.input.zh;
  if (!facts.modality.empty() && !is_one_of(facts.modality, purpose.modalities))
    return refusal("other-modality", "this is not " + en + ": its modality is " + facts.modality,
                   "这不是" + zh + "，其影像类型为" + facts.modality);
  if (!facts.body_part.empty() && !purpose.body_parts.empty() &&
      !contains_any(facts.body_part, purpose.body_parts))
    return refusal("other-body-part", "this is not " + en + ": it is marked as one of " + facts.body_part,
                   "这不是" + zh + "，其标记部位为" + facts.body_part);
  if (is_one_of(facts.view_position, purpose.other_views))
    return refusal("other-view", "the view " + facts.view_position + " is not one that is read",
                   "不支持" + facts.view_position + "体位");
  if (const auto age = input.subject.age_years; age && (*age < purpose.youngest || *age > purpose.oldest))
    return refusal("outside-intended-age", "the patient's age is outside the range it is meant for",
                   "患者年龄超出适用范围");
  return {};
}

std::optional<engine::Refusal> refusal_by_numbers(const vision::GreyImage& image, const Purpose& purpose) {
  if (std::min(image.width, image.height) < purpose.smallest_side) {
    const std::string side = std::to_string(purpose.smallest_side);
    return refusal("too-small", "the picture is too small: at least " + side + " pixels a side are needed",
                   "图像太小，每边至少需要" + side + "像素");
  }
  if (!(vision::deviation(image) >= kSmallestDeviation))  // also when it is NaN
    return refusal("blank", "the picture is blank or nearly so", "图像为空白或几乎空白");
  if (white_share(image) > purpose.most_white)
    return refusal("overexposed", "most of the picture is plain white", "图像大部分为纯白，曝光过度");
  if (purpose.brightest_edge && vision::edge_brightness(image) > *purpose.brightest_edge)
    return refusal("inverted", "its edges are bright, as when black and white are exchanged",
                   "图像边缘明亮，可能黑白颠倒");
  return {};
}

std::optional<engine::Refusal> refusal_by_colour(const engine::Input& input, const Purpose& purpose,
                                                 Wanted wanted) {
  const double colour = input.colour ? vision::colourfulness(*input.colour) : 0;
  if (wanted == Wanted::colour && colour < kLeastColour)
    return refusal("not-in-colour", "the picture is grey where colour is needed",
                   "需要彩色图像，而该图像为灰度");
  if (wanted == Wanted::grey && colour > kMostColour)
    return refusal("in-colour", "the picture is in colour where grey is expected",
                   "应为灰度图像，而该图像为彩色");
  if (!purpose.least_stain || !input.colour) return {};
  const std::optional<double> stained = vision::stain_share(*input.colour);
  if (!stained || *stained < *purpose.least_stain) return strange(purpose);
  return {};
}

bool is_within(double value, double least, double most) {
  return value >= least && value <= most;
}

std::optional<engine::Refusal> refusal_by_volume(const vision::Volume& volume, const Purpose& purpose) {
  if (!purpose.volume) return {};
  const VolumeKind& kind = *purpose.volume;
  for (const int side : {volume.width, volume.height, volume.depth})
    if (side < kind.smallest_side || side > kind.largest_side)
      return refusal("other-size",
                     "its sides are not between " + std::to_string(kind.smallest_side) + " and " +
                         std::to_string(kind.largest_side) + " voxels, as those of " + purpose.input.en,
                     "其边长不在" + std::to_string(kind.smallest_side) + "至" +
                         std::to_string(kind.largest_side) + "体素之间，与" + purpose.input.zh + "不符");
  for (const double spacing : volume.spacing)
    if (!is_within(spacing, kind.finest, kind.coarsest))
      return refusal("other-spacing", "its voxels are not of the size of " + purpose.input.en,
                     "其体素大小与" + purpose.input.zh + "不符");
  const vision::VolumeAppearance seen = vision::appearance(volume);
  if (seen.filled < kind.least_filled || !is_within(seen.likeness, kind.least_likeness, kind.most_likeness) ||
      !is_within(seen.variation, kind.least_variation, kind.most_variation))
    return strange(purpose);
  return {};
}

}  // namespace

std::optional<engine::Refusal> refusal_before_looking(const engine::Input& input, const Purpose& purpose,
                                                      Wanted wanted) {
  if (auto refused = refusal_by_attributes(input, purpose)) return refused;
  if (input.slide) return {};  // whether it is read as a whole, its network says
  const bool there = wanted == Wanted::volume ? input.volume.has_value() : input.image.has_value();
  if (!there) return refusal("other-kind", "this is not " + purpose.input.en, "这不是" + purpose.input.zh);
  if (wanted == Wanted::volume) return refusal_by_volume(*input.volume, purpose);
  if (auto refused = refusal_by_numbers(*input.image, purpose)) return refused;
  return refusal_by_colour(input, purpose, wanted);
}

engine::Refusal strange(const Purpose& purpose) {
  return refusal("unfamiliar", "this does not look like " + purpose.input.en,
                 "该图像不像" + purpose.input.zh);
}

}  // namespace meridian::assistants::imaging
