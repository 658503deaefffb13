#include "record/store/schema.h"

#include <array>

#include "record/bulk/bulk_jobs.h"
#include "record/subscriptions/subscription_table.h"

namespace meridian::record {
namespace {

constexpr std::string_view kResources = R"sql(
CREATE TABLE resource (
  key INTEGER PRIMARY KEY,
  type TEXT NOT NULL,
  id TEXT NOT NULL,
  version INTEGER NOT NULL,
  updated INTEGER NOT NULL,
  deleted INTEGER NOT NULL,
  audience INTEGER NOT NULL,
  owner TEXT,
  body BLOB NOT NULL);
CREATE UNIQUE INDEX resource_by_id ON resource (type, id);
CREATE INDEX resource_by_update ON resource (type, updated);
CREATE INDEX resource_live ON resource (type) WHERE deleted = 0;

CREATE TABLE resource_history (
  resource INTEGER NOT NULL,
  version INTEGER NOT NULL,
  updated INTEGER NOT NULL,
  deleted INTEGER NOT NULL,
  audience INTEGER NOT NULL,
  body BLOB NOT NULL,
  PRIMARY KEY (resource, version));
CREATE INDEX resource_history_by_update ON resource_history (updated);

CREATE TABLE body_dictionary (number INTEGER PRIMARY KEY, dictionary BLOB NOT NULL);

CREATE TABLE resource_patient (
  resource INTEGER NOT NULL,
  patient TEXT NOT NULL,
  PRIMARY KEY (resource, patient)) WITHOUT ROWID;
CREATE INDEX resource_of_patient ON resource_patient (patient, resource);
)sql";

// system: the hash of the code system, so that rows stay short (see index_rows.h). What has one value is
// found in the order of resources, whatever follows it (see query/criterion.h). A date's index of those that
// last longer than a day lets a search for the rest start at the bound it asks for (see
// query/ordered_conditions.cpp). Composites keep dates as they keep numbers: exact to the microsecond from
// 1684 to 2255.
constexpr std::string_view kIndexes = R"sql(
CREATE TABLE string_index (
  resource INTEGER NOT NULL, field INTEGER NOT NULL, folded TEXT NOT NULL, exact TEXT NOT NULL,
  PRIMARY KEY (resource, field, folded, exact)) WITHOUT ROWID;
CREATE INDEX string_search ON string_index (field, folded, resource);

CREATE TABLE token_index (
  resource INTEGER NOT NULL, field INTEGER NOT NULL, code TEXT NOT NULL, system INTEGER NOT NULL,
  PRIMARY KEY (resource, field, code, system)) WITHOUT ROWID;
CREATE INDEX token_search ON token_index (field, code, resource, system);

CREATE TABLE reference_index (
  resource INTEGER NOT NULL, field INTEGER NOT NULL, target_id TEXT NOT NULL, target_type TEXT NOT NULL,
  PRIMARY KEY (resource, field, target_id, target_type)) WITHOUT ROWID;
CREATE INDEX reference_search ON reference_index (field, target_id, resource, target_type);

CREATE TABLE date_index (
  resource INTEGER NOT NULL, field INTEGER NOT NULL, low INTEGER NOT NULL, high INTEGER NOT NULL,
  PRIMARY KEY (resource, field, low, high)) WITHOUT ROWID;
CREATE INDEX date_search ON date_index (field, low, high, resource);
CREATE INDEX date_search_long ON date_index (field, high, resource) WHERE high / 2 - low / 2 >= 43200000000;

CREATE TABLE number_index (
  resource INTEGER NOT NULL, field INTEGER NOT NULL, value REAL NOT NULL,
  PRIMARY KEY (resource, field, value)) WITHOUT ROWID;
CREATE INDEX number_search ON number_index (field, value, resource);

CREATE TABLE quantity_index (
  resource INTEGER NOT NULL, field INTEGER NOT NULL, code TEXT NOT NULL, system INTEGER NOT NULL, value REAL NOT NULL,
  PRIMARY KEY (resource, field, code, system, value)) WITHOUT ROWID;
CREATE INDEX quantity_search ON quantity_index (field, code, value, system, resource);

CREATE TABLE uri_index (
  resource INTEGER NOT NULL, field INTEGER NOT NULL, uri TEXT NOT NULL,
  PRIMARY KEY (resource, field, uri)) WITHOUT ROWID;
CREATE INDEX uri_search ON uri_index (field, uri, resource);

CREATE TABLE composite_index (
  resource INTEGER NOT NULL, field INTEGER NOT NULL, row INTEGER NOT NULL,
  code1 TEXT NOT NULL, system1 INTEGER NOT NULL,
  code2 TEXT NOT NULL, system2 INTEGER NOT NULL, low2 REAL, high2 REAL,
  low3 REAL, high3 REAL,
  PRIMARY KEY (resource, field, row)) WITHOUT ROWID;
CREATE INDEX composite_search ON composite_index (field, code1, system1, code2, system2, low2, resource);

CREATE TABLE index_state (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
)sql";

// What belongs to someone, and what is for everyone: where a search of those who may see little begins.
constexpr std::string_view kOwners = R"sql(
CREATE INDEX resource_of_owner ON resource (owner) WHERE owner IS NOT NULL;
CREATE INDEX resource_for_everyone ON resource (type) WHERE audience = 2;
)sql";

