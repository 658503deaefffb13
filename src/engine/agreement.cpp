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

// Judgements from before are of no known version: they are counted, and switch nothing off.
const std::string_view kAgreementByVersion = R"(
  CREATE TABLE assistant_agreement (
    id TEXT NOT NULL,
    version TEXT NOT NULL,
    site TEXT NOT NULL,
    accepted BIGINT NOT NULL,
    rejected BIGINT NOT NULL,
    PRIMARY KEY (id, version, site));
  INSERT INTO assistant_agreement (id, version, site, accepted, rejected)
    SELECT id, '', site, SUM(accepted), COUNT(*) - SUM(accepted) FROM assistant_judgement GROUP BY id, site;
  DROP TABLE assistant_judgement;
  CREATE TABLE assistant_judgement (
    id TEXT NOT NULL,
    version TEXT NOT NULL,
    number BIGINT NOT NULL,
    accepted INTEGER NOT NULL,
    at TEXT NOT NULL);
  CREATE INDEX assistant_judgement_number ON assistant_judgement (id, version, number);
)";

void note_judgement(storage::Transaction& transaction, const Judged& judged, const std::string& site,
                    bool accepted, int window, Instant at) {
  transaction.execute(
      "INSERT INTO assistant_agreement (id, version, site, accepted, rejected) VALUES (?, ?, ?, ?, ?) "
      "ON CONFLICT (id, version, site) DO UPDATE SET "
      "accepted = assistant_agreement.accepted + excluded.accepted, "
      "rejected = assistant_agreement.rejected + excluded.rejected",
      {judged.assistant, judged.version, site, std::int64_t{accepted}, std::int64_t{!accepted}});
  std::int64_t number = 1;
  transaction.query_first(
      "SELECT COALESCE(MAX(number), 0) + 1 FROM assistant_judgement WHERE id = ? AND version = ?",
      {judged.assistant, judged.version}, [&](const storage::Row& row) { number = row.integer(0); });
  transaction.execute(
      "INSERT INTO assistant_judgement (id, version, number, accepted, at) VALUES (?, ?, ?, ?, ?)",
      {judged.assistant, judged.version, number, std::int64_t{accepted}, format_instant(at)});
  transaction.execute("DELETE FROM assistant_judgement WHERE id = ? AND version = ? AND number <= ?",
                      {judged.assistant, judged.version, number - window});
}

std::optional<int> accepted_of_last(storage::Connection& connection, const Judged& judged, int window,
                                    Instant since) {
  int count = 0, accepted = 0;
  connection.query(
      "SELECT accepted FROM assistant_judgement WHERE id = ? AND version = ? AND at >= ? ORDER BY number "
      "DESC LIMIT ?",
      {judged.assistant, judged.version, format_instant(since), std::int64_t{window}},
      [&](const storage::Row& row) {
        ++count;
        accepted += row.integer(0) != 0;
      });
  return count < window ? std::nullopt : std::optional(accepted);
}

Json agreement_by_site(storage::Connection& connection, const Judged& judged) {
  Json sites = Json::array();
  connection.query(
      "SELECT site, accepted, rejected FROM assistant_agreement WHERE id = ? AND version = ? ORDER BY site",
      {judged.assistant, judged.version}, [&](const storage::Row& row) {
        sites.push_back(Json::object(
            {{"site", row.text(0)}, {"accepted", row.integer(1)}, {"rejected", row.integer(2)}}));
      });
  return sites;
}

}  // namespace meridian::engine
