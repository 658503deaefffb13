#include "archive/query.h"

#include <fmt/format.h>

#include <algorithm>

#include "archive/attribute_json.h"
#include "archive/person_name.h"
#include "archive/query_conditions.h"
#include "archive/request_attributes.h"
#include "base/error.h"

namespace meridian::archive {
namespace {

std::string_view tables_of(QueryLevel level) {
  switch (level) {
    case QueryLevel::patient:
      return " FROM archive_patient p";
    case QueryLevel::study:
      return " FROM archive_study st JOIN archive_patient p ON p.patient_id = st.patient_id AND p.issuer = "
             "st.issuer";
    case QueryLevel::series:
      return " FROM archive_series se JOIN archive_study st ON st.study_uid = se.study_uid"
             " JOIN archive_patient p ON p.patient_id = st.patient_id AND p.issuer = st.issuer";
    default:
      return " FROM archive_instance i JOIN archive_series se ON se.series_uid = i.series_uid"
             " JOIN archive_study st ON st.study_uid = se.study_uid"
             " JOIN archive_patient p ON p.patient_id = st.patient_id AND p.issuer = st.issuer";
  }
}

std::string_view order_of(QueryLevel level) {
  switch (level) {
    case QueryLevel::patient:
      return " ORDER BY p.patient_id, p.issuer";
    case QueryLevel::study:
      return " ORDER BY st.study_date DESC, st.study_time DESC, st.study_uid DESC";
    case QueryLevel::series:
      return " ORDER BY se.study_uid, se.number, se.series_uid";
    default:
      return " ORDER BY i.series_uid, i.number, i.instance_uid";
  }
}

Json attribute_json(const QueryAttribute& attribute, const storage::Row& row, int column) {
  Json out = Json::object({{"vr", attribute.vr}});
  if (attribute.kind == MatchKind::number)
    out["Value"] = Json::array({row.integer(column)});
  else if (const std::string_view text = row.text(column); !text.empty())
    out["Value"] =
        Json::array({std::string_view(attribute.vr) == "PN" ? person_name_json(text) : Json(text)});
  return out;
}

Json match_json(const storage::Row& row, QueryLevel level) {
  Json match = Json::object();
  int column = 0;
  for (const QueryAttribute& attribute : query_attributes())
    if (attribute.level <= level)
      match.members().emplace_back(fmt::format("{:08X}", attribute.tag),
                                   attribute_json(attribute, row, column++));
  std::ranges::sort(match.members(), {}, &Json::Member::first);
  return match;
}

// What is no picture has no size.
void empty_size_of_no_picture(Json& match) {
  if (first_value(match, "00280010") != "0") return;
  for (const char* tag : {"00280008", "00280010", "00280011"}) match[tag].erase("Value");
}

void add_modalities(storage::Connection& connection, Json& match) {
  Json modalities = Json::object({{"vr", "CS"}});
  const std::string study = match.get("0020000D.Value").at(0).as_string();
  connection.query("SELECT DISTINCT modality FROM archive_series WHERE study_uid = ? ORDER BY modality",
                   {study}, [&](const storage::Row& row) { modalities["Value"].push_back(row.text(0)); });
  match["00080061"] = std::move(modalities);
}

}  // namespace

std::vector<Json> run_query(storage::Connection& connection, const Query& query) {
  if (query.offset < 0 || query.limit < 0)
    throw Error(ErrorCode::invalid_value, "A page has no negative offset or limit");
  std::string columns;
  for (const QueryAttribute& attribute : query_attributes())
    if (attribute.level <= query.level)
      columns += (columns.empty() ? "" : ", ") + std::string(attribute.column);
  const QueryConditions conditions(query);
  const std::string sql = fmt::format("SELECT {}{}{}{} LIMIT {} OFFSET {}", columns, tables_of(query.level),
                                      conditions.sql(), order_of(query.level), query.limit, query.offset);
  std::vector<Json> matches;
  connection.run(sql, conditions.parameters(), [&](const storage::Row& row) {
    matches.push_back(match_json(row, query.level));
    return true;
  });
  if (query.level == QueryLevel::study)
    for (Json& match : matches) add_modalities(connection, match);
  if (query.level == QueryLevel::instance) std::ranges::for_each(matches, empty_size_of_no_picture);
  if (query.level == QueryLevel::series)
    for (Json& match : matches) add_request_attributes(connection, match);
  return matches;
}

}  // namespace meridian::archive
