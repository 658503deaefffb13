#include "assistants/imaging/volume_labels.h"

#include <algorithm>

#include "assistants/imaging/measurements.h"
#include "assistants/imaging/segmentation.h"

namespace meridian::assistants::imaging {
namespace {

std::vector<std::uint16_t> labels_of(const Description& network, const engine::Tensor& masks,
                                     const vision::Volume& volume) {
  const auto& size = network.volume_size;
  const std::size_t count = static_cast<std::size_t>(size[0]) * size[1] * size[2];
  std::vector<std::uint16_t> labels(volume.voxels.size(), 0);
  std::vector<float> best(volume.voxels.size(), 0);
  for (std::size_t k = 0; k < network.classes.size(); ++k) {
    const std::vector<float> mask = vision::on_volume(masks.values.data() + k * count, size, volume);
    const double threshold = network.classes[k].mask_threshold();
    for (std::size_t i = 0; i < mask.size(); ++i)
      if (mask[i] > threshold && mask[i] > best[i]) {
        best[i] = mask[i];
        labels[i] = static_cast<std::uint16_t>(k + 1);
      }
  }
  return labels;
}

engine::Finding finding_of(const Class& one, std::ptrdiff_t voxels, const vision::Volume& volume) {
  engine::Finding finding;
  finding.code = *one.code;
  finding.positive = voxels > 0;
  const double millilitres = static_cast<double>(voxels) * voxel_millilitres(volume);
  finding.measurements.push_back(in_millilitres(millilitres));
  const std::string display = finding.measurements.back().display;
  finding.text =
      finding.positive
          ? engine::LocalizedText{one.text.en + ": " + display + ".", one.text.zh + "：" + display + "。"}
          : engine::LocalizedText{"Not found: " + one.text.en + ".", "未见：" + one.text.zh + "。"};
  finding.evidence = Json::object({});
  return finding;
}

}  // namespace

void add_volume_labels(engine::Reading& reading, const Description& network, const Network::Outputs& outputs,
                       const vision::Volume& volume) {
  engine::LabelMap map{"labels", volume.width, volume.height, volume.depth,
                       labels_of(network, *outputs.masks, volume)};
  const std::span<const float> masks(outputs.masks->values);
  const std::size_t voxels = masks.size() / network.classes.size();
  for (std::size_t k = 0; k < network.classes.size(); ++k) {
    const Class& one = network.classes[k];
    add_class(reading, one, masks.subspan(k * voxels, voxels));
    map.meanings.push_back(one.name);
    if (one.code)
      reading.findings.push_back(
          finding_of(one, std::ranges::count(map.labels, static_cast<std::uint16_t>(k + 1)), volume));
  }
  reading.maps.push_back(std::move(map));
}

}  // namespace meridian::assistants::imaging
