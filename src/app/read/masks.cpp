#include "app/read/masks.h"

#include <algorithm>

#include "archive/nifti.h"
#include "base/file.h"
#include "vision/picture.h"

namespace meridian::app {
namespace {

namespace fs = std::filesystem;

std::string png_of(const engine::LabelMap& map) {
  if (map.meanings.size() != 1) return vision::encode_png_labels(map.width, map.height, map.labels);
  vision::GreyImage mask{map.width, map.height, std::vector<float>(map.labels.size()), {}};
  std::ranges::transform(map.labels, mask.pixels.begin(),
                         [](std::uint16_t label) { return label ? 1.0f : 0.0f; });
  return vision::encode_png(mask);
}

std::string nifti_of(const engine::LabelMap& map, const std::string& header) {
  const std::vector<std::uint8_t> labels(map.labels.begin(), map.labels.end());
  return archive::compose_nifti_labels(header, labels);
}

}  // namespace

Json MaskWriter::write(const engine::Reading& reading, const fs::path& input,
                       const std::string& nifti_header) {
  Json written = Json::array();
  if (reading.maps.empty()) return written;
  const std::string name = names_.of(input);
  for (const engine::LabelMap& map : reading.maps) {
    const bool is_volume = !nifti_header.empty();
    const fs::path file = name + "." + map.name + (is_volume ? ".nii.gz" : ".png");
    write_file(file, is_volume ? nifti_of(map, nifti_header) : png_of(map));
    Json meanings = Json::array();
    for (const std::string& meaning : map.meanings) meanings.push_back(meaning);
    written.push_back(
        Json::object({{"name", map.name}, {"file", file.string()}, {"meanings", std::move(meanings)}}));
  }
  return written;
}

}  // namespace meridian::app
