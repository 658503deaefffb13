#include "care/performed_outputs.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string>

#include "archive/attribute_json.h"
#include "archive/imaging_study.h"
#include "base/error.h"

namespace meridian::care {
namespace {

using archive::first_value;

constexpr const char *kPerformedSeries = "00400340", *kSeriesUid = "0020000E";
constexpr std::string_view kUcum = "http://unitsofmeasure.org",
                           kDcm = "http://dicom.nema.org/resources/ontology/DCM";

// Units as DICOM gives the attribute.
struct Amount {
  const char* tag;
  const char* name;
  const char* unit;  // UCUM
  const char* code;  // of DCM, where it has one for just this
};
constexpr std::array kAmounts{
    Amount{"00400300", "Total Time of Fluoroscopy", "s", "113730"},
    Amount{"00400301", "Total Number of Exposures", "1", nullptr},
    Amount{"00181110", "Distance Source to Detector", "mm", nullptr},
    Amount{"00400306", "Distance Source to Entrance", "mm", nullptr},
    Amount{"00400302", "Entrance Dose", "dGy", nullptr},
    Amount{"00408302", "Entrance Dose in mGy", "mGy", nullptr},
    Amount{"0018115E", "Image and Fluoroscopy Area Dose Product", "dGy.cm2", "113722"},
};

Json type_of(const std::string& text, const char* code = nullptr) {
  Json type = Json::object();
  if (code) type["coding"] = Json::array({Json::object({{"system", kDcm}, {"code", code}})});
  type["text"] = text;
  return type;
}

double number_of(const std::string& text, const char* tag) {
  double number = 0;
  const auto begin = text.find_first_not_of(' ');
  const auto [end, error] =
      std::from_chars(text.data() + std::min(begin, text.size()), text.data() + text.size(), number);
  const bool rest =
      std::string_view(end, text.data() + text.size()).find_first_not_of(' ') != std::string_view::npos;
  if (error != std::errc() || rest || !std::isfinite(number))
    throw Error(ErrorCode::invalid_value, "A dose of a performed procedure step is no number", tag);
  return number;
}

std::string described(const Json& series) {
  std::string text;
  const auto add = [&](const std::string& part) {
    if (!part.empty()) text.append(text.empty() ? "" : ", ").append(part);
  };
  add(first_value(series, "0008103E"));
  if (const std::string protocol = first_value(series, "00181030"); !protocol.empty())
    add("protocol " + protocol);
  if (const std::string operators = first_value(series, "00081070"); !operators.empty())
    add("by " + operators);
  if (const auto images = archive::sequence_items(series, "00081140").size(); images > 0)
    add(fmt::format("{} {}", images, images == 1 ? "image" : "images"));
  return text;
}

Json series_output(const Json& series) {
  Json value =
      Json::object({{"identifier", Json::object({{"system", archive::kDicomUidSystem},
                                                 {"value", "urn:oid:" + first_value(series, kSeriesUid)}})}});
  if (std::string text = described(series); !text.empty()) value["display"] = std::move(text);
  return Json::object({{"type", type_of("Performed series")}, {"valueReference", std::move(value)}});
}

// What an output is of: its type, and of a series which one.
std::string subject_of(const Json& output) {
  return output.text("type.text") + " " + output.text("valueReference.identifier.value");
}

void put(Json& task, Json output) {
  const std::string subject = subject_of(output);
  if (Json* outputs = task.find("output"))
    for (Json& one : outputs->items())
      if (subject_of(one) == subject) {
        one = std::move(output);
        return;
      }
  task["output"].push_back(std::move(output));
}

}  // namespace

void set_performed_outputs(Json& task, const Json& attributes) {
  for (const Json& series : archive::sequence_items(attributes, kPerformedSeries))
    if (!first_value(series, kSeriesUid).empty()) put(task, series_output(series));
  for (const Amount& amount : kAmounts) {
    const std::string text = first_value(attributes, amount.tag);
    if (text.empty()) continue;
    const Json quantity = Json::object({{"value", number_of(text, amount.tag)},
                                        {"unit", amount.unit},
                                        {"system", kUcum},
                                        {"code", amount.unit}});
    put(task, Json::object({{"type", type_of(amount.name, amount.code)}, {"valueQuantity", quantity}}));
  }
  if (const std::string comments = first_value(attributes, "00400310"); !comments.empty())
    put(task, Json::object({{"type", type_of("Comments on Radiation Dose")}, {"valueString", comments}}));
}

}  // namespace meridian::care
