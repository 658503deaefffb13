#include "archive/query.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "archive/index.h"
#include "archive/person_name.h"
#include "base/error.h"

namespace meridian::archive {
namespace {

constexpr std::size_t kMostUids = 1000;
constexpr std::uint32_t kModalitiesInStudy = 0x00080061;

enum class Kind { text, name, uid, date_or_time, number };

struct Attribute {
  std::uint32_t tag;
  const char* vr;
  QueryLevel level;
  Kind kind;
  const char* column;
};

constexpr std::array kAttributes{
    Attribute{0x00100020, "LO", QueryLevel::patient, Kind::text, "p.patient_id"},
    Attribute{0x00100021, "LO", QueryLevel::patient, Kind::text, "p.issuer"},
    Attribute{0x00100010, "PN", QueryLevel::patient, Kind::name, "p.name"},
    Attribute{0x00100030, "DA", QueryLevel::patient, Kind::date_or_time, "p.birth_date"},
    Attribute{0x00100040, "CS", QueryLevel::patient, Kind::text, "p.sex"},
    Attribute{0x0020000D, "UI", QueryLevel::study, Kind::uid, "st.study_uid"},
    Attribute{0x00080020, "DA", QueryLevel::study, Kind::date_or_time, "st.study_date"},
    Attribute{0x00080030, "TM", QueryLevel::study, Kind::date_or_time, "st.study_time"},
    Attribute{0x00080050, "SH", QueryLevel::study, Kind::text, "st.accession"},
    Attribute{0x00200010, "SH", QueryLevel::study, Kind::text, "st.study_id"},
    Attribute{0x00081030, "LO", QueryLevel::study, Kind::text, "st.description"},
    Attribute{0x00080090, "PN", QueryLevel::study, Kind::text, "st.referring_physician"},
    Attribute{0x00201206, "IS", QueryLevel::study, Kind::number, "st.series"},
    Attribute{0x00201208, "IS", QueryLevel::study, Kind::number, "st.instances"},
    Attribute{0x0020000E, "UI", QueryLevel::series, Kind::uid, "se.series_uid"},
    Attribute{0x00080060, "CS", QueryLevel::series, Kind::text, "se.modality"},
    Attribute{0x00200011, "IS", QueryLevel::series, Kind::number, "se.number"},
    Attribute{0x0008103E, "LO", QueryLevel::series, Kind::text, "se.description"},
    Attribute{0x00180015, "CS", QueryLevel::series, Kind::text, "se.body_part"},
    Attribute{0x00201209, "IS", QueryLevel::series, Kind::number, "se.instances"},
    Attribute{0x00080018, "UI", QueryLevel::instance, Kind::uid, "i.instance_uid"},
    Attribute{0x00080016, "UI", QueryLevel::instance, Kind::uid, "i.sop_class"},
    Attribute{0x00083002, "UI", QueryLevel::instance, Kind::uid, "i.transfer_syntax"},
    Attribute{0x00200013, "IS", QueryLevel::instance, Kind::number, "i.number"},
    Attribute{0x00280008, "IS", QueryLevel::instance, Kind::number, "i.frames"},
    Attribute{0x00280010, "US", QueryLevel::instance, Kind::number, "i.height"},
    Attribute{0x00280011, "US", QueryLevel::instance, Kind::number, "i.width"},
};

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

// The conditions of a WHERE and the values of their parameters, in order.
class Conditions {
 public:
  void add(const Attribute& attribute, const std::string& value) {
    switch (attribute.kind) {
      case Kind::uid:
        return add_uids(attribute.column, value);
      case Kind::date_or_time:
        return add_range(attribute.column, value);
      case Kind::name:
        return add_name(value);
      case Kind::number:
        return add_number(attribute.column, value);
      case Kind::text:
        return add_text(attribute.column, value);
    }
  }

  void add_modality(const std::string& value) {
    begin();
    sql_ += "EXISTS (SELECT 1 FROM archive_series x WHERE x.study_uid = st.study_uid AND x.modality = ?)";
    values_.push_back(value);
  }

  const std::string& sql() const { return sql_; }
  std::vector<storage::Value> parameters() const {
    std::vector<storage::Value> parameters;
    for (const std::string& value : values_) parameters.emplace_back(std::string_view(value));
    return parameters;
  }

 private:
  void begin() { sql_ += sql_.empty() ? " WHERE " : " AND "; }

  void compare(const std::string& condition, std::string value) {
    begin();
    sql_ += condition;
    values_.push_back(std::move(value));
  }

  static bool has_wildcard(const std::string& value) {
    return value.find_first_of("*?") != std::string::npos;
  }

