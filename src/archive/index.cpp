#include "archive/index.h"

#include <algorithm>
#include <array>

#include "archive/kept_metadata.h"
#include "archive/request_attributes.h"
#include "base/error.h"
#include "base/time.h"

namespace meridian::archive {
namespace {

using storage::Connection;
using storage::Row;
using storage::Transaction;

// Counts are kept with what they count, so that a page of studies costs no count.
constexpr std::string_view kSchema = R"sql(
CREATE TABLE archive_patient (
  patient_id TEXT NOT NULL, issuer TEXT NOT NULL, name TEXT NOT NULL, name_key TEXT NOT NULL,
  birth_date TEXT NOT NULL, sex TEXT NOT NULL, studies BIGINT NOT NULL,
  PRIMARY KEY (patient_id, issuer));
CREATE INDEX archive_patient_name ON archive_patient (name_key);

CREATE TABLE archive_study (
  study_uid TEXT NOT NULL PRIMARY KEY, patient_id TEXT NOT NULL, issuer TEXT NOT NULL,
  study_date TEXT NOT NULL, study_time TEXT NOT NULL, study_datetime TEXT NOT NULL, accession TEXT NOT NULL,
  study_id TEXT NOT NULL, description TEXT NOT NULL, referring_physician TEXT NOT NULL,
  series BIGINT NOT NULL, instances BIGINT NOT NULL);
CREATE INDEX archive_study_patient ON archive_study (patient_id, issuer, study_date);
CREATE INDEX archive_study_date ON archive_study (study_date, study_time, study_uid);
CREATE INDEX archive_study_accession ON archive_study (accession);

CREATE TABLE archive_series (
  series_uid TEXT NOT NULL PRIMARY KEY, study_uid TEXT NOT NULL, modality TEXT NOT NULL, number BIGINT NOT NULL,
  description TEXT NOT NULL, body_part TEXT NOT NULL, instances BIGINT NOT NULL);
CREATE INDEX archive_series_study ON archive_series (study_uid, number, series_uid);
CREATE INDEX archive_series_modality ON archive_series (modality, study_uid);

CREATE TABLE archive_instance (
  instance_uid TEXT NOT NULL PRIMARY KEY, series_uid TEXT NOT NULL, sop_class TEXT NOT NULL,
  transfer_syntax TEXT NOT NULL, number BIGINT NOT NULL, frames BIGINT NOT NULL, height BIGINT NOT NULL,
  width BIGINT NOT NULL, view_position TEXT NOT NULL, digest TEXT NOT NULL, bytes BIGINT NOT NULL,
  pixels TEXT NOT NULL, flaws TEXT NOT NULL, stored_at TEXT NOT NULL);
CREATE INDEX archive_instance_series ON archive_instance (series_uid, number, instance_uid);
CREATE INDEX archive_instance_digest ON archive_instance (digest);
)sql";

// The orders that a series is for.
constexpr std::string_view kRequests = R"sql(
CREATE TABLE archive_request (
  series_uid TEXT NOT NULL, item BIGINT NOT NULL, accession TEXT NOT NULL, study_uid TEXT NOT NULL,
  scheduled_step TEXT NOT NULL, requested_procedure TEXT NOT NULL, PRIMARY KEY (series_uid, item));
CREATE INDEX archive_request_step ON archive_request (scheduled_step, series_uid);
CREATE INDEX archive_request_procedure ON archive_request (requested_procedure, series_uid);
CREATE INDEX archive_request_accession ON archive_request (accession, series_uid);
CREATE INDEX archive_request_study ON archive_request (study_uid, series_uid);
)sql";

// DICOM JSON of the instances of a series, once it was asked for (kept_metadata.h).
constexpr std::string_view kMetadata = R"sql(
CREATE TABLE archive_metadata (series_uid TEXT NOT NULL PRIMARY KEY, body BLOB NOT NULL);
)sql";

// Series that came before migration 2 and may be for orders that archive_request lacks; each goes from here
// once it was looked at.
constexpr std::string_view kUnread = R"sql(
CREATE TABLE archive_unread_request (series_uid TEXT NOT NULL PRIMARY KEY);
INSERT INTO archive_unread_request
  SELECT s.series_uid FROM archive_series s
  WHERE NOT EXISTS (SELECT 1 FROM archive_request r WHERE r.series_uid = s.series_uid);
)sql";

