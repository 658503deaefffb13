// The DICOM objects of a draft, from the reading to the signature or the rejection.
#include "care/results.h"

#include "archive/dciodvfy.h"
#include "base/encoding.h"
#include "care/region.h"
#include "engine/evidence.h"
#include "vision/heat_map.h"

namespace meridian::care {
namespace {

using archive::QueryLevel;
using testing::UnorderedElementsAre;

constexpr const char* kFilm = "1.2.3.5";
constexpr const char *kSegmentation = "1.2.840.10008.5.1.4.1.1.66.4",
                     *kHeatMap = "1.2.840.10008.5.1.4.1.1.30", *kReport = "1.2.840.10008.5.1.4.1.1.88.34",
                     *kKeyObjects = "1.2.840.10008.5.1.4.1.1.88.59",
                     *kFilmClass = "1.2.840.10008.5.1.4.1.1.1.1";

engine::Reading hot_spot() {
  engine::Finding finding = engine::finding("56717001", "Tuberculosis", engine::Urgency::today);
  finding.probability = 0.9;
  const vision::GreyImage heat{2, 2, {1, 0, 0, 0}, {}};
  const std::string png = vision::heat_map_png(heat, {0, 0, 32, 32}, 32, 32);
  const Json square = Json::parse("[[40, 8], [60, 8], [60, 50], [40, 50]]");
  finding.evidence =
      Json::object({{"heat_map", Json::object({{"width", 32}, {"height", 32}, {"png", to_base64(png)}})},
                    {"regions", Json::array({engine::evidence_region(
                                    {"left lung", "左肺"}, square,
                                    {"http://snomed.info/sct", "44029006", "Left lung structure"})})}});
  return {{}, {finding}};
}

class ResultsTest : public RegionTest {
 protected:
  ResultsTest() : RegionTest(film_readers()) {}

  static engine::Node::Assistants film_readers() {
    engine::Node::Assistants list;
    list.push_back(engine::scripted("film_reader", "DX", [](const engine::Input&) { return hot_spot(); }));
    return list;
  }

