#include "care/visible_studies.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/error.h"
#include "care/results.h"
#include "trust/access.h"

namespace meridian::care {
namespace {

constexpr std::int64_t kSmallestPart = 50, kLargestPart = 500, kMostLookedAt = 100'000;

std::string value_of(const Json& match, const char* tag) {
  const Json* attribute = match.find(tag);
  const Json* values = attribute ? attribute->find("Value") : nullptr;
  return values && !values->empty() && values->at(0).is_string() ? values->at(0).as_string() : std::string();
}

// Says of each match whether it is seen, asking once a study.
class Sight {
 public:
  Sight(storage::Connection& connection, const trust::Principal& principal)
      : connection_(connection), principal_(principal) {}

  bool sees_study(const std::string& study) {
    if (const auto known = studies_.find(study); known != studies_.end()) return known->second;
    std::string patient;
    connection_.query_first("SELECT patient FROM care_recording WHERE study = ? LIMIT 1", {study},
                            [&](const storage::Row& row) { patient = row.text(0); });
    return studies_[study] = !patient.empty() && trust::may_see(connection_, principal_, patient);
  }

  // Whether the series or instance is shown; from a study's counts and modalities, what is not shown is
  // taken.
  bool shows(Json& match, archive::QueryLevel level) {
    const HiddenSeries& hidden = hidden_of(value_of(match, "0020000D"));
    if (hidden.empty()) return true;
    if (level >= archive::QueryLevel::series) return !hidden.contains(value_of(match, "0020000E"));
    hide_series(match, hidden);
    return true;
  }

 private:
  const HiddenSeries& hidden_of(const std::string& study) {
    const auto known = hidden_.find(study);
    return known != hidden_.end() ? known->second
                                  : hidden_[study] = hidden_series(connection_, principal_, study);
  }

  storage::Connection& connection_;
  const trust::Principal& principal_;
  std::map<std::string, bool> studies_;
  std::map<std::string, HiddenSeries> hidden_;
};

// Gathers a page of what is seen.
class Page {
 public:
  Page(const archive::Query& query, Sight& sight) : query_(query), sight_(sight) {}

  void take(Json& match) {
    if (!sight_.sees_study(value_of(match, "0020000D")) || !sight_.shows(match, query_.level)) return;
    if (query_.level == archive::QueryLevel::patient && !is_new_patient(match)) return;
    const std::int64_t at = seen_++;
    if (at >= query_.offset && at - query_.offset < query_.limit) found_.matches.push_back(std::move(match));
  }
  // More than the page were seen: there is a next one.
  bool is_full() const { return seen_ > query_.offset + query_.limit; }
  VisibleImages finish(bool all_were_looked_at) {
    if (all_were_looked_at) found_.total = seen_;
    return std::move(found_);
  }

 private:
  bool is_new_patient(const Json& match) {
    return patients_.emplace(value_of(match, "00100020"), value_of(match, "00100021")).second;
  }

  const archive::Query& query_;
  Sight& sight_;
  VisibleImages found_;
  std::int64_t seen_ = 0;
  std::set<std::pair<std::string, std::string>> patients_;
};

}  // namespace

VisibleImages find_visible(const Context& context, const trust::Principal& principal,
                           const archive::Query& query) {
  archive::Query part = query;
  if (query.level == archive::QueryLevel::patient) part.level = archive::QueryLevel::study;
  return context.database.read([&](storage::Connection& connection) {
    Sight sight(connection, principal);
    Page page(query, sight);
    part.limit = std::clamp(query.offset + query.limit + 1, kSmallestPart, kLargestPart);
    for (part.offset = 0; !page.is_full(); part.offset += part.limit) {
      if (part.offset >= kMostLookedAt)
        throw Error(ErrorCode::too_large, "Too many studies match this query", {},
                    "Name a patient, a study or a range of dates");
      std::vector<Json> matches = archive::run_query(connection, part);
      for (Json& match : matches) page.take(match);
      if (std::ssize(matches) < part.limit) return page.finish(true);
    }
    return page.finish(false);
  });
}

}  // namespace meridian::care
