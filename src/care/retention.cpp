#include "care/retention.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <set>

#include "base/error.h"
#include "base/log.h"
#include "base/text.h"
#include "care/case_table.h"
#include "care/holds.h"
#include "care/removal.h"

namespace meridian::care {
namespace {

constexpr std::int64_t kPage = 500;           // studies
constexpr std::size_t kLongestModality = 16;  // characters of a code string (PS3.5, 6.2)

[[noreturn]] void wrong(std::string_view rule, const std::string& what) {
  throw Error(ErrorCode::invalid_configuration, what, "archive.retention: \"" + std::string(rule) + "\"",
              "Write MODALITY[/MODALITY...]=DAYS, or *=DAYS for all others, with commas between");
}

int days_of(std::string_view text, std::string_view rule) {
  int days = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), days);
  if (error != std::errc() || end != text.data() + text.size() || days < 1 || days > 100'000)
    wrong(rule, "Images are kept between 1 and 100000 days");
  return days;
}

bool is_modality(std::string_view text) {
  return !text.empty() && text.size() <= kLongestModality && std::ranges::all_of(text, [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

RetentionRule rule_of(std::string_view text) {
  const auto equals = text.find('=');
  if (equals == std::string_view::npos) wrong(text, "A rule of retention lacks its days");
  RetentionRule rule{.modalities = {}, .days = days_of(trimmed(text.substr(equals + 1)), text)};
  const std::string_view modalities = trimmed(text.substr(0, equals));
  if (modalities == "*") return rule;
  for (const std::string& modality : split(modalities, '/')) {
    if (!is_modality(trimmed(modality)))
      wrong(text, "A rule of retention names something that is no modality");
    rule.modalities.emplace_back(trimmed(modality));
  }
  return rule;
}

// Nothing where no rule says how long.
std::optional<int> days_for(const std::vector<RetentionRule>& rules, const std::string& modality) {
  std::optional<int> otherwise;
  for (const RetentionRule& rule : rules) {
    if (std::ranges::find(rule.modalities, modality) != rule.modalities.end()) return rule.days;
    if (rule.modalities.empty()) otherwise = rule.days;
  }
  return otherwise;
}

std::optional<int> days_for(const std::vector<RetentionRule>& rules,
                            const std::vector<std::string>& modalities) {
  int longest = 0;
  for (const std::string& modality : modalities) {
    const auto days = days_for(rules, modality);
    if (!days) return {};
    longest = std::max(longest, *days);
  }
  return longest;
}

struct Candidate {
  std::string study;
  std::int64_t instances = 0, bytes = 0;
  Instant came{};  // its last instance
};

constexpr std::string_view kCandidates =
    "SELECT se.study_uid, COUNT(*), CAST(SUM(i.bytes) AS BIGINT), MAX(i.stored_at) FROM archive_series se"
    " JOIN archive_instance i ON i.series_uid = se.series_uid WHERE ";

std::vector<Candidate> candidates(storage::Connection& connection, const std::string& after) {
  static const std::string sql =
      std::string(kCandidates) + "se.study_uid > ? GROUP BY se.study_uid ORDER BY se.study_uid LIMIT ?";
  std::vector<Candidate> page;
  connection.query(sql, {after, kPage}, [&](const storage::Row& row) {
    page.push_back(
        {std::string(row.text(0)), row.integer(1), row.integer(2), parse_instant(std::string(row.text(3)))});
  });
  return page;
}

std::optional<Candidate> candidate_of(storage::Connection& connection, const std::string& study) {
  static const std::string sql = std::string(kCandidates) + "se.study_uid = ? GROUP BY se.study_uid";
  std::optional<Candidate> found;
  connection.query_first(sql, {study}, [&](const storage::Row& row) {
    found = Candidate{study, row.integer(1), row.integer(2), parse_instant(std::string(row.text(3)))};
  });
  return found;
}

bool has_unsigned_case(storage::Connection& connection, const std::string& patient) {
  return connection.query_first("SELECT 1 FROM care_case WHERE patient = ? AND status <> ? LIMIT 1",
                                {patient, status_name(CaseStatus::signed_off)}, [](const storage::Row&) {});
}

// Whose it is, what it is, and when the last of its cases was signed.
std::optional<ExpiredStudy> with_its_cases(storage::Connection& connection, const Candidate& candidate) {
  ExpiredStudy study{.study = candidate.study,
                     .instances = candidate.instances,
                     .bytes = candidate.bytes,
                     .since = candidate.came};
  std::set<std::string> modalities;
  connection.query(
      "SELECT r.patient, r.kind, r.modality, c.signed_at FROM care_recording r JOIN care_case c ON c.id = "
      "r.case_id WHERE r.study = ?",
      {candidate.study}, [&](const storage::Row& row) {
        study.patient = row.text(0);
        if (row.text(1) != kResultKind) modalities.emplace(row.text(2));
        study.since = std::max(study.since, Instant(std::chrono::microseconds(row.integer(3))));
      });
  if (study.patient.empty()) return {};
  study.modalities.assign(modalities.begin(), modalities.end());
  return study;
}

std::optional<ExpiredStudy> expired(storage::Connection& connection, const std::vector<RetentionRule>& rules,
                                    Instant moment, const Candidate& candidate) {
  auto study = with_its_cases(connection, candidate);
  if (!study || study->modalities.empty()) return {};
  const auto days = days_for(rules, study->modalities);
  if (!days || moment - study->since < std::chrono::hours(24) * *days) return {};
  study->days = *days;
  if (has_unsigned_case(connection, study->patient))
    study->kept_for = "case";
  else if (hold_of(connection, study->patient))
    study->kept_for = "hold";
  return study;
}

}  // namespace

std::vector<RetentionRule> retention_rules_of(std::string_view text) {
  std::vector<RetentionRule> rules;
  std::set<std::string> named;
  for (const std::string_view item : list_items(text)) {
    rules.push_back(rule_of(item));
    const std::vector<std::string>& modalities = rules.back().modalities;
    for (const std::string& modality : modalities)
      if (!named.insert(modality).second) wrong(item, "A modality has two rules of retention");
    if (modalities.empty() && !named.insert("*").second)
      wrong(item, "There are two rules of retention for all other modalities");
  }
  return rules;
}

void for_each_expired(storage::Database& database, const std::vector<RetentionRule>& rules, Instant moment,
                      const std::function<void(const ExpiredStudy&)>& visit) {
  if (rules.empty()) return;
  std::string last;
  for (bool more = true; more;) {
    std::vector<ExpiredStudy> found;
    database.read([&](storage::Connection& connection) {
      const std::vector<Candidate> page = candidates(connection, last);
      for (const Candidate& candidate : page)
        if (auto study = expired(connection, rules, moment, candidate)) found.push_back(std::move(*study));
      more = !page.empty();
      if (more) last = page.back().study;
    });
    for (const ExpiredStudy& study : found) visit(study);
  }
}

std::size_t remove_expired(const Context& context, const std::vector<RetentionRule>& rules, Instant moment,
                           const std::function<bool()>& stop) {
  std::size_t removed = 0;
  const auto still_goes = [&](const std::string& study) {
    return [&rules, moment, study](storage::Connection& connection) {
      const auto candidate = candidate_of(connection, study);
      const auto now = candidate ? expired(connection, rules, moment, *candidate) : std::nullopt;
      return now && now->kept_for.empty();
    };
  };
  for_each_expired(context.database, rules, moment, [&](const ExpiredStudy& study) {
    if (!study.kept_for.empty() || stop()) return;
    try {
      removed += Removal(context).remove_expired(study.study, study.days, still_goes(study.study)) > 0;
    } catch (const Error& error) {
      log_error("study-not-removed", {{"study", study.study}, {"reason", error.describe()}});
    }
  });
  return removed;
}

}  // namespace meridian::care
