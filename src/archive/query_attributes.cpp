#include "archive/query_attributes.h"

#include <algorithm>
#include <array>

#include "archive/request_attributes.h"

namespace meridian::archive {
namespace {

constexpr std::array kAttributes{
    QueryAttribute{0x00100020, "LO", QueryLevel::patient, MatchKind::text, "p.patient_id"},
    QueryAttribute{0x00100021, "LO", QueryLevel::patient, MatchKind::text, "p.issuer"},
    QueryAttribute{0x00100010, "PN", QueryLevel::patient, MatchKind::name, "p.name"},
    QueryAttribute{0x00100030, "DA", QueryLevel::patient, MatchKind::date_or_time, "p.birth_date"},
    QueryAttribute{0x00100040, "CS", QueryLevel::patient, MatchKind::text, "p.sex"},
    QueryAttribute{0x0020000D, "UI", QueryLevel::study, MatchKind::uid, "st.study_uid"},
    QueryAttribute{0x00080020, "DA", QueryLevel::study, MatchKind::date_or_time, "st.study_date"},
    QueryAttribute{0x00080030, "TM", QueryLevel::study, MatchKind::date_or_time, "st.study_time"},
    QueryAttribute{0x00080050, "SH", QueryLevel::study, MatchKind::text, "st.accession"},
    QueryAttribute{0x00200010, "SH", QueryLevel::study, MatchKind::text, "st.study_id"},
    QueryAttribute{0x00081030, "LO", QueryLevel::study, MatchKind::text, "st.description"},
    QueryAttribute{0x00080090, "PN", QueryLevel::study, MatchKind::text, "st.referring_physician"},
    QueryAttribute{0x00080201, "SH", QueryLevel::study, MatchKind::returned, "st.timezone"},
    QueryAttribute{0x00201206, "IS", QueryLevel::study, MatchKind::number, "st.series"},
    QueryAttribute{0x00201208, "IS", QueryLevel::study, MatchKind::number, "st.instances"},
    QueryAttribute{0x0020000E, "UI", QueryLevel::series, MatchKind::uid, "se.series_uid"},
    QueryAttribute{0x00080060, "CS", QueryLevel::series, MatchKind::text, "se.modality"},
    QueryAttribute{0x00200011, "IS", QueryLevel::series, MatchKind::number, "se.number"},
    QueryAttribute{0x0008103E, "LO", QueryLevel::series, MatchKind::text, "se.description"},
    QueryAttribute{0x00180015, "CS", QueryLevel::series, MatchKind::text, "se.body_part"},
    QueryAttribute{0x00400244, "DA", QueryLevel::series, MatchKind::date_or_time, "se.performed_date"},
    QueryAttribute{0x00400245, "TM", QueryLevel::series, MatchKind::date_or_time, "se.performed_time"},
    QueryAttribute{0x00201209, "IS", QueryLevel::series, MatchKind::number, "se.instances"},
    QueryAttribute{0x00080018, "UI", QueryLevel::instance, MatchKind::uid, "i.instance_uid"},
    QueryAttribute{0x00080016, "UI", QueryLevel::instance, MatchKind::uid, "i.sop_class"},
    QueryAttribute{0x00083002, "UI", QueryLevel::instance, MatchKind::uid, "i.transfer_syntax"},
    QueryAttribute{0x00200013, "IS", QueryLevel::instance, MatchKind::number, "i.number"},
    QueryAttribute{0x00280008, "IS", QueryLevel::instance, MatchKind::number, "i.frames"},
    QueryAttribute{0x00280010, "US", QueryLevel::instance, MatchKind::number, "i.height"},
    QueryAttribute{0x00280011, "US", QueryLevel::instance, MatchKind::number, "i.width"},
};

}  // namespace

std::span<const QueryAttribute> query_attributes() {
  return kAttributes;
}

const QueryAttribute* find_query_attribute(std::uint32_t tag) {
  const auto found = std::ranges::find(kAttributes, tag, &QueryAttribute::tag);
  return found == kAttributes.end() ? nullptr : &*found;
}

std::optional<QueryLevel> query_level_of(std::uint32_t tag, std::uint32_t sequence) {
  if (sequence)
    return sequence == kRequestAttributes && request_column(tag) ? std::optional(QueryLevel::series)
                                                                 : std::nullopt;
  if (tag == kRequestAttributes) return QueryLevel::series;
  if (tag == kModalitiesInStudy) return QueryLevel::study;
  const QueryAttribute* attribute = find_query_attribute(tag);
  return attribute ? std::optional(attribute->level) : std::nullopt;
}

}  // namespace meridian::archive
