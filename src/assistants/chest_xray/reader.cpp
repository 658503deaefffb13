#include "assistants/chest_xray/reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "assistants/chest_xray/film.h"
#include "assistants/imaging/evidence.h"
#include "engine/evidence.h"

namespace meridian::assistants::chest_xray {
namespace {

constexpr std::string_view kSnomed = "http://snomed.info/sct";

struct Seen {
  double probability;
  vision::GreyImage heat;  // over the lungs' box; above 0 where a place speaks for tuberculosis, at most 1
};

// places: log-odds of tuberculosis if the whole film looked like this place; their mean gives the
// probability.
vision::GreyImage heat_of(const engine::Tensor& places) {
  vision::GreyImage heat{
      static_cast<int>(places.shape[3]), static_cast<int>(places.shape[2]), places.values, {}};
  for (float& pixel : heat.pixels) pixel = std::max(0.0f, 2 / (1 + std::exp(-pixel)) - 1);
  return heat;
}

Seen see(const engine::Session& session, const vision::GreyImage& film, const vision::Box& box) {
  const std::vector<engine::Tensor> outputs =
      session.run({{{1, 1, kReaderSize, kReaderSize}, reader_input(film, box).pixels}});
  return {outputs.at(0).values.at(0), heat_of(outputs.at(1))};
}

// The zone where the heat is greatest.
engine::LocalizedText hottest_zone(const vision::GreyImage& heat, const vision::Box& box,
                                   const vision::GreyImage& film, const Lungs& lungs) {
  const auto place = std::max_element(heat.pixels.begin(), heat.pixels.end()) - heat.pixels.begin();
  const double column = static_cast<double>(place % heat.width) + 0.5;
  const double row = std::floor(static_cast<double>(place) / heat.width) + 0.5;
  return zone_of(lungs, (box.left + column / heat.width * box.width()) / film.width,
                 (box.top + row / heat.height * box.height()) / film.height);
}

engine::LocalizedText positive_text(const engine::LocalizedText& zone) {
  return {"Signs suggesting pulmonary tuberculosis, most marked in the " + zone.en + ".",
          "提示肺结核征象，以" + zone.zh + "最明显。"};
}

const engine::LocalizedText kNegativeText{"No signs suggesting pulmonary tuberculosis were found.",
                                          "未见提示肺结核的征象。"};

Json polygon(const vision::Region& lung, double fx, double fy) {
  Json points = Json::array();
  for (const vision::Point& point : lung.outline)
    points.push_back(Json::array({std::round(point.x * fx), std::round(point.y * fy)}));
  return points;
}

Json regions(const Lungs& lungs, const vision::GreyImage& film) {
  const double fx = static_cast<double>(film.width) / lungs.map_width;
  const double fy = static_cast<double>(film.height) / lungs.map_height;
  return Json::array({engine::evidence_region({"right lung", "右肺"}, polygon(lungs.right, fx, fy),
                                              {std::string(kSnomed), "3341006", "Right lung structure"}),
                      engine::evidence_region({"left lung", "左肺"}, polygon(lungs.left, fx, fy),
                                              {std::string(kSnomed), "44029006", "Left lung structure"})});
}

Json rule(const engine::LocalizedText& name, double value, double limit) {
  return engine::evidence_rule(name, std::round(value * 1000) / 1000, limit);
}

}  // namespace

engine::Finding read(const engine::Session& session, const vision::GreyImage& film, const Admitted& admitted,
                     double threshold) {
  const vision::Box box = admitted.lungs.box(film.width, film.height);
  const Seen seen = see(session, film, box);
  engine::Finding finding;
  finding.code = {"http://hl7.org/fhir/sid/icd-10", "A16.2",
                  "Tuberculosis of lung, without mention of bacteriological or histological confirmation"};
  finding.probability = seen.probability;
  finding.threshold = threshold;
  finding.positive = seen.probability >= threshold;
  finding.urgency = finding.positive ? engine::Urgency::today : engine::Urgency::none;
  finding.text =
      finding.positive ? positive_text(hottest_zone(seen.heat, box, film, admitted.lungs)) : kNegativeText;
  finding.evidence = Json::object(
      {{"heat_map", imaging::heat_map(seen.heat, box, {film.width, film.height})},
       {"regions", regions(admitted.lungs, film)},
       {"rules", Json::array({rule({"frontal chest film", "正位胸片"}, admitted.frontal, kSmallestFrontal),
                              rule({"lungs' share of the film", "双肺占片面比例"}, admitted.lungs.share(),
                                   kSmallestShare),
                              rule({"smaller lung by larger", "较小肺与较大肺之比"},
                                   admitted.lungs.symmetry(), kSmallestSymmetry)})}});
  return finding;
}

}  // namespace meridian::assistants::chest_xray
