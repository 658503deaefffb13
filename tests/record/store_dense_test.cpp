// Searches whose criteria meet more index rows than are ever collected, and values that are kept once for
// several parameters.
#include <gmock/gmock.h>

#include "record/definitions/definitions.h"
#include "record/search/extraction.h"
#include "record/store/index_rows.h"
#include "record/store/stored_fields.h"
#include "record/store_fixture.h"

namespace meridian::record {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr const char* kWeight = "http://loinc.org|29463-7";

std::string observation(const std::string& id, const std::string& subject, const std::string& more = {}) {
  return R"({"resourceType":"Observation","id":")" + id +
         R"(","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"29463-7"},)"
         R"({"system":"urn:own","code":"29463-7"}]},"subject":{"reference":")" +
         subject + R"("},"valueQuantity":{"value":6)" + id.back() +
         R"(,"system":"http://unitsofmeasure.org","code":"kg"})" + more + "}";
}

class StoreDense : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    put(R"({"resourceType":"Patient","id":"anna","name":[{"family":"Smith"}]})");
    put(R"({"resourceType":"Patient","id":"bo","name":[{"family":"Wang"}]})");
    put(R"({"resourceType":"Group","id":"anna","type":"person","actual":true})");
    put(observation("o1", "Patient/anna"));
    put(observation("o2", "Patient/bo"));
    put(observation("o3", "Patient/anna"));
    put(observation("o4", "Group/anna",
                    R"(,"component":[{"code":{"coding":[{"system":"urn:own","code":"part"}]},)"
                    R"("valueQuantity":{"value":1,"system":"http://unitsofmeasure.org","code":"g"}}])"));
  }

  static std::int64_t field(std::string_view type, std::string_view code) {
    return field_of(type, *find_search_parameter(type, code));
  }
  // Rows as of many other observations, so that no criterion about them is met by few.
  void crowd(const std::string& table, const std::string& columns_after_key) {
    database_->write([&](storage::Transaction& transaction) {
      transaction.execute(
          "WITH RECURSIVE n(i) AS (VALUES(1000000) UNION ALL SELECT i + 1 FROM n WHERE i < 1040000)"
          " INSERT INTO " +
          table + " SELECT i, " + columns_after_key + " FROM n");
    });
  }
  void crowd_codes() {
    const std::string system = std::to_string(hash_of_system("http://loinc.org"));
    crowd("token_index", std::to_string(field("Observation", "code")) + ", '29463-7', " + system);
  }
  void crowd_names() {
    crowd("string_index", std::to_string(field("Patient", "family")) + ", 'smithson', 'Smithson'");
  }
};

TEST_F(StoreDense, PagesAlongAnIndexWithoutRepeatingAResource) {
  std::vector<std::string> all;
  Parameters parameters{{"code", "29463-7"}, {"_count", "1"}};
  for (int page = 0; page < 4; ++page) {
    const Json bundle = search("Observation", parameters);
    for (std::string& id : ids(bundle, "match")) all.push_back(std::move(id));
    const std::string next = link(bundle, "next");
    if (next.empty()) break;
    parameters.resize(2);
    parameters.emplace_back("_cursor", next.substr(next.find("_cursor=") + 8));
  }
  EXPECT_THAT(all, ElementsAre("o1", "o2", "o3", "o4"));
}

TEST_F(StoreDense, FindsTheSameWhenManyMeetOneCriterion) {
  crowd_codes();
  EXPECT_THAT(found("Observation", {{"code", kWeight}}), ElementsAre("o1", "o2", "o3", "o4"));
  EXPECT_THAT(found("Observation", {{"code", kWeight}, {"subject", "Patient/anna"}}),
              ElementsAre("o1", "o3"));
  EXPECT_THAT(found("Observation", {{"subject:Patient.family", "smith"}, {"code", kWeight}}),
              ElementsAre("o1", "o3"));
  EXPECT_THAT(found("Patient", {{"_has:Observation:patient:code", kWeight}}), ElementsAre("anna", "bo"));
  EXPECT_EQ(search("Observation", {{"code", kWeight}, {"_total", "accurate"}, {"_count", "1"}})
                .get("total")
                .as_int(),
            4);
  EXPECT_THAT(found("Observation", {{"code", kWeight}, {"_sort", "-value-quantity"}}),
              ElementsAre("o4", "o3", "o2", "o1"));
}

TEST_F(StoreDense, FindsTheSameWhenManyMeetEachCriterion) {
  crowd_codes();
  crowd_names();
  EXPECT_THAT(found("Observation", {{"subject:Patient.family", "smith"}, {"code", kWeight}}),
              ElementsAre("o1", "o3"));
  EXPECT_THAT(found("Patient", {{"family", "smith"}, {"_has:Observation:patient:code", kWeight}}),
              ElementsAre("anna"));
  EXPECT_THAT(found("Patient", {{"family", "smith"}}), ElementsAre("anna"));
  EXPECT_THAT(found("Observation", {{"code", kWeight}, {"value-quantity", "gt60"}, {"_count", "2"}}),
              ElementsAre("o1", "o2"));
}

