// A file that an earlier program made, opened by this one.
#include <gmock/gmock.h>

#include "record/store/resource_table.h"
#include "record/store/word_rows.h"
#include "record/store_fixture.h"

namespace meridian::record {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr int kOldMigrations = 4;  // of the record: with numbers and quantities as single values

class MigrationTest : public StoreTest {
 protected:
  void SetUp() override {
    std::vector<storage::Migration> old;
    for (const storage::Migration& migration : Record::migrations())
      if (migration.room != "record" || migration.number <= kOldMigrations) old.push_back(migration);
    database_->migrate(storage::Queue::migrations());
    database_->migrate(trust::access_migrations());
    database_->migrate(trust::Ledger::migrations());
    database_->migrate(old);
    database_->write([](storage::Transaction& transaction) {
      keep(transaction, 1, R"({"resourceType":"RiskAssessment","id":"risk","status":"final",
        "subject":{"reference":"Patient/p"},"prediction":[{"probabilityDecimal":0.5}]})");
      keep(transaction, 2,
           R"({"resourceType":"Observation","id":"weight","status":"final","code":{"text":"wheeze"},
        "valueQuantity":{"value":5.0,"system":"http://unitsofmeasure.org","code":"kg"}})");
      transaction.execute("INSERT INTO number_index (resource, field, value) VALUES (1, 1, 0.5)");
      transaction.execute(
          "INSERT INTO quantity_index (resource, field, code, system, value) VALUES (2, 2, 'kg', 3, 5.0)");
      transaction.execute("INSERT INTO index_state VALUES ('definitions', 'an earlier program')");
    });
    StoreTest::SetUp();
  }

  static void keep(storage::Transaction& transaction, std::int64_t key, const std::string& json) {
    const Prepared prepared = prepare(Json::parse(json), {});
    const Version version{.type = prepared.type, .id = prepared.id, .last_updated = moment_of_writing()};
    insert_resource(transaction, key, prepared, {}, version);
    send_words(transaction, key, prepared.rows->words, false);
  }
};

TEST_F(MigrationTest, FindsNumbersAndQuantitiesAsIntervals) {
  EXPECT_THAT(found("RiskAssessment", {{"probability", "0.5"}}), ElementsAre("risk"));
  EXPECT_THAT(found("RiskAssessment", {{"probability", "gt0.5"}}), IsEmpty());
  const std::string ucum = "|http://unitsofmeasure.org|";
  EXPECT_THAT(found("Observation", {{"value-quantity", "5" + ucum + "kg"}}), ElementsAre("weight"));
  EXPECT_THAT(found("Observation", {{"value-quantity", "5000" + ucum + "g"}}), ElementsAre("weight"));
  EXPECT_THAT(found("Observation", {{"value-quantity", "lt4" + ucum + "kg"}}), IsEmpty());
  EXPECT_THAT(found("Observation", {{"code:text", "wheeze"}, {"_content", "wheeze"}}), ElementsAre("weight"));
  EXPECT_EQ(count("SELECT COUNT(*) FROM number_index WHERE field = 1"), 0) << "what was kept is gone";
}

TEST_F(MigrationTest, GivesWhatWasThereAndTakesMore) {
  EXPECT_EQ(Json::parse(record_->read(system_, "Observation", "weight").body).get("valueQuantity").dump(),
            R"({"value":5.0,"system":"http://unitsofmeasure.org","code":"kg"})");
  put(R"({"resourceType":"RiskAssessment","id":"risk","status":"final","subject":{"reference":"Patient/p"},
          "prediction":[{"probabilityRange":{"low":{"value":60},"high":{"value":70}}}]})");
  EXPECT_THAT(found("RiskAssessment", {{"probability", "0.5"}}), IsEmpty());
  record_->remove(system_, "Observation", "weight");
  EXPECT_THAT(found("Observation", {{"_content", "wheeze"}}), IsEmpty());
}

}  // namespace
}  // namespace meridian::record
