#include "engine/agreement.h"

namespace meridian::engine {

const std::string_view kAgreementTables = R"(
  CREATE TABLE assistant_judgement (
    id TEXT NOT NULL,
    site TEXT NOT NULL,
    accepted INTEGER NOT NULL,
    at TEXT NOT NULL);
  CREATE INDEX assistant_judgement_at ON assistant_judgement (id, at);
)";

void note_judgement(storage::Transaction& transaction, const std::string& assistant, const std::string& site,
                    bool accepted, Instant at) {
  transaction.execute("INSERT INTO assistant_judgement (id, site, accepted, at) VALUES (?, ?, ?, ?)",
                      {assistant, site, std::int64_t{accepted}, format_instant(at)});
}

std::optional<int> accepted_of_last(storage::Connection& connection, const std::string& assistant, int window,
                                    Instant since) {
  int judged = 0, accepted = 0;
  connection.query(
      "SELECT accepted FROM assistant_judgement WHERE id = ? AND at >= ? ORDER BY at DESC LIMIT ?",
      {assistant, format_instant(since), std::int64_t{window}}, [&](const storage::Row& row) {
        ++judged;
        accepted += row.integer(0) != 0;
      });
  return judged < window ? std::nullopt : std::optional(accepted);
}

Json agreement_by_site(storage::Connection& connection, const std::string& assistant) {
  Json sites = Json::array();
  connection.query(
      "SELECT site, CAST(SUM(accepted) AS BIGINT), COUNT(*) FROM assistant_judgement WHERE id = ? GROUP BY "
      "site ORDER BY "
      "site",
      {assistant}, [&](const storage::Row& row) {
        const std::int64_t accepted = row.integer(1);
        sites.push_back(Json::object(
            {{"site", row.text(0)}, {"accepted", accepted}, {"rejected", row.integer(2) - accepted}}));
      });
  return sites;
}

}  // namespace meridian::engine
