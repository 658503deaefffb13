#include "archive/query.h"

#include <gmock/gmock.h>

#include "archive/archive_fixture.h"
#include "archive/index.h"

namespace meridian::archive {
namespace {

constexpr std::uint32_t kPatientId = 0x00100020, kName = 0x00100010, kStudyUid = 0x0020000D,
                        kStudyDate = 0x00080020, kAccession = 0x00080050, kModality = 0x00080060,
                        kModalities = 0x00080061;

class QueryTest : public ArchiveTest {
 protected:
  void SetUp() override {
    add("P-1", "Wang^Xiuying=王^秀英", "1.1", "2026-01-05T08:00:00Z", "A-1");
    add("P-1", "Wang^Xiuying=王^秀英", "1.2", "2026-02-05T09:30:00Z", "A-2");
    add("P-2", "Li^Na=李^娜", "1.3", "2026-03-05T10:00:00Z", "100%_!");
  }

  void add(const std::string& patient, const std::string& name, const std::string& study, const char* when,
           const std::string& accession) {
    FilmFacts film = film_facts();
    film.patient_id = patient;
    film.patient_name = name;
    film.study_uid = study;
    film.taken = parse_instant(when);
    film.accession_number = accession;
    store(compose_film(ramp(4, 4), film));
  }

