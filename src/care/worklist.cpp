#include "care/worklist.h"

#include <algorithm>
#include <ctime>
#include <sstream>

#include "base/error.h"
#include "base/time.h"
#include "care/people.h"
#include "trust/access.h"

namespace meridian::care {
namespace {

constexpr int kLargestPage = 500;

// Rank as the header says; the one ? is the moment before which a routine case has waited too long.
const std::string kRank = "(CASE WHEN urgency < 2 AND since < ? THEN 2 ELSE urgency END)";
static_assert(static_cast<int>(engine::Urgency::today) == 2);

std::int64_t microseconds(Instant time) {
  return time.time_since_epoch().count();
}

// The last midnight where the node stands.
Instant midnight(Instant at) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(std::chrono::system_clock::time_point(at));
  std::tm local{};
  localtime_r(&seconds, &local);
  local.tm_hour = local.tm_min = local.tm_sec = 0;
  local.tm_isdst = -1;
  return std::chrono::time_point_cast<std::chrono::microseconds>(
      std::chrono::system_clock::from_time_t(std::mktime(&local)));
}

// A LIKE pattern of what contains the word, '!' being the escape.
std::string containing(const std::string& word) {
  std::string pattern = "%";
  for (const char c : word) {
    if (c == '%' || c == '_' || c == '!') pattern += '!';
    pattern += c;
  }
  return pattern + "%";
}

// A WHERE clause that is built with the values of its parameters.
class Condition {
 public:
  Condition(const trust::Principal& principal, Instant at) : user_(principal.user) {
    if (principal.role != trust::Role::system)
      add("(organization = ? OR asked = ?)", {principal.organization, principal.organization});
    overdue_ = microseconds(at - kRoutineBecomesToday);
  }

  Condition& waiting() { return add("status <> 'signed'", {}); }
  Condition& urgent() { return waiting().add(kRank + " >= 2", {overdue_}); }
  Condition& mine() { return waiting().add("reader = ?", {user_}); }
  Condition& signed_since(std::int64_t since) { return add("status = 'signed' AND signed_at >= ?", {since}); }

  Condition& queue(const std::string& name) {
    if (name == "waiting" || name.empty()) return waiting();
    if (name == "urgent") return urgent();
    if (name == "mine") return mine();
    if (name == "signed") return signed_since(0);
    throw Error(ErrorCode::invalid_value, "\"" + name + "\" is not a queue", "queue",
                "Use waiting, urgent, mine or signed");
  }

  Condition& filter(const WorklistFilter& filter) {
    if (!filter.modality.empty()) add("modality = ?", {filter.modality});
    if (!filter.organization.empty()) add("organization = ?", {"Organization/" + filter.organization});
    std::istringstream words(folded(filter.search));
    for (std::string word; words >> word;) add("search LIKE ? ESCAPE '!'", {containing(word)});
    return *this;
  }

  const std::string& sql() const { return sql_; }
  std::vector<storage::Value> values() const {
    std::vector<storage::Value> values;
    for (const auto& value : values_) {
      if (const auto* text = std::get_if<std::string>(&value))
        values.emplace_back(std::string_view(*text));
      else
        values.emplace_back(std::get<std::int64_t>(value));
    }
    return values;
  }

 private:
  using Owned = std::variant<std::string, std::int64_t>;
  Condition& add(const std::string& sql, std::initializer_list<Owned> values) {
    sql_ += (sql_.empty() ? "" : " AND ") + sql;
    values_.insert(values_.end(), values);
    return *this;
  }