// The same in pieces, so that those of a large series are kept, too. What was kept is made anew.
constexpr std::string_view kMetadataPieces = R"sql(
DROP TABLE archive_metadata;
CREATE TABLE archive_metadata (
  series_uid TEXT NOT NULL, piece BIGINT NOT NULL, body BLOB NOT NULL, PRIMARY KEY (series_uid, piece));
)sql";

// Names compared as name_key() writes them now; what is known of series and studies since. Those that came
// before are read once more.
constexpr std::string_view kNamesAndSteps = R"sql(
UPDATE archive_patient SET name_key =
  RTRIM(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(name_key, ' =', '='), '^=', '='), '^=', '='), '^=', '='), '^=', '='),
        '^= ');
ALTER TABLE archive_study ADD COLUMN timezone TEXT NOT NULL DEFAULT '';
ALTER TABLE archive_series ADD COLUMN performed_date TEXT NOT NULL DEFAULT '';
ALTER TABLE archive_series ADD COLUMN performed_time TEXT NOT NULL DEFAULT '';
INSERT INTO archive_unread_request
  SELECT s.series_uid FROM archive_series s
  WHERE NOT EXISTS (SELECT 1 FROM archive_unread_request u WHERE u.series_uid = s.series_uid);
)sql";

constexpr std::array kMigrations{
    storage::Migration{"archive", 1, kSchema},         storage::Migration{"archive", 2, kRequests},
    storage::Migration{"archive", 3, kMetadata},       storage::Migration{"archive", 4, kUnread},
    storage::Migration{"archive", 5, kMetadataPieces}, storage::Migration{"archive", 6, kNamesAndSteps}};

constexpr std::string_view kFactColumns = R"sql(
SELECT st.study_uid, se.series_uid, i.instance_uid, i.sop_class, i.transfer_syntax, se.modality, se.body_part,
  i.view_position, st.description, se.description, p.patient_id, p.issuer, p.name, p.birth_date, p.sex, st.accession,
  st.study_id, st.referring_physician, st.study_date, st.study_time, st.study_datetime, se.number, i.number, i.frames,
  i.height, i.width, i.digest, i.bytes, i.pixels, i.flaws
FROM archive_instance i JOIN archive_series se ON se.series_uid = i.series_uid
  JOIN archive_study st ON st.study_uid = se.study_uid
  JOIN archive_patient p ON p.patient_id = st.patient_id AND p.issuer = st.issuer
)sql";

InstanceFacts read_facts(const Row& row) {
  InstanceFacts facts;
  const std::array texts{&facts.key.study,          &facts.key.series,         &facts.key.instance,
                         &facts.sop_class,          &facts.transfer_syntax,    &facts.modality,
                         &facts.body_part,          &facts.view_position,      &facts.study_description,
                         &facts.series_description, &facts.patient_id,         &facts.issuer_of_patient_id,
                         &facts.patient_name,       &facts.patient_birth_date, &facts.patient_sex,
                         &facts.accession_number,   &facts.study_id,           &facts.referring_physician,
                         &facts.study_date,         &facts.study_time,         &facts.study_datetime};
  const std::array numbers{&facts.series_number, &facts.instance_number, &facts.frames, &facts.rows,
                           &facts.columns};
  int column = 0;
  for (std::string* text : texts) *text = row.text(column++);
  for (int* number : numbers) *number = static_cast<int>(row.integer(column++));
  return facts;
}

std::string join_lines(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += (text.empty() ? "" : "\n") + line;
  return text;
}

std::vector<std::string> split_lines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

Indexed read_indexed(const Row& row) {
  return {.facts = read_facts(row),
          .pixels = PixelLayout::from_text(row.text(28)),
          .flaws = split_lines(row.text(29)),
          .digest = std::string(row.text(26)),
          .size = static_cast<std::uint64_t>(row.integer(27))};
}

void add_patient(Transaction& transaction, const InstanceFacts& facts) {
  const std::int64_t changed = transaction.execute(
      "UPDATE archive_patient SET studies = studies + 1 WHERE patient_id = ? AND issuer = ?",
      {facts.patient_id, facts.issuer_of_patient_id});
  if (changed) return;
  const std::string key = name_key(facts.patient_name);
  transaction.execute("INSERT INTO archive_patient VALUES (?, ?, ?, ?, ?, ?, 1)",
                      {facts.patient_id, facts.issuer_of_patient_id, facts.patient_name, key,
                       facts.patient_birth_date, facts.patient_sex});
}

