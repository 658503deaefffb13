#include "app/read/pictures.h"

#include "base/encoding.h"
#include "base/file.h"
#include "vision/marks.h"
#include "vision/picture.h"

namespace meridian::app {
namespace {

constexpr int kLongestSide = 480;  // pixels
constexpr int kQuality = 85;       // of JPEG

std::vector<vision::Point> outline_of(const Json& polygon) {
  std::vector<vision::Point> outline;
  for (const Json& point : polygon.items())
    outline.push_back({point.at(0).as_double(), point.at(1).as_double()});
  return outline;
}

vision::Marks marks_of(const engine::Reading& reading) {
  vision::Marks marks;
  marks.heat_map = from_base64(evidence(reading, "heat_map").text("png"));
  for (const engine::Finding& finding : reading.findings)
    if (const Json* regions = finding.evidence.find("regions"))
      for (const Json& region : regions->items()) marks.outlines.push_back(outline_of(region.get("polygon")));
  return marks;
}

}  // namespace

void PictureWriter::write(const ReadInput& read) {
  if (!read.card || !read.input || !read.input->image || read.reading.refused) return;
  const engine::Input& input = *read.input;
  const vision::ColourImage picture = input.colour ? *input.colour : vision::in_colour(*input.image);
  const std::string jpeg =
      vision::encode_jpeg(vision::marked(picture, marks_of(read.reading), kLongestSide), kQuality);
  write_file(names_.of(read.name) + "." + read.card->id + ".jpg", jpeg);
}

}  // namespace meridian::app