// What _text and _content look for (docs/decisions/0008). FTS5 keeps no text: to erase a row, it is told the
// words again. On PostgreSQL a trigger understands the same statements.
constexpr std::string_view kWords = R"sql(
CREATE VIRTUAL TABLE word_index USING fts5(narrative, other, content = '', columnsize = 0, tokenize = 'ascii');
)sql";
constexpr std::string_view kWordsOnPostgres = R"sql(
CREATE TABLE word_index (
  rowid BIGINT PRIMARY KEY, narrative TSVECTOR NOT NULL, other TSVECTOR NOT NULL, word_index TSVECTOR NOT NULL);
CREATE INDEX word_search ON word_index USING gin (word_index);
CREATE INDEX word_search_narrative ON word_index USING gin (narrative);
CREATE FUNCTION keep_words() RETURNS trigger LANGUAGE plpgsql AS '
BEGIN
  IF NEW.word_index = ''delete''::tsvector THEN
    DELETE FROM word_index w WHERE w.rowid = NEW.rowid;
    RETURN NULL;
  END IF;
  NEW.word_index := NEW.narrative || NEW.other;
  NEW.other := ''''::tsvector;
  RETURN NEW;
END';
CREATE TRIGGER words BEFORE INSERT ON word_index FOR EACH ROW EXECUTE FUNCTION keep_words();
)sql";

// Numbers and quantities are intervals: exact ones, most of them, begin and end at once; an index of the
// others lets a search for what reaches beyond a number begin there (see query/ordered_conditions.cpp). What
// was there is indexed again (see store/reindex.cpp).
constexpr std::string_view kIntervals = R"sql(
DROP TABLE number_index;
CREATE TABLE number_index (
  resource INTEGER NOT NULL, field INTEGER NOT NULL, low REAL NOT NULL, high REAL NOT NULL,
  PRIMARY KEY (resource, field, low, high)) WITHOUT ROWID;
CREATE INDEX number_search ON number_index (field, low, resource);
CREATE INDEX number_search_wide ON number_index (field, high, resource) WHERE high > low;

DROP TABLE quantity_index;
CREATE TABLE quantity_index (
  resource INTEGER NOT NULL, field INTEGER NOT NULL, code TEXT NOT NULL, system INTEGER NOT NULL, low REAL NOT NULL,
  high REAL NOT NULL,
  PRIMARY KEY (resource, field, code, system, low, high)) WITHOUT ROWID;
CREATE INDEX quantity_search ON quantity_index (field, code, low, system, resource);
CREATE INDEX quantity_search_wide ON quantity_index (field, high, resource) WHERE high > low;
)sql";

// The same for a composite's second value.
constexpr std::string_view kWideComposites = R"sql(
CREATE INDEX composite_search_wide ON composite_index (field, code1, system1, code2, system2, high2, resource)
  WHERE high2 > low2;
)sql";

const std::array kMigrations{storage::Migration{"record", 1, kResources},
                             storage::Migration{"record", 2, kIndexes},
                             storage::Migration{"record", 3, kOwners},
                             storage::Migration{"record", 4, kWords, kWordsOnPostgres},
                             storage::Migration{"record", 5, kIntervals},
                             storage::Migration{"record", 6, kWideComposites},
                             storage::Migration{"bulk", 1, kBulkSchema},
                             storage::Migration{"subscription", 1, kSubscriptionSchema},
                             storage::Migration{"subscription", 2, kTokenKeySchema},
                             storage::Migration{"subscription", 3, kFailedCriteriaSchema}};

constexpr std::array<std::string_view, 8> kIndexTables{"string_index", "token_index",    "reference_index",
                                                       "date_index",   "number_index",   "quantity_index",
                                                       "uri_index",    "composite_index"};

}  // namespace

std::span<const storage::Migration> record_migrations() {
  return kMigrations;
}
std::span<const std::string_view> index_tables() {
  return kIndexTables;
}

}  // namespace meridian::record
