#include "engine/evidence.h"

#include <utility>

namespace meridian::engine {

Json evidence_interval(double from, double to, const LocalizedText& label, const std::string& lead) {
  return Json::object({{"from", from},
                       {"to", to},
                       {"lead", lead.empty() ? Json() : Json(lead)},
                       {"label", label.en},
                       {"label_zh", label.zh}});
}

Json evidence_region(const LocalizedText& label, Json polygon, const Coding& structure) {
  Json region = Json::object({{"label", label.en}, {"label_zh", label.zh}, {"polygon", std::move(polygon)}});
  if (!structure.code.empty()) {
    region["code"] = structure.token();
    region["display"] = structure.display;
  }
  return region;
}

Json evidence_rule(const LocalizedText& name, double value, double limit) {
  return Json::object({{"name", name.en}, {"name_zh", name.zh}, {"value", value}, {"limit", limit}});
}

}  // namespace meridian::engine