  std::string drafted_film() {
    const std::string id = open_case();
    care.intake.receive(engine::film_file("P-1", kFilm), from_console(id));
    node.run_all();
    return id;
  }
  std::vector<archive::InstanceFacts> instances() const {
    return node.archive.instances(std::string(kFilm) + ".1");
  }
  std::vector<std::string> classes_seen(const trust::Principal& by) {
    std::vector<std::string> classes;
    for (const Json& match : care.find_images(by, {.level = QueryLevel::instance, .keys = {}}).matches)
      classes.push_back(match.get("00080016.Value").at(0).as_string());
    return classes;
  }
  std::string uid_of(const std::string& sop_class) const {
    for (const archive::InstanceFacts& facts : instances())
      if (facts.sop_class == sop_class) return facts.key.instance;
    return {};
  }
  Json study_of(const trust::Principal& by) {
    const auto found = care.find_images(by, {.level = QueryLevel::study, .keys = {}}).matches;
    return found.empty() ? Json() : found.front();
  }
  void reject(const std::string& id) {
    ask(id);
    care.cases.claim(kSpecialist, id);
    care.reports.reject(kSpecialist, id, page(id, kSpecialist).get("drafts").at(0).text("id"), "An artefact");
  }
  void sign(const std::string& id) {
    ask(id);
    care.cases.claim(kSpecialist, id);
    const std::string finding = page(id, kSpecialist).get("drafts").at(0).text("findings.id");
    care.reports.sign(kSpecialist, id, {"Tuberculosis.", {finding}, {}});
  }
};

TEST_F(ResultsTest, AreKeptBesideTheFilm) {
  drafted_film();
  EXPECT_THAT(classes_seen(kDoctor),
              UnorderedElementsAre(kFilmClass, kSegmentation, kHeatMap, kReport, kKeyObjects));
  const Json report = node.archive.metadata(uid_of(kReport), "");
  EXPECT_EQ(report.get("0040A493.Value").dump(), R"(["UNVERIFIED"])");
  EXPECT_EQ(report.get("0040A491.Value").dump(), R"(["PARTIAL"])");
  const std::string segmentation = uid_of(kSegmentation);
  EXPECT_EQ(node.archive.metadata(segmentation, "").get("00620002.Value").size(), 2u);  // the lung, the heat
  const std::string lung = node.archive.frame(segmentation, 1, true).bytes;
  const auto bit = [](const std::string& frame, int x, int y) {
    const int at = y * 64 + x;
    return frame[static_cast<std::size_t>(at / 8)] >> (at % 8) & 1;
  };
  EXPECT_EQ(bit(lung, 50, 30), 1);
  EXPECT_EQ(bit(lung, 30, 30), 0);
  const std::string heat = node.archive.frame(segmentation, 2, true).bytes;
  EXPECT_EQ(bit(heat, 4, 4), 1);
  EXPECT_EQ(bit(heat, 60, 60), 0);
}

TEST_F(ResultsTest, AreNotForThePatientUntilSigned) {
  const std::string id = drafted_film();
  EXPECT_THAT(classes_seen(kResident), UnorderedElementsAre(kFilmClass));
  EXPECT_EQ(study_of(kResident).get("00201208.Value").dump(), "[1]");
  EXPECT_EQ(study_of(kResident).get("00201206.Value").dump(), "[1]");
  EXPECT_EQ(study_of(kResident).get("00080061.Value").dump(), R"(["DX"])");
  EXPECT_EQ(study_of(kDoctor).get("00201208.Value").dump(), "[5]");
  EXPECT_EQ(care.find_images(kResident, {.level = QueryLevel::series, .keys = {}}).matches.size(), 1u);
  const auto patient = [&](const trust::Principal& by, const std::string& instance) {
    return node.database->read(
        [&](storage::Connection& connection) { return visible_patient(connection, by, instance); });
  };
  EXPECT_EQ(patient(kDoctor, uid_of(kReport)), "Patient/p1");
  EXPECT_EQ(code_of([&] { patient(kResident, uid_of(kReport)); }), ErrorCode::not_found);
  EXPECT_EQ(code_of([&] { patient(kOtherDoctor, uid_of(kReport)); }), ErrorCode::not_found);
  EXPECT_EQ(node.record.find(kResident, "ImagingStudy", {}).front().get("numberOfSeries").as_int(), 1);

  sign(id);
  EXPECT_EQ(classes_seen(kResident).size(), 6u);
  EXPECT_EQ(patient(kResident, uid_of(kReport)), "Patient/p1");
  EXPECT_EQ(node.record.find(kResident, "ImagingStudy", {}).front().get("numberOfInstances").as_int(), 6);
  EXPECT_EQ(study_of(kResident).get("00201208.Value").dump(), "[6]");
}

TEST_F(ResultsTest, AreVerifiedByTheSignature) {
  sign(drafted_film());
  std::vector<std::string> flags;
  for (const archive::InstanceFacts& facts : instances())
    if (facts.sop_class == kReport)
      flags.push_back(node.archive.metadata(facts.key.instance, "").get("0040A493.Value").at(0).as_string());
  EXPECT_THAT(flags, UnorderedElementsAre("UNVERIFIED", "VERIFIED"));
}

TEST_F(ResultsTest, GoWithARejectedDraft) {
  const std::string id = drafted_film();
  reject(id);
  EXPECT_THAT(classes_seen(kSpecialist), UnorderedElementsAre(kFilmClass));
  EXPECT_EQ(instances().size(), 1u);
  node.ledger.flush();
  trust::LedgerFilter filter;
  filter.kind = "dicom.remove";
  EXPECT_EQ(node.ledger.entries(filter).size(), 4u);
}

TEST_F(ResultsTest, AreMadeOnceHoweverOftenTheAssistantRuns) {
  drafted_film();
  const auto before = instances();
  node.record.write(trust::Principal::system(), [&](record::Writer& writer) {
    engine::request_run(writer, {"film_reader", kFilm, {}, "Patient/p1", {}, {}});
  });
  node.run_all();
  const auto after = instances();
  ASSERT_EQ(after.size(), before.size());
  for (std::size_t i = 0; i < after.size(); ++i) EXPECT_EQ(after[i].key, before[i].key);
}

class EcgResultsTest : public RegionTest {
 protected:
  std::vector<archive::InstanceFacts> reports() const {
    std::vector<archive::InstanceFacts> found = node.archive.instances("1.2.3.4.1");
    std::erase_if(found, [](const archive::InstanceFacts& facts) { return facts.sop_class != kReport; });
    return found;
  }
};

TEST_F(EcgResultsTest, AreAReportThatTheSignatureVerifies) {
  const std::string id = drafted_case();
  ASSERT_EQ(reports().size(), 1u);
  EXPECT_EQ(archive::dicom_errors(node.archive.bytes(reports().front().key.instance)), "");
  EXPECT_EQ(page(id).get("recordings").size(), 1u);
  ask(id);
  care.cases.claim(kSpecialist, id);
  const std::string finding = page(id, kSpecialist).get("drafts").at(0).text("findings.id");
  care.reports.sign(kSpecialist, id, {"Atrial fibrillation.", {finding}, {}});
  std::vector<std::string> flags;
  for (const archive::InstanceFacts& facts : reports())
    flags.push_back(node.archive.metadata(facts.key.instance, "").get("0040A493.Value").at(0).as_string());
  EXPECT_THAT(flags, UnorderedElementsAre("UNVERIFIED", "VERIFIED"));
}

}  // namespace
}  // namespace meridian::care