TEST_F(StoreDense, PagesAlongTheIndexOfWhatItIsSortedBy) {
  crowd_codes();
  put(observation("o5", "Patient/bo", R"(,"effectiveDateTime":"2026-03-01")"));
  put(observation("o6", "Patient/bo", R"(,"effectivePeriod":{"start":"2026-01-01","end":"2026-12-31"})"));
  put(observation("o7", "Patient/bo", R"(,"effectiveDateTime":"2026-03-01")"));
  const auto paged = [&](const std::string& sort) {
    std::vector<std::string> all;
    Parameters parameters{{"code", "29463-7"}, {"_sort", sort}, {"_count", "1"}};
    for (int page = 0; page < 10; ++page) {
      const Json bundle = search("Observation", parameters);
      for (std::string& id : ids(bundle, "match")) all.push_back(std::move(id));
      const std::string next = link(bundle, "next");
      if (next.empty()) break;
      parameters.resize(3);
      parameters.emplace_back("_cursor", next.substr(next.find("_cursor=") + 8));
    }
    return all;
  };
  EXPECT_THAT(paged("-date"), ElementsAre("o7", "o5", "o6", "o4", "o3", "o2", "o1"));
  EXPECT_THAT(paged("date"), ElementsAre("o6", "o5", "o7", "o1", "o2", "o3", "o4"));
  EXPECT_THAT(paged("-_id"), ElementsAre("o7", "o6", "o5", "o4", "o3", "o2", "o1"));
  EXPECT_THAT(paged("code"), SizeIs(7)) << "a resource with two codes comes once";
}

TEST_F(StoreDense, FindsCompositesWithinTheirTwoParts) {
  const std::string code = std::string(kWeight) + "$";
  EXPECT_THAT(found("Observation", {{"code-value-quantity", code + "gt62|http://unitsofmeasure.org|kg"}}),
              ElementsAre("o3", "o4"));
  EXPECT_THAT(found("Observation", {{"code-value-quantity", code + "lt62000||g"}}), ElementsAre("o1"));
  EXPECT_THAT(
      found("Observation", {{"combo-code-value-quantity", "urn:own|part$1|http://unitsofmeasure.org|g"}}),
      ElementsAre("o4"));
}

TEST_F(StoreDense, AsksOtherParametersForValuesThatAreKeptOnce) {
  EXPECT_THAT(found("Observation", {{"combo-code", "urn:own|part"}}), ElementsAre("o4"));
  EXPECT_THAT(found("Observation", {{"combo-code", kWeight}}), ElementsAre("o1", "o2", "o3", "o4"));
  EXPECT_THAT(found("Observation", {{"combo-code:not", "urn:own|part"}}), ElementsAre("o1", "o2", "o3"));
  EXPECT_THAT(found("Observation", {{"combo-value-quantity", "1|http://unitsofmeasure.org|g"}}),
              ElementsAre("o4"));
  EXPECT_THAT(found("Patient", {{"phonetic", "wang"}}), ElementsAre("bo"));
}

TEST_F(StoreDense, TakesForPatientsOnlySubjectsThatAre) {
  EXPECT_THAT(found("Observation", {{"subject", "anna"}}), ElementsAre("o1", "o3", "o4"));
  EXPECT_THAT(found("Observation", {{"patient", "anna"}}), ElementsAre("o1", "o3"));
  EXPECT_THAT(found("Observation", {{"patient", "Group/anna"}}), IsEmpty());
  EXPECT_THAT(found("Observation", {{"patient:missing", "true"}}), ElementsAre("o4"));
  EXPECT_THAT(found("Observation", {{"_sort", "-patient"}}), ElementsAre("o2", "o3", "o1", "o4"));
  EXPECT_THAT(ids(search("Observation", {{"_id", "o4"}, {"_include", "Observation:patient"}}), "include"),
              IsEmpty());
  EXPECT_THAT(ids(search("Patient", {{"_id", "anna"}, {"_revinclude", "Observation:*"}}), "include"),
              SizeIs(2));
}

TEST_F(StoreDense, KeepsNoRowTwice) {
  const Json resource = Json::parse(observation("o1", "Patient/anna"));
  const IndexRows rows = index_rows_of(resource, extract(resource), kBase);
  EXPECT_THAT(rows.references, SizeIs(1));
  EXPECT_THAT(rows.composites, SizeIs(4));  // of two codes, in kg and in g
  for (const IndexRows::Token& token : rows.tokens)
    EXPECT_NE(token.field, field("Observation", "combo-code"));
}

}  // namespace
}  // namespace meridian::record
