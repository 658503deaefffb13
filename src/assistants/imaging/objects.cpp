#include "assistants/imaging/objects.h"

#include <algorithm>

#include "assistants/imaging/evidence.h"
#include "assistants/imaging/measurements.h"
#include "assistants/imaging/segmentation.h"
#include "vision/region.h"

namespace meridian::assistants::imaging {
namespace {

std::vector<std::uint8_t> inside(const Class& one, const vision::GreyImage& mask) {
  const double threshold = one.mask_threshold();
  std::vector<std::uint8_t> result(mask.pixels.size());
  std::ranges::transform(mask.pixels, result.begin(),
                         [&](float value) -> std::uint8_t { return value > threshold ? 1 : 0; });
  return result;
}

engine::Finding finding_of(const Class& one, const engine::LabelMap& map) {
  const int count = map.labels.empty() ? 0 : *std::ranges::max_element(map.labels);
  const std::string number = std::to_string(count);
  engine::Finding finding;
  finding.code = *one.code;
  finding.positive = count > 0;
  finding.text = {one.text.en + ": " + number + ".", one.text.zh + "：" + number + "个。"};
  finding.measurements.push_back(as_count("count", {"number", "数目"}, count));
  finding.evidence = Json::object({{"regions", outlines(map, one.text)}});
  return finding;
}

}  // namespace

void add_objects(engine::Reading& reading, const Description& network,
                 const std::vector<vision::GreyImage>& masks) {
  const Objects& objects = *network.objects;
  const vision::GreyImage& mask = masks.at(objects.mask);
  const auto of_class = [&](std::size_t k) { return inside(network.classes.at(k), masks.at(k)); };
  engine::LabelMap map{network.classes[objects.mask].name, mask.width, mask.height};
  map.labels = vision::number_objects(of_class(objects.mask), of_class(objects.seeds), mask.width,
                                      mask.height, objects.smallest);
  if (const Class& one = network.classes[objects.mask]; one.code)
    reading.findings.push_back(finding_of(one, map));
  add_class(reading, network.classes[objects.mask], mask.pixels);
  reading.maps.push_back(std::move(map));
}

}  // namespace meridian::assistants::imaging
