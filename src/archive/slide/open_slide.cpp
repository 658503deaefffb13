#include "archive/slide/open_slide.h"

#include "archive/parse.h"
#include "base/error.h"

namespace meridian::archive {

std::shared_ptr<const SlideSeries> open_slide(const Archive& archive, const std::string& study,
                                              const std::string& series) {
  std::vector<SlidePart> parts;
  for (const InstanceFacts& facts : archive.instances(study, series))
    if (is_whole_slide(facts))
      parts.push_back(
          {facts.key.instance, std::make_shared<const StoredImage>(archive.image(facts.key.instance))});
  if (parts.empty()) throw Error(ErrorCode::not_found, "There is no such slide", series);
  return std::make_shared<const SlideSeries>(parts);
}

std::shared_ptr<const SlideSeries> open_slide(const std::vector<std::string>& files) {
  std::vector<SlidePart> parts;
  for (const std::string& file : files)
    parts.push_back({parse_instance(file).facts.key.instance,
                     std::make_shared<const StoredImage>(StoredImage::of_file(file))});
  return std::make_shared<const SlideSeries>(parts);
}

}  // namespace meridian::archive