  // The study UIDs that match, in their order, with commas between.
  std::string studies(std::vector<QueryKey> keys, std::int64_t offset = 0, std::int64_t limit = 100) {
    std::string found;
    for (const Json& match : archive_->query({QueryLevel::study, std::move(keys), offset, limit}))
      found += (found.empty() ? "" : ",") + match.get("0020000D.Value").at(0).as_string();
    return found;
  }
};

TEST_F(QueryTest, GivesTheNewestStudiesFirst) {
  EXPECT_EQ(studies({}), "1.3,1.2,1.1");
  EXPECT_EQ(studies({}, 1, 1), "1.2");
  EXPECT_EQ(studies({}, 3), "");
  EXPECT_EQ(code_of([&] { studies({}, -1); }), ErrorCode::invalid_value);
}

TEST_F(QueryTest, MatchesSingleValuesAndWildcards) {
  EXPECT_EQ(studies({{kPatientId, "P-1"}}), "1.2,1.1");
  EXPECT_EQ(studies({{kPatientId, "P-?"}}), "1.3,1.2,1.1");
  EXPECT_EQ(studies({{kPatientId, "*2"}}), "1.3");
  EXPECT_EQ(studies({{kPatientId, "P-1"}, {kAccession, "A-2"}}), "1.2");
  EXPECT_EQ(studies({{kPatientId, ""}}), "1.3,1.2,1.1");
  EXPECT_EQ(studies({{0x00101010, "040Y"}}), "1.3,1.2,1.1");  // not in the index
}

TEST_F(QueryTest, TakesSqlsOwnSignsAsText) {
  EXPECT_EQ(studies({{kAccession, "100%_!"}}), "1.3");
  EXPECT_EQ(studies({{kAccession, "100%*"}}), "1.3");
  EXPECT_EQ(studies({{kAccession, "%*"}}), "");
  EXPECT_EQ(studies({{kAccession, "_-?"}}), "");
  EXPECT_EQ(studies({{kPatientId, "' OR 1=1 --"}}), "");
}

TEST_F(QueryTest, MatchesNamesInAnyScriptWithoutCase) {
  EXPECT_EQ(studies({{kName, "WANG^xiuying"}}), "1.2,1.1");
  EXPECT_EQ(studies({{kName, "wang*"}}), "1.2,1.1");
  EXPECT_EQ(studies({{kName, "李^娜"}}), "1.3");
  EXPECT_EQ(studies({{kName, "王*"}}), "1.2,1.1");
  EXPECT_EQ(studies({{kName, "Li"}}), "");
}

// PS3.5, 6.2.1: empty components at the end of a group, and their carets, may be left out.
TEST_F(QueryTest, MatchesNamesWhoseEmptyComponentsAreWrittenOrNot) {
  add("P-3", "DOE^JOHN^^^=王^", "1.4", "2026-04-05T10:00:00Z", "A-4");
  EXPECT_EQ(studies({{kName, "Doe^John"}}), "1.4");
  EXPECT_EQ(studies({{kName, "DOE^JOHN^^"}}), "1.4");
  EXPECT_EQ(studies({{kName, "DOE^JOHN^*"}}), "1.4");
  EXPECT_EQ(studies({{kName, "DOE^*"}}), "1.4");
  EXPECT_EQ(studies({{kName, "DOE^JOHN^^^=王"}}), "1.4");
  EXPECT_EQ(studies({{kName, "王^^^"}}), "1.4");
  EXPECT_EQ(studies({{kName, "Li^Na^^^"}}), "1.3");
  EXPECT_EQ(studies({{kName, "DO^*"}}), "");
}

TEST(QueryMigration, WritesTheKeysOfNamesAnew) {
  const TemporaryFolder folder;
  const auto database =
      storage::open_database(storage::test_database({.path = folder / "old.db", .synchronous = false}));
  const auto migrations = index_migrations();
  database->migrate(migrations.first(5));
  database->write([](storage::Transaction& transaction) {
    for (const char* key : {"doe^john^^^", "wang^xiuying^^^=王^秀英^ =", "li^na"})
      transaction.execute("INSERT INTO archive_patient VALUES (?, '', '', ?, '', '', 1)", {key, key});
    transaction.execute("INSERT INTO archive_series VALUES ('1.2', '1.1', 'CT', 1, '', '', 1)");
  });
  database->migrate(migrations);
  std::string keys, unread;
  database->read([&](storage::Connection& connection) {
    connection.query("SELECT name_key FROM archive_patient ORDER BY name_key", {},
                     [&](const storage::Row& row) { keys += std::string(row.text(0)) + ";"; });
    connection.query("SELECT series_uid FROM archive_unread_request", {},
                     [&](const storage::Row& row) { unread += row.text(0); });
  });
  EXPECT_EQ(keys, "doe^john;li^na;wang^xiuying=王^秀英;");
  EXPECT_EQ(unread, "1.2");
}

TEST_F(QueryTest, MatchesRangesAndLists) {
  EXPECT_EQ(studies({{kStudyDate, "20260205"}}), "1.2");
  EXPECT_EQ(studies({{kStudyDate, "20260101-20260228"}}), "1.2,1.1");
  EXPECT_EQ(studies({{kStudyDate, "20260205-"}}), "1.3,1.2");
  EXPECT_EQ(studies({{kStudyDate, "-20260105"}}), "1.1");
  EXPECT_EQ(studies({{0x00080030, "0930-"}}), "1.3,1.2");
  EXPECT_EQ(studies({{0x00080030, "-0930"}}), "1.2,1.1");
  EXPECT_EQ(studies({{kStudyUid, "1.1\\1.3"}}), "1.3,1.1");
  EXPECT_EQ(studies({{kStudyUid, "1.1,1.2"}}), "1.2,1.1");
  EXPECT_EQ(code_of([&] { studies({{kStudyUid, std::string(2000, ',')}}); }), ErrorCode::invalid_value);
}

TEST_F(QueryTest, AnswersEachLevelWithThoseAboveIt) {
  const auto patients = archive_->query({.level = QueryLevel::patient, .keys = {{kName, "li*"}}});
  ASSERT_EQ(patients.size(), 1u);
  EXPECT_EQ(patients[0].get("00100010.Value").dump(), R"([{"Alphabetic":"Li^Na","Ideographic":"李^娜"}])");
  EXPECT_FALSE(patients[0].contains("0020000D"));
  const auto study = archive_->query({.keys = {{kStudyUid, "1.1"}, {kModalities, "DX"}}});
  ASSERT_EQ(study.size(), 1u);
  EXPECT_EQ(study[0].get("00080061.Value").dump(), R"(["DX"])");
  EXPECT_EQ(study[0].get("00201208.Value").dump(), "[1]");
  EXPECT_TRUE(archive_->query({.keys = {{kModalities, "CT"}}}).empty());
  const auto series =
      archive_->query({.level = QueryLevel::series, .keys = {{kStudyUid, "1.1"}, {kModality, "DX"}}});
  ASSERT_EQ(series.size(), 1u);
  const auto instances = archive_->query({.level = QueryLevel::instance, .keys = {{0x00280010, "4"}}});
  ASSERT_EQ(instances.size(), 3u);
  EXPECT_EQ(instances[0].get("00280011.Value").dump(), "[4]");
  EXPECT_TRUE(archive_->query({.level = QueryLevel::instance, .keys = {{0x00280010, "four"}}}).empty());
}

}  // namespace
}  // namespace meridian::archive
