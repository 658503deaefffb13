#include "engine/drift.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "base/error.h"

namespace meridian::engine {
namespace {

constexpr std::int64_t kReference = 200, kRecent = 100;  // readings: the first, and the last after them
constexpr std::size_t kBins = 10;
constexpr double kEmptyBin = 0.5;      // readings: so that no share is 0
constexpr double kRareChance = 33.72;  // that chi squared with 9 degrees of freedom passes once in 10,000
constexpr double kSmallChange = 0.25;

std::optional<double> first_probability(const Reading& reading) {
  const auto found =
      std::ranges::find_if(reading.findings, [](const Finding& one) { return one.probability.has_value(); });
  return found == reading.findings.end() ? std::nullopt : found->probability;
}

void note(storage::Transaction& transaction, const std::string& assistant, const std::string& version,
          std::string_view kind, std::optional<double> value, Instant at) {
  if (!value || !std::isfinite(*value)) return;
  std::int64_t number = 1;
  transaction.query_first(
      "SELECT COALESCE(MAX(number), 0) + 1 FROM assistant_score WHERE id = ? AND version = ? AND kind = ?",
      {assistant, version, kind}, [&](const storage::Row& row) { number = row.integer(0); });
  transaction.execute(
      "INSERT INTO assistant_score (id, version, kind, number, value, at) VALUES (?, ?, ?, ?, ?, ?)",
      {assistant, version, kind, number, *value, format_instant(at)});
  // Those between the first and the last ones are not looked at any more.
  transaction.execute(
      "DELETE FROM assistant_score WHERE id = ? AND version = ? AND kind = ? AND number > ? AND number <= ?",
      {assistant, version, kind, kReference, number - kRecent});
}

std::vector<double> values(storage::Connection& connection, const std::string& assistant,
                           const std::string& version, std::string_view kind) {
  std::vector<double> all;
  connection.query(
      "SELECT value FROM assistant_score WHERE id = ? AND version = ? AND kind = ? ORDER BY number",
      {assistant, version, kind}, [&](const storage::Row& row) { all.push_back(row.real(0)); });
  return all;
}

std::array<double, kBins> shares(std::span<const double> values, std::span<const double> edges) {
  std::array<double, kBins> counts{};
  for (const double value : values)
    ++counts[static_cast<std::size_t>(std::ranges::upper_bound(edges, value) - edges.begin())];
  for (double& count : counts) count = std::max(count, kEmptyBin) / static_cast<double>(values.size());
  return counts;
}

Json drift_of_kind(storage::Connection& connection, const std::string& assistant, const std::string& version,
                   std::string_view kind) {
  const std::vector<double> all = values(connection, assistant, version, kind);
  if (static_cast<std::int64_t>(all.size()) < kReference + kRecent) return {};
  const std::span<const double> every(all);
  const double index = population_stability(every.first(kReference), every.last(kRecent));
  const double limit = shift_limit(kReference, kRecent);
  return Json::object({{"index", index},
                       {"limit", limit},
                       {"reference", kReference},
                       {"recent", kRecent},
                       {"shifted", index > limit}});
}

}  // namespace

const std::string_view kDriftTables = R"(
  CREATE TABLE assistant_score (
    id TEXT NOT NULL,
    version TEXT NOT NULL,
    kind TEXT NOT NULL,
    value REAL NOT NULL,
    at TEXT NOT NULL);
  CREATE INDEX assistant_score_at ON assistant_score (id, version, kind, at);
)";

const std::string_view kDriftInOrder = R"(
  CREATE TABLE assistant_score_in_order (
    id TEXT NOT NULL,
    version TEXT NOT NULL,
    kind TEXT NOT NULL,
    number BIGINT NOT NULL,
    value DOUBLE PRECISION NOT NULL,
    at TEXT NOT NULL);
  INSERT INTO assistant_score_in_order (id, version, kind, number, value, at)
    SELECT id, version, kind, ROW_NUMBER() OVER (PARTITION BY id, version, kind ORDER BY at), value, at
    FROM assistant_score;
  DROP TABLE assistant_score;
  ALTER TABLE assistant_score_in_order RENAME TO assistant_score;
  CREATE INDEX assistant_score_number ON assistant_score (id, version, kind, number);
)";

void note_scores(storage::Transaction& transaction, const std::string& assistant, const std::string& version,
                 const Reading& reading, Instant at) {
  note(transaction, assistant, version, "probability", first_probability(reading), at);
  note(transaction, assistant, version, "strangeness", reading.strangeness, at);
}

Json drift_of(storage::Connection& connection, const std::string& assistant, const std::string& version) {
  return Json::object({{"probability", drift_of_kind(connection, assistant, version, "probability")},
                       {"strangeness", drift_of_kind(connection, assistant, version, "strangeness")}});
}

double shift_limit(std::size_t reference, std::size_t recent) {
  return std::max(kSmallChange,
                  kRareChance * (1 / static_cast<double>(reference) + 1 / static_cast<double>(recent)));
}

double population_stability(std::span<const double> reference, std::span<const double> recent) {
  if (reference.empty() || recent.empty())
    throw Error(ErrorCode::invalid_value, "Two sets of scores are compared, and one is empty");
  std::vector<double> sorted(reference.begin(), reference.end());
  std::ranges::sort(sorted);
  std::vector<double> edges;
  for (std::size_t i = 1; i < kBins; ++i) edges.push_back(sorted[i * sorted.size() / kBins]);
  const auto before = shares(reference, edges), now = shares(recent, edges);
  double index = 0;
  for (std::size_t i = 0; i < kBins; ++i) index += (now[i] - before[i]) * std::log(now[i] / before[i]);
  return index;
}

}  // namespace meridian::engine
