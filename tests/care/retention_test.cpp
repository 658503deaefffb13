// How long images are kept: what goes when its time is over, and what stays for whom.
#include "care/retention.h"

#include "base/error_of.h"
#include "care/holds.h"
#include "care/region.h"

namespace meridian::care {
namespace {

using std::chrono::hours;
using testing::ElementsAre;

constexpr auto kDay = hours(24);
constexpr const char* kFilm = "1.2.3.5";

class RetentionTest : public RegionTest {
 protected:
  // A case of two studies, a film and an ECG.
  std::string with_images(bool is_signed = true) {
    const std::string id = open_case();
    care.intake.receive(engine::film_file("P-1", kFilm), from_console(id));
    care.intake.receive(engine::ecg_file("P-1", "1.2.3.4"), from_console(id));
    node.run_all();
    if (is_signed) sign(id);
    return id;
  }
  void sign(const std::string& id) {
    ask(id);
    care.cases.claim(kSpecialist, id);
    care.reports.sign(kSpecialist, id, {"Normal.", {}, {}});
  }
  std::vector<ExpiredStudy> expired(const std::string& rules, int days) {
    std::vector<ExpiredStudy> found;
    for_each_expired(*node.database, retention_rules_of(rules), now() + kDay * days,
                     [&](const ExpiredStudy& study) { found.push_back(study); });
    return found;
  }
  std::size_t remove(const std::string& rules, int days) {
    const Context context{*node.database, node.queue,    node.ledger, node.record,
                          node.archive,   node.registry, care.events};
    return remove_expired(context, retention_rules_of(rules), now() + kDay * days, [] { return false; });
  }
  std::string hold(const std::string& status, const std::string& patient = "Patient/p1") {
    node.put(Json::parse(R"({"resourceType": "Flag", "id": "f1", "status": ")" + status + R"(",
      "code": {"coding": [{"system": "urn:meridian:retention", "code": "legal-hold"}], "text": "Court file 7"},
      "subject": {"reference": ")" +
                         patient + R"("}})"));
    return "f1";
  }
  std::size_t removals_in_ledger() const {
    std::size_t count = 0;
    node.database->read([&](storage::Connection& connection) {
      connection.query("SELECT 1 FROM ledger_entry WHERE kind = 'dicom.remove'", {},
                       [&](const storage::Row&) { ++count; });
    });
    return count;
  }
};

TEST_F(RetentionTest, RemovesAStudyWhenItsTimeIsOver) {
  const std::string id = with_images();
  EXPECT_TRUE(expired("DX=30", 29).empty());
  const auto films = expired("DX=30", 31);
  ASSERT_EQ(films.size(), 1u);
  EXPECT_EQ(films.front().study, "1.2.3.5.1");
  EXPECT_EQ(films.front().patient, "Patient/p1");
  EXPECT_THAT(films.front().modalities, ElementsAre("DX"));
  EXPECT_EQ(films.front().instances, 1);
  EXPECT_GT(films.front().bytes, 0);
  EXPECT_EQ(films.front().kept_for, "");
  EXPECT_EQ(node.archive.size() > 1, true);
  EXPECT_EQ(remove("DX=30", 31), 1u);
  EXPECT_FALSE(node.archive.find(kFilm));
  EXPECT_TRUE(node.archive.find("1.2.3.4"));
  EXPECT_EQ(removals_in_ledger(), 1u);
  EXPECT_EQ(node.find("ImagingStudy").size(), 1u);
  EXPECT_EQ(page(id).get("recordings").size(), 1u);
  EXPECT_EQ(page(id).text("status"), "signed");  // its report stays
  EXPECT_EQ(remove("DX=30", 31), 0u);
  // Of the ECG also the report that an assistant made of it.
  EXPECT_EQ(remove("*=30", 31), 1u);
  EXPECT_EQ(node.archive.size(), 0);
  EXPECT_TRUE(node.find("ImagingStudy").empty());
}

TEST_F(RetentionTest, KeepsWhatAnUnsignedCaseNeeds) {
  with_images(false);
  ASSERT_EQ(expired("*=1", 400).size(), 2u);
  for (const ExpiredStudy& study : expired("*=1", 400)) EXPECT_EQ(study.kept_for, "case");
  EXPECT_EQ(remove("*=1", 400), 0u);
  EXPECT_EQ(node.archive.size() > 1, true);
}

// A new case of the patient may be compared with what was before.
TEST_F(RetentionTest, KeepsEarlierImagesForANewCase) {
  with_images();
  EXPECT_EQ(expired("*=1", 2).front().kept_for, "");
  open_case();
  EXPECT_EQ(expired("*=1", 2).front().kept_for, "case");
  EXPECT_EQ(remove("*=1", 2), 0u);
}

TEST_F(RetentionTest, KeepsWhatIsHeldUntilTheHoldEnds) {
  const std::string id = with_images();
  hold("active");
  EXPECT_EQ(expired("*=1", 2).front().kept_for, "hold");
  EXPECT_EQ(remove("*=1", 2), 0u);
  EXPECT_EQ(
      node.database->read([](storage::Connection& connection) { return hold_of(connection, "Patient/p1"); }),
      "Court file 7");
  for (const char* named : {"https://node.example/fhir/Patient/p1", "Patient/p1/_history/2"}) {
    hold("active", named);
    EXPECT_EQ(expired("*=1", 2).front().kept_for, "hold") << named;
  }
  EXPECT_EQ(code_of([&] { hold("active", "Group/g1"); }), ErrorCode::invalid_value) << "of no patient";
  hold("active", "Patient/p2");  // it was the wrong patient
  EXPECT_EQ(expired("*=1", 2).front().kept_for, "");
  hold("active");
  hold("inactive");
  EXPECT_EQ(expired("*=1", 2).front().kept_for, "");
  node.record.remove(trust::Principal::system(), "Flag", hold("active"));
  EXPECT_EQ(remove("*=1", 2), 2u);
}

TEST_F(RetentionTest, CountsTheLongestRuleOfAStudy) {
  with_images();
  EXPECT_EQ(expired("DX=30, *=10", 11).size(), 1u);
  EXPECT_EQ(expired("DX=30, *=10", 31).size(), 2u);
  EXPECT_TRUE(expired("CT/MR=1", 4000).empty());  // no rule, no end
  EXPECT_TRUE(expired("", 4000).empty());
  EXPECT_EQ(expired(" ECG / DX = 5 ", 6).front().days, 5);
}

TEST(RetentionRules, AreRefusedWhenTheyAreHalfSaid) {
  for (const char* text : {"CT", "CT=", "=5", "CT=0", "CT=-1", "CT=1.5", "CT=5d", "ct=5", "CT//MR=5",
                           "CT=5,CT=6", "*=5,*=6", "*/CT=5", "CT=5,,", "CT=100001", "ABCDEFGHIJKLMNOPQ=5"})
    EXPECT_EQ(code_of([&] { retention_rules_of(text); }), ErrorCode::invalid_configuration) << text;
  EXPECT_EQ(retention_rules_of("CT/MR=3650, *=10950").size(), 2u);
}

}  // namespace
}  // namespace meridian::care
