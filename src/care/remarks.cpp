#include "care/remarks.h"

#include "engine/finding.h"
#include "signal/remark.h"

namespace meridian::care {

Json json_of_remarks(const std::vector<std::string>& texts) {
  Json json = Json::array();
  for (const std::string& text : texts) {
    const signal::Remark remark = signal::remark_of(text);
    Json values = Json::object({});
    for (const auto& [name, value] : remark.values) values[name] = value;
    json.push_back(Json::object({{"code", remark.code},
                                 {"values", std::move(values)},
                                 {"text", engine::to_json({remark.en, remark.zh})}}));
  }
  return json;
}

}  // namespace meridian::care
