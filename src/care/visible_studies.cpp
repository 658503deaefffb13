#include "care/visible_studies.h"

#include <map>
#include <set>
#include <utility>

#include "base/error.h"
#include "trust/access.h"

namespace meridian::care {
namespace {

constexpr std::int64_t kPage = 500, kMostLookedAt = 100'000;

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

 private:
  storage::Connection& connection_;
  const trust::Principal& principal_;
  std::map<std::string, bool> studies_;
};

}  // namespace

std::vector<Json> find_visible(const Context& context, const trust::Principal& principal,
                               const archive::Query& query) {
  const bool patients = query.level == archive::QueryLevel::patient;
  archive::Query page = query;
  if (patients) page.level = archive::QueryLevel::study;
  page.limit = kPage;
  std::vector<Json> found;
  std::set<std::pair<std::string, std::string>> seen;
  std::int64_t to_skip = query.offset;
  context.database.read([&](storage::Connection& connection) {
    Sight sight(connection, principal);
    const auto take = [&](Json& match) {
      if (!sight.sees_study(value_of(match, "0020000D"))) return;
      if (patients && !seen.emplace(value_of(match, "00100020"), value_of(match, "00100021")).second) return;
      if (to_skip-- > 0 || std::ssize(found) >= query.limit) return;
      found.push_back(std::move(match));
    };
    for (page.offset = 0; std::ssize(found) < query.limit; page.offset += kPage) {
      if (page.offset >= kMostLookedAt)
        throw Error(ErrorCode::too_large, "Too many studies match this query", {},
                    "Name a patient, a study or a range of dates");
      std::vector<Json> matches = archive::run_query(connection, page);
      for (Json& match : matches) take(match);
      if (std::ssize(matches) < kPage) break;
    }
  });
  return found;
}

}  // namespace meridian::care
