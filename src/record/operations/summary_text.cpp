#include "record/operations/summary_text.h"

#include <array>

#include "record/terminology/canonical_source.h"

namespace meridian::record {
namespace {

constexpr std::array kWhat{
    "code", "medicationCodeableConcept", "vaccineCode", "type", "title", "description", "category"};
constexpr std::array kWhen{"effectiveDateTime", "effectivePeriod.start", "onsetDateTime",
                           "performedDateTime", "performedPeriod.start", "occurrenceDateTime",
                           "authoredOn",        "recordedDate",          "period.start"};

std::string concept_text(const Json& concept_) {
  if (concept_.is_string()) return concept_.as_string();
  if (concept_.is_array()) return concept_.empty() ? std::string() : concept_text(concept_.at(0));
  if (const std::string text = concept_.text("text"); !text.empty()) return text;
  for (const Json& coding : items_of(concept_, "coding"))
    if (const std::string text = coding.text("display", coding.text("code")); !text.empty()) return text;
  return {};
}

std::string value_text(const Json& resource) {
  if (const Json* quantity = resource.find("valueQuantity"); quantity && quantity->get("value").is_number()) {
    const std::string unit = quantity->text("unit", quantity->text("code"));
    return quantity->text("comparator") + quantity->get("value").number_text() +
           (unit.empty() ? "" : " " + unit);
  }
  if (const Json* concept_ = resource.find("valueCodeableConcept")) return concept_text(*concept_);
  return resource.text("valueString", resource.text("conclusion"));
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '&')
      out += "&amp;";
    else if (static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t')
      out += c;
  }
  return out;
}

}  // namespace

std::string line_of_resource(const Json& resource) {
  std::string line;
  for (const char* member : kWhat)
    if (const Json* found = resource.find(member); found && line.empty()) line = concept_text(*found);
  if (line.empty()) line = resource.text("medicationReference.display", resource.text("resourceType"));
  if (const std::string value = value_text(resource); !value.empty()) line += ": " + value;
  for (const char* member : kWhen)
    if (const std::string date = resource.text(member); !date.empty())
      return line + ", " + date.substr(0, 10);
  return line;
}

Json narrative(const std::vector<std::string>& lines) {
  std::string list;
  for (const std::string& line : lines) list += "<li>" + escaped(line) + "</li>";
  return Json::object({{"status", "generated"},
                       {"div", "<div xmlns=\"http://www.w3.org/1999/xhtml\"><ul>" + list + "</ul></div>"}});
}

}  // namespace meridian::record