  std::string user_, sql_;
  std::int64_t overdue_ = 0;
  std::vector<Owned> values_;
};

void require_role(const trust::Principal& principal) {
  if (principal.organization.empty() && principal.role != trust::Role::system)
    throw Error(ErrorCode::forbidden, "A worklist is an organization's", principal.user);
  if (!trust::role_may(principal.role, trust::Act::read, "Encounter"))
    throw Error(ErrorCode::forbidden,
                "A " + std::string(trust::role_name(principal.role)) + " has no worklist", principal.user);
}

std::int64_t count_of(storage::Connection& connection, const Condition& condition) {
  std::int64_t number = 0;
  connection.run("SELECT COUNT(*) FROM care_case WHERE " + condition.sql(), condition.values(),
                 [&](const storage::Row& row) { return number = row.integer(0), false; });
  return number;
}

Json counts_of(storage::Connection& connection, const trust::Principal& principal, Instant at) {
  return Json::object(
      {{"waiting", count_of(connection, Condition(principal, at).waiting())},
       {"urgent", count_of(connection, Condition(principal, at).urgent())},
       {"mine", count_of(connection, Condition(principal, at).mine())},
       {"signedToday",
        count_of(connection, Condition(principal, at).signed_since(microseconds(midnight(at))))}});
}

Json rows_of(storage::Connection& connection, const Condition& condition, const WorklistFilter& filter,
             Instant at) {
  std::vector<storage::Value> values = condition.values();
  std::string order = "signed_at DESC";
  if (filter.queue != "signed") {
    order = kRank + " DESC, since ASC, id";
    values.emplace_back(microseconds(at - kRoutineBecomesToday));
  }
  values.emplace_back(std::int64_t{std::clamp(filter.limit, 0, kLargestPage)});
  values.emplace_back(std::int64_t{std::max(filter.offset, 0)});
  Json rows = Json::array();
  connection.run("SELECT " + case_columns() + " FROM care_case WHERE " + condition.sql() + " ORDER BY " +
                     order + " LIMIT ? OFFSET ?",
                 values, [&](const storage::Row& row) {
                   rows.push_back(worklist_row(read_case(row), at));
                   return true;
                 });
  return rows;
}

Json reader_json(const CaseRow& row) {
  return row.reader.empty() ? Json() : Json::object({{"id", row.reader}, {"display", row.reader_display}});
}

}  // namespace

engine::Urgency urgency_at(const CaseRow& row, Instant now) {
  const bool overdue = row.status != CaseStatus::signed_off && now - row.since > kRoutineBecomesToday;
  return overdue ? std::max(row.urgency, engine::Urgency::today)
                 : std::max(row.urgency, engine::Urgency::routine);
}

Json urgency_reason_at(const CaseRow& row, Instant now) {
  if (row.urgency >= engine::Urgency::today || urgency_at(row, now) < engine::Urgency::today)
    return row.urgency_reason;
  const std::string hours =
      std::to_string(std::chrono::duration_cast<std::chrono::hours>(now - row.since).count());
  return engine::to_json(engine::LocalizedText{"Waiting for " + hours + " h", "已等待" + hours + "小时"});
}

Json worklist_row(const CaseRow& row, Instant now) {
  return Json::object({{"case", row.id},
                       {"patient", row.patient_json},
                       {"modality", row.modality},
                       {"organization", organization_json(row.organization, row.organization_name)},
                       {"since", format_instant(row.since)},
                       {"urgency", engine::urgency_name(urgency_at(row, now))},
                       {"urgencyReason", urgency_reason_at(row, now)},
                       {"draft", row.draft},
                       {"status", status_name(row.status)},
                       {"reader", reader_json(row)},
                       {"signedAt", row.signed_at ? Json(format_instant(*row.signed_at)) : Json()}});
}

Json Worklist::list(const trust::Principal& principal, const WorklistFilter& filter) const {
  require_role(principal);
  const Instant at = now();
  const Condition condition = Condition(principal, at).queue(filter.queue).filter(filter);
  return context_.database.read([&](storage::Connection& connection) {
    return Json::object({{"counts", counts_of(connection, principal, at)},
                         {"total", count_of(connection, condition)},
                         {"rows", rows_of(connection, condition, filter, at)}});
  });
}

Json Worklist::rows_since(const trust::Principal& principal, Instant since) const {
  require_role(principal);
  Json rows = Json::array();
  const Instant at = now();
  context_.database.read([&](storage::Connection& connection) {
    connection.query(
        "SELECT " + case_columns() +
            " FROM care_case WHERE organization = ? AND since >= ? ORDER BY since DESC LIMIT 500",
        {principal.organization, microseconds(since)},
        [&](const storage::Row& row) { rows.push_back(worklist_row(read_case(row), at)); });
  });
  return rows;
}

}  // namespace meridian::care
