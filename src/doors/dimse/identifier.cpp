#include "doors/dimse/identifier.h"

#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcelem.h>
#include <dcmtk/dcmdata/dcsequen.h>
#include <dcmtk/dcmdata/dcuid.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "archive/attribute_json.h"
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
  constexpr std::array<std::string_view, 3> kPatientRoots{UID_FINDPatientRootQueryRetrieveInformationModel,
                                                          UID_MOVEPatientRootQueryRetrieveInformationModel,
                                                          UID_GETPatientRootQueryRetrieveInformationModel};
  const bool has_patients = std::ranges::find(kPatientRoots, model) != kPatientRoots.end();
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

std::string tag_name(const DcmTagKey& tag) {
  return fmt::format("{:04X}{:04X}", tag.getGroup(), tag.getElement());
}

std::string text_of_attribute(const Json& match, const DcmTagKey& tag) {
  const Json* attribute = match.find(tag_name(tag));
  const Json* values = attribute ? attribute->find("Value") : nullptr;
  std::string all;
  if (!values) return all;
  for (const Json& value : values->items()) all += (all.empty() ? "" : "\\") + archive::value_text(value);
  return all;
}

void convert_to_utf8(DcmDataset& identifier) {
  if (identifier.convertToUTF8().bad())
    throw Error(ErrorCode::invalid_structure, "A text of the query is not of the character set that it names",
                "(0008,0005)", "Send ISO_IR 192 or the character set that the text has");
}

std::uint32_t number_of(const DcmTagKey& tag) {
  return std::uint32_t(tag.getGroup()) << 16 | tag.getElement();
}

void add_keys(DcmItem& item, std::vector<archive::QueryKey>& keys) {
  for (unsigned long i = 0; i < item.card(); ++i) {
    DcmElement& element = *item.getElement(i);
    if (is_about_identifier(element.getTag())) continue;
    if (element.ident() != EVR_SQ) {
      keys.push_back({number_of(element.getTag()), text_of(element)});
      continue;
    }
    auto& sequence = static_cast<DcmSequenceOfItems&>(element);
    if (sequence.card() > 0) add_keys(*sequence.getItem(0), keys);
  }
}

void add_item_keys(DcmSequenceOfItems& sequence, std::vector<archive::QueryKey>& keys) {
  if (sequence.card() == 0) return;
  const std::size_t first = keys.size();
  add_keys(*sequence.getItem(0), keys);
  for (std::size_t i = first; i < keys.size(); ++i) keys[i].sequence = number_of(sequence.getTag());
}

void copy_asked(DcmItem& asked, const Json& match, DcmItem& out);

void copy_sequence(DcmSequenceOfItems& asked, const Json& match, DcmItem& out) {
  const DcmTag tag = asked.getTag();
  out.insertEmptyElement(tag);
  for (const Json& item : archive::sequence_items(match, tag_name(tag))) {
    DcmItem* made = nullptr;
    if (asked.card() > 0 && out.findOrCreateSequenceItem(tag, made, -2).good())
      copy_asked(*asked.getItem(0), item, *made);
  }
}

void copy_asked(DcmItem& asked, const Json& match, DcmItem& out) {
  for (unsigned long i = 0; i < asked.card(); ++i) {
    DcmElement& element = *asked.getElement(i);
    const DcmTag tag = element.getTag();
    if (is_about_identifier(tag)) continue;
    if (element.ident() == EVR_SQ) {
      copy_sequence(static_cast<DcmSequenceOfItems&>(element), match, out);
      continue;
    }
    const std::string value = text_of_attribute(match, tag);
    if (value.empty() || out.putAndInsertString(tag, value.c_str()).bad()) out.insertEmptyElement(tag);
  }
}

}  // namespace

archive::Query read_identifier(DcmDataset& identifier, std::string_view model) {
  convert_to_utf8(identifier);
  archive::Query query{.level = level_of(identifier, model), .keys = {}, .limit = kMostMatches + 1};
  for (unsigned long i = 0; i < identifier.card(); ++i) {
    DcmElement& element = *identifier.getElement(i);
    const DcmTagKey tag = element.getTag();
    if (is_about_identifier(tag)) continue;
    if (element.ident() == EVR_SQ)
      add_item_keys(static_cast<DcmSequenceOfItems&>(element), query.keys);
    else
      query.keys.push_back({number_of(tag), text_of(element)});
  }
  return query;
}

std::vector<archive::QueryKey> read_worklist_keys(DcmDataset& identifier) {
  convert_to_utf8(identifier);
  std::vector<archive::QueryKey> keys;
  add_keys(identifier, keys);
  return keys;
}

std::unique_ptr<DcmDataset> match_dataset(DcmDataset& identifier, const Json& match) {
  auto dataset = std::make_unique<DcmDataset>();
  OFString level;
  if (identifier.findAndGetOFString(DCM_QueryRetrieveLevel, level).good())
    dataset->putAndInsertOFStringArray(DCM_QueryRetrieveLevel, level);
  dataset->putAndInsertString(DCM_SpecificCharacterSet, "ISO_IR 192");
  copy_asked(identifier, match, *dataset);
  return dataset;
}

std::unique_ptr<DcmDataset> match_dataset(DcmDataset& identifier, const Json& match,
                                          const std::string& retrieve_ae_title) {
  auto dataset = match_dataset(identifier, match);
  dataset->putAndInsertString(DCM_RetrieveAETitle, retrieve_ae_title.c_str());
  if (identifier.tagExists(DCM_InstanceAvailability))
    dataset->putAndInsertString(DCM_InstanceAvailability, "ONLINE");
  return dataset;
}

}  // namespace meridian::doors::dimse
