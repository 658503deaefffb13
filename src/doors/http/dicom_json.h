// The DICOM JSON model (PS3.18 F.2), as far as this door writes it by itself.
#pragma once
#include <string>
#include <string_view>

#include "base/json.h"

namespace meridian::doors::http {

// {"vr": VR, "Value": [value]}; without a value when the text is empty.
inline Json dicom_attribute(std::string_view vr, const std::string& value) {
  Json attribute = Json::object({{"vr", vr}});
  if (value.empty()) return attribute;
  attribute["Value"].push_back(vr == "PN" ? Json::object({{"Alphabetic", value}}) : Json(value));
  return attribute;
}

inline Json dicom_number(std::string_view vr, std::int64_t value) {
  return Json::object({{"vr", vr}, {"Value", Json::array({value})}});
}

}  // namespace meridian::doors::http
