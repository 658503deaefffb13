#include "assistants/imaging/segmentation.h"

#include <algorithm>

namespace meridian::assistants::imaging {
namespace {

engine::LabelMap label_map(const Class& one, const vision::GreyImage& mask) {
  engine::LabelMap map{one.name,  mask.width, mask.height, 1, std::vector<std::uint16_t>(mask.pixels.size()),
                       {one.name}};
  const double threshold = one.mask_threshold();
  std::ranges::transform(mask.pixels, map.labels.begin(),
                         [&](float value) -> std::uint16_t { return value > threshold ? 1 : 0; });
  return map;
}

engine::Finding finding_of(const Class& one, Json regions) {
  engine::Finding finding;
  finding.code = *one.code;
  finding.positive = !regions.empty();
  finding.urgency = finding.positive ? engine::Urgency::routine : engine::Urgency::none;
  finding.text = finding.positive ? engine::LocalizedText{one.text.en + ".", one.text.zh + "。"}
                                  : engine::LocalizedText{"Not found: " + one.text.en + ".",
                                                          "未见：" + one.text.zh + "。"};
  finding.evidence = Json::object({{"regions", std::move(regions)}});
  return finding;
}

}  // namespace

std::vector<vision::GreyImage> masks_on_picture(const Network::Outputs& outputs,
                                                const vision::Prepared& prepared, const Size& whole) {
  const engine::Tensor& masks = *outputs.masks;
  const int side = static_cast<int>(masks.shape[3]);
  std::vector<vision::GreyImage> all;
  for (std::size_t k = 0; k < static_cast<std::size_t>(masks.shape[1]); ++k)
    all.push_back(vision::on_picture(masks.values.data() + k * static_cast<std::size_t>(side) * side, side,
                                     prepared, whole.width, whole.height));
  return all;
}

void add_class(engine::Reading& reading, const Class& one, std::span<const float> probabilities) {
  const double highest =
      probabilities.empty() ? 0 : static_cast<double>(*std::ranges::max_element(probabilities));
  reading.classes.push_back({one.name, one.text, std::clamp(highest, 0.0, 1.0)});
}

void add_masks(engine::Reading& reading, const Description& network,
               const std::vector<vision::GreyImage>& masks) {
  for (std::size_t k = 0; k < masks.size(); ++k) {
    const Class& one = network.classes[k];
    reading.maps.push_back(label_map(one, masks[k]));
    add_class(reading, one, masks[k].pixels);
    if (one.code)
      reading.findings.push_back(finding_of(one, outlines(reading.maps.back(), one.text, &masks[k])));
  }
}

}  // namespace meridian::assistants::imaging