void check_patient(const InstanceFacts& facts, std::string_view patient_id, std::string_view issuer) {
  // Viewers copy the identifier into what they make of a study, and not always who issued it.
  const std::string& named = facts.issuer_of_patient_id;
  const bool same_issuer = issuer.empty() || named.empty() || issuer == named;
  if (patient_id == facts.patient_id && same_issuer) return;
  throw Error(ErrorCode::conflict, "The study is already kept for another patient",
              "Study " + facts.key.study,
              "Correct the patient's identifier at the sender, or give the study a UID of its own");
}

void add_study(Transaction& transaction, const InstanceFacts& facts) {
  const bool known = transaction.query_first(
      "SELECT patient_id, issuer FROM archive_study WHERE study_uid = ?", {facts.key.study},
      [&](const Row& row) { check_patient(facts, row.text(0), row.text(1)); });
  if (known) return;
  add_patient(transaction, facts);
  transaction.execute("INSERT INTO archive_study VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?)",
                      {facts.key.study, facts.patient_id, facts.issuer_of_patient_id, facts.study_date,
                       facts.study_time, facts.study_datetime, facts.accession_number, facts.study_id,
                       facts.study_description, facts.referring_physician, facts.timezone});
}

// True when the series is new.
bool add_series(Transaction& transaction, const InstanceFacts& facts) {
  std::string study;
  const bool known =
      transaction.query_first("SELECT study_uid FROM archive_series WHERE series_uid = ?", {facts.key.series},
                              [&](const Row& row) { study = row.text(0); });
  if (known && study != facts.key.study)
    throw Error(ErrorCode::conflict, "The series is already kept in another study",
                "Series " + facts.key.series,
                "A Series Instance UID belongs to one study; correct it at the sender");
  if (known) return false;
  transaction.execute(
      "INSERT INTO archive_series VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?)",
      {facts.key.series, facts.key.study, facts.modality, facts.series_number, facts.series_description,
       facts.body_part, facts.performed_date, facts.performed_time});
  insert_request_attributes(transaction, facts);
  return true;
}

void drop_empty(Transaction& transaction, const InstanceFacts& facts) {
  const std::int64_t series = transaction.execute(
      "DELETE FROM archive_series WHERE series_uid = ? AND instances = 0", {facts.key.series});
  if (series) {
    transaction.execute("DELETE FROM archive_request WHERE series_uid = ?", {facts.key.series});
    transaction.execute("DELETE FROM archive_unread_request WHERE series_uid = ?", {facts.key.series});
  }
  transaction.execute(
      "UPDATE archive_study SET instances = instances - 1, series = series - ? WHERE study_uid = ?",
      {series, facts.key.study});
  if (!transaction.execute("DELETE FROM archive_study WHERE study_uid = ? AND instances = 0",
                           {facts.key.study}))
    return;
  transaction.execute("UPDATE archive_patient SET studies = studies - 1 WHERE patient_id = ? AND issuer = ?",
                      {facts.patient_id, facts.issuer_of_patient_id});
  transaction.execute("DELETE FROM archive_patient WHERE patient_id = ? AND issuer = ? AND studies = 0",
                      {facts.patient_id, facts.issuer_of_patient_id});
}

void trim_group(std::string& key) {
  while (key.ends_with('^') || key.ends_with(' ')) key.pop_back();
}

}  // namespace

std::string name_key(std::string_view name) {
  std::string key;
  for (const char c : name) {
    if (c == '=') trim_group(key);
    key += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  }
  while (key.ends_with('=') || key.ends_with('^') || key.ends_with(' ')) key.pop_back();
  return key;
}

std::vector<std::string> name_patterns(std::string_view name) {
  std::vector<std::string> patterns{name_key(name)};
  std::string_view shorter = name;
  while (shorter.ends_with("^*")) shorter.remove_suffix(2);
  if (shorter.size() < name.size()) patterns.push_back(name_key(shorter));
  return patterns;
}

std::span<const storage::Migration> index_migrations() {
  return kMigrations;
}

