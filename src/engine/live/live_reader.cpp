#include "engine/live/live_reader.h"

#include "base/error.h"
#include "vision/colour.h"

namespace meridian::engine {
namespace {

std::vector<vision::Point> polygon_of(const Json& region) {
  std::vector<vision::Point> polygon;
  for (const Json& corner : region.get("polygon").items())
    polygon.push_back({corner.at(0).as_double(), corner.at(1).as_double()});
  return polygon;
}

double confidence_in(const Json& region, const Finding& finding) {
  const Json* probability = region.find("probability");
  return probability ? probability->as_double() : finding.probability.value_or(1);
}

std::vector<vision::Outlined> outlined_by(const Reading& reading) {
  std::vector<vision::Outlined> all;
  for (const Finding& finding : reading.findings)
    if (const Json* regions = finding.evidence.find("regions"))
      for (const Json& region : regions->items())
        all.push_back({polygon_of(region), confidence_in(region, finding)});
  return all;
}

}  // namespace

std::string live_modality(const Card& card) {
  for (const Trigger& trigger : card.triggers)
    if (!trigger.modalities.empty()) return trigger.modalities.front();
  throw Error(ErrorCode::usage, "This assistant reads no pictures", card.id);
}

LiveReader::LiveReader(const Assistant& assistant)
    : assistant_(assistant), modality_(live_modality(assistant.card())) {}

std::vector<vision::Outlined> LiveReader::see(const vision::ColourImage& picture) const {
  Input input;
  input.image_facts.modality = modality_;
  input.image = vision::luminance(picture);
  input.colour = picture;
  return outlined_by(assistant_.run(input));
}

Json to_json(const vision::Track& track) {
  Json outline = Json::array();
  for (const vision::Point& corner : track.outline) outline.push_back(Json::array({corner.x, corner.y}));
  return Json::object({{"id", track.id},
                       {"outline", std::move(outline)},
                       {"box", Json::array({track.left, track.top, track.right, track.bottom})},
                       {"confidence", track.confidence}});
}

Json to_json(const std::vector<vision::Track>& tracks) {
  Json list = Json::array();
  for (const vision::Track& track : tracks) list.push_back(to_json(track));
  return list;
}

}  // namespace meridian::engine
