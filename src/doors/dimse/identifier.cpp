#include "doors/dimse/identifier.h"

#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcelem.h>
#include <dcmtk/dcmdata/dcuid.h>
#include <fmt/format.h>

#include <array>
#include <utility>

#include "base/error.h"

namespace meridian::doors::dimse {
namespace {

using archive::QueryLevel;

constexpr std::array<std::pair<std::string_view, QueryLevel>, 4> kLevels{{{"PATIENT", QueryLevel::patient},
                                                                          {"STUDY", QueryLevel::study},
                                                                          {"SERIES", QueryLevel::series},
                                                                          {"IMAGE", QueryLevel::instance}}};

std::string text_of(DcmElement& element) {
  OFString text;
  if (element.getOFStringArray(text).bad()) return {};
  std::string value(text.c_str(), text.size());
  while (!value.empty() && (value.back() == ' ' || value.back() == '\0')) value.pop_back();
  return value;
}

QueryLevel level_of(DcmDataset& identifier, std::string_view model) {
  OFString text;
  identifier.findAndGetOFString(DCM_QueryRetrieveLevel, text);
  const std::string_view level(text.c_str(), text.size());
  const bool has_patients = model == UID_FINDPatientRootQueryRetrieveInformationModel;
  for (const auto& [name, value] : kLevels)
    if (name == level && (value != QueryLevel::patient || has_patients)) return value;
  throw Error(ErrorCode::invalid_structure,
              fmt::format("\"{}\" is not a level of this query model", level.substr(0, 16)), "(0008,0052)",
              "Ask at the level PATIENT (patient root only), STUDY, SERIES or IMAGE");
}

// Attributes that are about the identifier and no keys.
bool is_about_identifier(const DcmTagKey& tag) {
  return tag == DCM_QueryRetrieveLevel || tag == DCM_SpecificCharacterSet || tag.getElement() == 0;
}

std::string person_name(const Json& value) {
  std::string name;
  for (const char* group : {"Alphabetic", "Ideographic", "Phonetic"}) name += value.text(group) + "=";
  while (!name.empty() && name.back() == '=') name.pop_back();
  return name;
}

std::string text_of(const Json& value) {
  if (value.is_object()) return person_name(value);
  return value.is_string() ? value.as_string() : value.dump();
}

std::string text_of_attribute(const Json& match, const DcmTagKey& tag) {
  const Json* attribute = match.find(fmt::format("{:04X}{:04X}", tag.getGroup(), tag.getElement()));
  const Json* values = attribute ? attribute->find("Value") : nullptr;
  std::string all;
  if (!values) return all;
  for (const Json& value : values->items()) all += (all.empty() ? "" : "\\") + text_of(value);
  return all;
}

}  // namespace

archive::Query read_identifier(DcmDataset& identifier, std::string_view model) {
  if (identifier.convertToUTF8().bad())
    throw Error(ErrorCode::invalid_structure, "A text of the query is not of the character set that it names",
                "(0008,0005)", "Send ISO_IR 192 or the character set that the text has");
  archive::Query query{.level = level_of(identifier, model), .keys = {}, .limit = kMostMatches + 1};
  for (unsigned long i = 0; i < identifier.card(); ++i) {
    DcmElement& element = *identifier.getElement(i);
    const DcmTagKey tag = element.getTag();
    if (is_about_identifier(tag) || element.ident() == EVR_SQ) continue;
    query.keys.push_back({std::uint32_t(tag.getGroup()) << 16 | tag.getElement(), text_of(element)});
  }
  return query;
}

std::unique_ptr<DcmDataset> match_dataset(DcmDataset& identifier, const Json& match) {
  auto dataset = std::make_unique<DcmDataset>();
  OFString level;
  identifier.findAndGetOFString(DCM_QueryRetrieveLevel, level);
  dataset->putAndInsertOFStringArray(DCM_QueryRetrieveLevel, level);
  dataset->putAndInsertString(DCM_SpecificCharacterSet, "ISO_IR 192");
  for (unsigned long i = 0; i < identifier.card(); ++i) {
    const DcmTag tag = identifier.getElement(i)->getTag();
    if (is_about_identifier(tag)) continue;
    const std::string value = text_of_attribute(match, tag);
    if (value.empty() || dataset->putAndInsertString(tag, value.c_str()).bad())
      dataset->insertEmptyElement(tag);
  }
  return dataset;
}

}  // namespace meridian::doors::dimse
