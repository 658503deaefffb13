#include "care/intake.h"

#include <gtest/gtest.h>

#include "archive/results/segmentation.h"
#include "care/patient_match.h"
#include "care/region.h"
#include "care/study.h"

namespace meridian::care {
namespace {

class Arrival : public RegionTest {
 protected:
  Origin from_device() { return {kDevice, "dimse", "Organization/liushan", ""}; }
  Taken store(std::string bytes) { return care.intake.receive(std::move(bytes), from_device()); }
  std::vector<std::variant<Taken, Error>> store_all(std::vector<std::string> files) {
    std::vector<archive::Parsed> parsed;
    for (std::string& bytes : files) parsed.push_back(archive::parse_instance(std::move(bytes)));
    return care.intake.receive_all(std::move(parsed), from_device());
  }
  std::int64_t cases() { return care.worklist.list(kDoctor, {}).get("total").as_int(); }
};

TEST_F(Arrival, FindsItsPatientAndOpensACase) {
  const Taken ecg = store(engine::ecg_file("P-1", "1.2.3.4"));
  EXPECT_EQ(ecg.patient, "Patient/p1");
  const Taken film = store(engine::film_file("P-1", "1.2.3.5"));
  EXPECT_EQ(film.case_id, ecg.case_id);
  EXPECT_EQ(cases(), 1);
  EXPECT_EQ(node.find("ImagingStudy", {{"encounter", "Encounter/" + ecg.case_id}}).size(), 2u);
}

TEST_F(Arrival, TwiceIsOnce) {
  const std::string bytes = engine::ecg_file("P-1", "1.2.3.4");
  const Taken first = store(bytes), second = store(bytes);
  EXPECT_FALSE(first.duplicate);
  EXPECT_TRUE(second.duplicate);
  EXPECT_EQ(second.case_id, first.case_id);
  EXPECT_EQ(node.queue.waiting("assistant.run"), 1);
  EXPECT_EQ(node.find("ImagingStudy").size(), 1u);
}

TEST_F(Arrival, OfAnUnknownPatientMakesOne) {
  const Taken taken = store(engine::ecg_file("X-9", "1.2.3.4"));
  const Json patient = node.read(taken.patient);
  EXPECT_EQ(patient.text("identifier.value"), "X-9");
  EXPECT_EQ(patient.text("birthDate"), "1957-03-04");
  EXPECT_EQ(patient.text("name.text"), "王建国");
  EXPECT_EQ(patient.text("managingOrganization.reference"), "Organization/liushan");
  EXPECT_EQ(store(engine::ecg_file("X-9", "1.2.3.5")).patient, taken.patient);
  EXPECT_EQ(page(taken.case_id).text("id"), taken.case_id);
}

TEST_F(Arrival, OfAnotherBirthDateIsAnotherPerson) {
  const Taken taken = store(engine::ecg_file("P-1", "1.2.3.4", "19990101"));
  EXPECT_NE(taken.patient, "Patient/p1");
  const std::string id = open_case();
  EXPECT_EQ(
      code_of([&] { care.intake.receive(engine::ecg_file("P-1", "1.2.3.5", "19990101"), from_console(id)); }),
      ErrorCode::conflict);
  EXPECT_EQ(
      code_of([&] { care.intake.receive(engine::ecg_file("P-1", "1.2.3.5", "", "F"), from_console(id)); }),
      ErrorCode::conflict);
  EXPECT_EQ(page(id).get("recordings").size(), 0u);
}

// What is refused says nothing of whose the others of its study are.
TEST_F(Arrival, OfTwoPeopleTogetherUnderOneStudyIsNotMixed) {
  const auto of_p1 = engine::ecg_file("P-1", "1.2.3.4", "19570304", "M", "1.2.77");
  store(engine::ecg_file("P-1", "1.2.3.4"));
  const auto outcomes = store_all({of_p1, engine::ecg_file("X-9", "1.2.3.9", "19700101", "F", "1.2.77")});
  ASSERT_EQ(outcomes.size(), 2u);
  EXPECT_EQ(std::get<Error>(outcomes[0]).code(), ErrorCode::conflict);
  const Json patient = node.read(std::get<Taken>(outcomes[1]).patient);
  EXPECT_EQ(patient.text("identifier.value"), "X-9");
  EXPECT_EQ(patient.text("birthDate"), "1970-01-01");
}

TEST_F(Arrival, OfTwoStudiesOfSomeoneNewTogetherMakesOnePatient) {
  const auto outcomes =
      store_all({engine::ecg_file("X-9", "1.2.3.4"), engine::ecg_file("X-9", "1.2.3.5", "", ""),
                 engine::ecg_file("X-9", "1.2.3.6", "19990101", "M")});
  ASSERT_EQ(outcomes.size(), 3u);
  const std::string patient = std::get<Taken>(outcomes[0]).patient;
  EXPECT_EQ(std::get<Taken>(outcomes[1]).patient, patient);
  EXPECT_NE(std::get<Taken>(outcomes[2]).patient, patient) << "of another date of birth";
}

TEST_F(Arrival, OfTheSameIdAtAnotherClinicIsAnotherPerson) {
  const Origin hekou{kOtherDoctor, "stow", "Organization/hekou", ""};
  EXPECT_NE(care.intake.receive(engine::ecg_file("P-1", "1.2.3.4"), hekou).patient, "Patient/p1");
}

TEST_F(Arrival, OfRubbishChangesNothing) {
  const std::string good = engine::ecg_file("P-1", "1.2.3.4");
  EXPECT_EQ(code_of([&] { store("not DICOM"); }), ErrorCode::invalid_syntax);
  EXPECT_ANY_THROW(store(good.substr(0, good.size() / 2)));
  EXPECT_EQ(code_of([&] {
              care.intake.receive_files({{"notes.txt", "hello"}}, from_device());
            }),
            ErrorCode::unsupported_media_type);
  EXPECT_EQ(code_of([&] { care.intake.receive_files({}, from_device()); }), ErrorCode::invalid_request);
  EXPECT_EQ(cases(), 0);
  EXPECT_EQ(node.archive.size(), 0);
}

TEST_F(Arrival, IsForThoseWhoMayRecordAndForOpenCases) {
  const std::string id = drafted_case();
  care.reports.sign(kDoctor, id, {"Sinus rhythm.", {}, {}});
  EXPECT_EQ(code_of([&] { care.intake.receive(engine::ecg_file("P-1", "1.2.9"), from_console(id)); }),
            ErrorCode::conflict);
  EXPECT_EQ(
      code_of([&] { care.intake.receive(engine::ecg_file("P-1", "1.2.9"), from_console(id, kOtherDoctor)); }),
      ErrorCode::not_found);
  EXPECT_EQ(
      code_of([&] { care.intake.receive(engine::ecg_file("P-1", "1.2.9"), from_console("", kEngineer)); }),
      ErrorCode::forbidden);
  EXPECT_NE(store(engine::ecg_file("P-1", "1.2.9")).case_id, id);
}

TEST_F(Arrival, OfAWfdbRecordBecomesDicom) {
  const std::string id = open_case();
  std::string samples;
  for (int i = 0; i < 1000; ++i) samples += std::string{static_cast<char>(i % 250 == 0 ? 100 : 0), 0};
  const std::vector<archive::NamedBytes> files{
      {"100.hea", "100 1 250 1000\n100.dat 16 200 16 0 100 0 0 MLII\n"}, {"100.dat", samples}};
  const auto taken = care.intake.receive_files(files, from_console(id));
  ASSERT_EQ(taken.size(), 1u);
  const Json recording = page(id).get("recordings").at(0);
  EXPECT_EQ(recording.text("kind"), "ecg");
  EXPECT_EQ(recording.get("leads").at(0).as_string(), "MLII");
  EXPECT_DOUBLE_EQ(recording.get("seconds").as_double(), 4);
  EXPECT_TRUE(care.intake.receive_files(files, from_console(id)).front().duplicate);
}

TEST_F(Arrival, OfATableBecomesDicomWithWhatItSaysOfThePatient) {
  std::string table = "# sampling_frequency: 250\n# unit: mV\n# sex: female\nI,II,RESP\n";
  for (int i = 0; i < 1500; ++i) table += i % 250 == 0 ? "1,1,0\n" : "0,0,0\n";
  const auto taken = care.intake.receive_files({{"strip.csv", table}}, from_console(""));
  ASSERT_EQ(taken.size(), 1u);
  EXPECT_THAT(taken.front().flaws, testing::Contains(testing::HasSubstr("RESP")));
  const Json flaws = page(taken.front().case_id).get("recordings").at(0).get("flaws");
  EXPECT_THAT(flaws.dump(), testing::HasSubstr("RESP")) << "the case page shows them as well";
  const Json patient = node.read(taken.front().patient);
  EXPECT_EQ(patient.text("gender"), "female");
  EXPECT_EQ(patient.text("identifier.value"), "strip");
}

TEST_F(Arrival, OfSeveralFormatsTogetherIsSeveralRecordings) {
  const std::string table = "# sampling_frequency: 250\n# unit: mV\nI\n";
  std::string rows, others;
  for (int i = 0; i < 1500; ++i) rows += "0\n", others += "1\n";
  const auto taken = care.intake.receive_files({{"a.csv", table + rows}, {"b.csv", table + others}},
                                               from_console(open_case()));
  EXPECT_EQ(taken.size(), 2u);
}

TEST_F(Arrival, OfManyInstancesCountsThem) {
  for (int i = 0; i < 3; ++i) {
    std::string uid = "1.2.7." + std::to_string(i);
    store(engine::film_file("P-1", uid));
  }
  EXPECT_EQ(cases(), 1);
  EXPECT_EQ(node.archive.size(), 3);
}

TEST_F(Arrival, OfWhatSaysSomethingOfAFilmIsNoRecordingOfItsOwn) {
  const Taken film = store(engine::film_file("P-1", "1.2.3.5"));
  const std::string bytes = node.archive.bytes("1.2.3.5");
  const auto facts = node.archive.find("1.2.3.5");
  const std::vector<std::uint8_t> mask(std::size_t(facts->rows) * facts->columns, 1);
  const archive::Segment segment{
      "Lung", {"123037004", "SCT", "Body structure"}, {"39607008", "SCT", "Lung"}, mask};
  const Taken marked = store(archive::compose_segmentation(bytes, {&segment, 1}, {"Reader", "1", "1.2.8"},
                                                           {"1.2.9", "1.2.9.1", 2, "Marked", {}}));
  EXPECT_EQ(marked.case_id, film.case_id);
  const Json shown = page(film.case_id);
  ASSERT_EQ(shown.get("recordings").size(), 1u);
  EXPECT_EQ(shown.text("recordings.instance"), "1.2.3.5");
  EXPECT_EQ(care.worklist.list(kDoctor, {}).text("rows.modality"), "DX");
}

TEST(PatientMatch, ReadsDicomNamesDatesAndSexes) {
  EXPECT_EQ(fhir_date("19570304"), "1957-03-04");
  EXPECT_EQ(fhir_date("1957"), "");
  EXPECT_EQ(fhir_date("1957-3-4"), "");
  EXPECT_EQ(fhir_gender("F"), "female");
  EXPECT_EQ(fhir_gender(""), "unknown");
  const Json names = human_names("Wang^Xiu ying=王^秀英");
  ASSERT_EQ(names.size(), 2u);
  EXPECT_EQ(names.at(0).text("text"), "王秀英");
  EXPECT_EQ(names.at(1).text("text"), "Wang Xiu ying");
  EXPECT_TRUE(human_names("^").empty());
}

// One version of its ImagingStudy, however many come; what is to be done outlives the process.
TEST_F(Arrival, OfManyInstancesRefreshesTheirStudyOnce) {
  vision::GreyImage image{8, 8, std::vector<float>(64, 0.5F), {}};
  archive::FilmFacts film;
  film.patient_id = "P-1";
  film.study_uid = "1.2.9";
  film.taken = now();
  const auto study = [&] { return node.find("ImagingStudy").at(0); };
  for (int series = 1; series <= 2; ++series)
    for (int i = 1; i <= 40; ++i) {
      film.series_uid = "1.2.9." + std::to_string(series);
      film.instance_uid = film.series_uid + "." + std::to_string(i);
      film.instance_number = i;
      store(archive::compose_film(image, film));
    }
  EXPECT_EQ(study().get("numberOfInstances").as_int(), 1);
  EXPECT_EQ(study().text("meta.versionId"), "1");
  EXPECT_EQ(node.queue.waiting(std::string(kStudyTopic)), 1);
  storage::Queue after_restart(*node.database);
  const Context context{*node.database, after_restart, node.ledger, node.record,
                        node.archive,   node.registry, care.events};
  StudyUpdates updates(context);
  EXPECT_TRUE(updates.run_one());
  EXPECT_FALSE(updates.run_one());
  EXPECT_EQ(study().text("meta.versionId"), "2");
  EXPECT_EQ(study().get("numberOfInstances").as_int(), 80);
  EXPECT_EQ(study().get("numberOfSeries").as_int(), 2);
  EXPECT_EQ(study().get("series").at(1).get("numberOfInstances").as_int(), 40);
  EXPECT_EQ(study().get("series").at(1).get("instance").size(), kListedInstances);
  EXPECT_EQ(study().text("subject.reference"), "Patient/p1");
}

}  // namespace
}  // namespace meridian::care