void insert(Transaction& transaction, const Indexed& instance) {
  const InstanceFacts& facts = instance.facts;
  add_study(transaction, facts);
  const bool new_series = add_series(transaction, facts);
  const std::string pixels = instance.pixels.to_text(), flaws = join_lines(instance.flaws),
                    at = format_instant(now());
  transaction.execute("INSERT INTO archive_instance VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                      {facts.key.instance, facts.key.series, facts.sop_class, facts.transfer_syntax,
                       facts.instance_number, facts.frames, facts.rows, facts.columns, facts.view_position,
                       instance.digest, static_cast<std::int64_t>(instance.size), pixels, flaws, at});
  transaction.execute("UPDATE archive_series SET instances = instances + 1 WHERE series_uid = ?",
                      {facts.key.series});
  transaction.execute(
      "UPDATE archive_study SET instances = instances + 1, series = series + ? WHERE study_uid = ?",
      {std::int64_t(new_series), facts.key.study});
}

bool erase(Transaction& transaction, const std::string& instance_uid) {
  const auto instance = find_indexed(transaction, instance_uid);
  if (!instance) return false;
  transaction.execute("DELETE FROM archive_instance WHERE instance_uid = ?", {instance_uid});
  drop_metadata(transaction, instance->facts.key.series);
  transaction.execute("UPDATE archive_series SET instances = instances - 1 WHERE series_uid = ?",
                      {instance->facts.key.series});
  drop_empty(transaction, instance->facts);
  return true;
}

std::optional<Indexed> find_indexed(Connection& connection, const std::string& instance_uid) {
  static const std::string sql = std::string(kFactColumns) + "WHERE i.instance_uid = ?";
  std::optional<Indexed> found;
  connection.query_first(sql, {instance_uid}, [&](const Row& row) { found = read_indexed(row); });
  return found;
}

std::string find_digest(Connection& connection, const std::string& instance_uid) {
  std::string digest;
  connection.query_first("SELECT digest FROM archive_instance WHERE instance_uid = ?", {instance_uid},
                         [&](const Row& row) { digest = row.text(0); });
  return digest;
}

std::vector<InstanceFacts> list_instances(Connection& connection, const std::string& study,
                                          const std::string& series) {
  static const std::string of_study =
      std::string(kFactColumns) +
      "WHERE se.study_uid = ? ORDER BY se.number, se.series_uid, i.number, i.instance_uid";
  static const std::string of_series =
      std::string(kFactColumns) +
      "WHERE se.study_uid = ? AND se.series_uid = ? ORDER BY i.number, i.instance_uid";
  std::vector<InstanceFacts> facts;
  const auto add = [&](const Row& row) { facts.push_back(read_facts(row)); };
  if (series.empty())
    connection.query(of_study, {study}, add);
  else
    connection.query(of_series, {study, series}, add);
  return facts;
}

std::vector<SeriesFacts> list_series(Connection& connection, const std::string& study,
                                     std::size_t most_instances) {
  static const std::string of_series =
      std::string(kFactColumns) + "WHERE i.series_uid = ? ORDER BY i.number, i.instance_uid LIMIT ?";
  std::vector<std::pair<std::string, std::int64_t>> found;
  connection.query(
      "SELECT series_uid, instances FROM archive_series WHERE study_uid = ? ORDER BY number, series_uid",
      {study}, [&](const Row& row) { found.emplace_back(row.text(0), row.integer(1)); });
  std::vector<SeriesFacts> all;
  for (const auto& [uid, instances] : found) {
    SeriesFacts& series = all.emplace_back(SeriesFacts{{}, instances});
    connection.query(of_series, {uid, static_cast<std::int64_t>(most_instances)},
                     [&](const Row& row) { series.first_instances.push_back(read_facts(row)); });
  }
  return all;
}

std::int64_t count_instances(Connection& connection) {
  std::int64_t count = 0;
  connection.query("SELECT CAST(COALESCE(SUM(instances), 0) AS BIGINT) FROM archive_study", {},
                   [&](const Row& row) { count = row.integer(0); });
  return count;
}

bool uses_blob(Connection& connection, const std::string& digest) {
  return connection.query_first("SELECT 1 FROM archive_instance WHERE digest = ?", {digest},
                                [](const Row&) {});
}

}  // namespace meridian::archive