  static std::string like_pattern(const std::string& value) {
    std::string pattern;
    for (const char c : value) {
      if (c == '%' || c == '_' || c == '!') pattern += '!';
      pattern += c == '*' ? '%' : c == '?' ? '_' : c;
    }
    return pattern;
  }

  void add_text(const char* column, const std::string& value) {
    if (has_wildcard(value))
      compare(fmt::format("{} LIKE ? ESCAPE '!'", column), like_pattern(value));
    else
      compare(fmt::format("{} = ?", column), value);
  }

  void add_number(const char* column, const std::string& value) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    const bool whole = error == std::errc() && end == value.data() + value.size();
    begin();
    sql_ += whole ? fmt::format("{} = {}", column, number) : "1 = 0";
  }

  // One component group, or all of them, must match.
  void add_name(const std::string& value) {
    const std::string pattern = like_pattern(name_key(value));
    begin();
    sql_ += "(";
    const std::array forms{pattern, pattern + "=%", "%=" + pattern, "%=" + pattern + "=%"};
    for (const std::string& form : forms) {
      sql_ += &form == &forms.front() ? "" : " OR ";
      sql_ += "p.name_key LIKE ? ESCAPE '!'";
      values_.push_back(form);
    }
    sql_ += ")";
  }

  void add_range(const char* column, const std::string& value) {
    const auto dash = value.find('-');
    if (dash == std::string::npos) return add_text(column, value);
    const std::string from = value.substr(0, dash), to = value.substr(dash + 1);
    if (!from.empty()) compare(fmt::format("{} >= ?", column), from);
    // A time's fraction, and its missing seconds, lie within the second or minute that ends the range.
    if (!to.empty()) compare(fmt::format("{} <= ?", column), to + "~");
    if (from.empty()) compare(fmt::format("{} <> ?", column), "");
  }

  void add_uids(const char* column, const std::string& value) {
    std::string list;
    std::size_t count = 0;
    for (std::size_t begin_at = 0; begin_at <= value.size();) {
      const auto end = std::min(value.find_first_of("\\,", begin_at), value.size());
      if (++count > kMostUids)
        throw Error(ErrorCode::invalid_value, fmt::format("A list has at most {} UIDs", kMostUids));
      list += list.empty() ? "?" : ", ?";
      values_.push_back(value.substr(begin_at, end - begin_at));
      begin_at = end + 1;
    }
    begin();
    sql_ += fmt::format("{} IN ({})", column, list);
  }

  std::string sql_;
  std::vector<std::string> values_;
};

Conditions conditions_of(const Query& query) {
  Conditions conditions;
  for (const QueryKey& key : query.keys) {
    if (key.value.empty() || key.value == "*") continue;
    const auto attribute = std::ranges::find(kAttributes, key.tag, &Attribute::tag);
    if (attribute != kAttributes.end() && attribute->level <= query.level)
      conditions.add(*attribute, key.value);
    else if (key.tag == kModalitiesInStudy && query.level >= QueryLevel::study)
      conditions.add_modality(key.value);
  }
  return conditions;
}

Json attribute_json(const Attribute& attribute, const storage::Row& row, int column) {
  Json out = Json::object({{"vr", attribute.vr}});
  if (attribute.kind == Kind::number)
    out["Value"] = Json::array({row.integer(column)});
  else if (const std::string_view text = row.text(column); !text.empty())
    out["Value"] =
        Json::array({std::string_view(attribute.vr) == "PN" ? person_name_json(text) : Json(text)});
  return out;
}

Json match_json(const storage::Row& row, QueryLevel level) {
  Json match = Json::object();
  int column = 0;
  for (const Attribute& attribute : kAttributes)
    if (attribute.level <= level)
      match.members().emplace_back(fmt::format("{:08X}", attribute.tag),
                                   attribute_json(attribute, row, column++));
  std::ranges::sort(match.members(), {}, &Json::Member::first);
  return match;
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
  for (const Attribute& attribute : kAttributes)
    if (attribute.level <= query.level)
      columns += (columns.empty() ? "" : ", ") + std::string(attribute.column);
  const Conditions conditions = conditions_of(query);
  const std::string sql = fmt::format("SELECT {}{}{}{} LIMIT {} OFFSET {}", columns, tables_of(query.level),
                                      conditions.sql(), order_of(query.level), query.limit, query.offset);
  std::vector<Json> matches;
  connection.run(sql, conditions.parameters(), [&](const storage::Row& row) {
    matches.push_back(match_json(row, query.level));
    return true;
  });
  if (query.level == QueryLevel::study)
    for (Json& match : matches) add_modalities(connection, match);
  return matches;
}

}  // namespace meridian::archive
