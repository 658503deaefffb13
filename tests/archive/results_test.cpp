// The objects that results are kept as, read back and judged by dciodvfy (Debian's dicom3tools).
#include <gmock/gmock.h>

#include <cstdlib>
#include <cstring>

#include "archive/archive_fixture.h"
#include "archive/dataset.h"
#include "archive/dciodvfy.h"
#include "archive/parse.h"
#include "archive/part10.h"
#include "archive/results/ecg_report.h"
#include "archive/results/key_objects.h"
#include "archive/results/measurement_report.h"
#include "archive/results/parametric_map.h"
#include "archive/results/segmentation.h"
#include "archive/waveform/dicom_ecg_writer.h"
#include "base/file.h"

namespace meridian::archive {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const Algorithm kAlgorithm{"Chest film reader", "1.2.0", "2.25.77"};
const Code kStructure{"123037004", "SCT", "Anatomical Structure"}, kRightLung{"3341006", "SCT", "Right lung"},
    kLeftLung{"44029006", "SCT", "Left lung"};

class ResultsTest : public ArchiveTest {
 protected:
  ResultsTest() : film_(film_facts()), image_(compose_film(ramp(64, 48), film_)) {}

  static ResultIdentity identity(int number) {
    return {new_dicom_uid(), new_dicom_uid(), number, "Reading", parse_instance_time()};
  }
  static Instant parse_instance_time() { return parse_instant("2026-11-24T09:00:00Z"); }

  std::string segmentation() const {
    std::vector<std::uint8_t> right(64 * 48), left(64 * 48);
    for (std::size_t i = 0; i < right.size(); ++i) {
      right[i] = i % 64 < 20;
      left[i] = i % 64 > 15 && i / 64 < 10;  // the two overlap
    }
    const std::vector<Segment> segments{{"right lung", kStructure, kRightLung, right},
                                        {"left lung", kStructure, kLeftLung, left}};
    return compose_segmentation(image_, segments, kAlgorithm, identity(901));
  }

  static std::vector<ReportedFinding> findings(int segment) {
    ReportedFinding positive{.code = {"A16.2", "I10",
                                      "Tuberculosis of lung, without mention of bacteriological or "
                                      "histological confirmation"},
                             .sentence = "Signs suggesting pulmonary tuberculosis.",
                             .probability = 0.8125,
                             .values = {},
                             .segment = segment};
    positive.values.push_back({{"246205007", "SCT", "Quantity"}, 12.5, {"mm", "UCUM", "millimeter"}});
    ReportedFinding negative{.code = {"60046008", "SCT", "Pleural effusion"},
                             .present = false,
                             .sentence = "No effusion.",
                             .probability = {},
                             .values = {}};
    return {positive, negative};
  }

  std::string dump(const std::string& file) const {
    const auto path = folder_ / "dumped.dcm", said = folder_ / "dump.txt";
    write_file(path, file);
    EXPECT_EQ(std::system(("dsrdump +Pc +Pn " + path.string() + " > " + said.string() + " 2>&1").c_str()), 0);
    return read_file(said);
  }

  FilmFacts film_;
  std::string image_;
};

TEST_F(ResultsTest, KeepsOverlappingSegments) {
  const std::string file = segmentation();
  EXPECT_EQ(dicom_errors(file), "");
  const Parsed parsed = parse_instance(file);
  EXPECT_EQ(parsed.facts.sop_class, "1.2.840.10008.5.1.4.1.1.66.4");
  EXPECT_EQ(parsed.facts.key.study, film_.study_uid);
  EXPECT_EQ(parsed.facts.patient_name, film_.patient_name);
  EXPECT_EQ(parsed.facts.frames, 2);
  EXPECT_THAT(parsed.flaws, ::testing::IsEmpty());
  store(file);
  const std::string second = archive_->frame(parsed.facts.key.instance, 2, true).bytes;
  const auto bit = [&](std::size_t i) { return second[i / 8] >> (i % 8) & 1; };
  EXPECT_EQ(bit(15), 0);
  EXPECT_EQ(bit(16), 1);
  EXPECT_EQ(bit(9 * 64 + 63), 1);
  EXPECT_EQ(bit(10 * 64 + 63), 0);
}

// As versions before the plane was written made it.
std::string without_plane(const std::string& file) {
  const FileMeta meta = read_file_meta(file);
  const auto dataset = load_dataset(std::string_view(file).substr(meta.dataset_offset), *meta.syntax);
  DcmItem* shared = nullptr;
  EXPECT_TRUE(dataset->findAndGetSequenceItem(DCM_SharedFunctionalGroupsSequence, shared, 0).good());
  for (const DcmTagKey& tag : {DCM_PlaneOrientationSequence, DCM_PixelMeasuresSequence})
    delete shared->remove(tag);
  return write_part10(*dataset);
}

TEST_F(ResultsTest, GivesOutOldSegmentationsWithTheirPlane) {
  const std::string made = segmentation(), old = without_plane(made);
  const std::string uid = parse_instance(old).facts.key.instance;
  store(old);
  const Json shared = archive_->metadata(uid, "").get("52009229.Value").at(0);
  EXPECT_EQ(shared.get("00209116.Value").at(0).get("00200037.Value").dump(), "[1,0,0,0,1,0]");
  EXPECT_TRUE(shared.contains("00289110"));
  const std::string served = archive_->bytes(uid);
  EXPECT_EQ(dicom_errors(served), "");
  EXPECT_EQ(parse_instance(served).facts.key.instance, uid);
  EXPECT_EQ(archive_->frame(uid, 2, true).bytes.size(), 64u * 48 / 8);
}

TEST_F(ResultsTest, LeavesOtherSegmentationsAsTheyAre) {
  const std::string made = segmentation();
  store(made);
  EXPECT_EQ(archive_->bytes(parse_instance(made).facts.key.instance), made);
}

TEST_F(ResultsTest, MapsHeatAsNumbers) {
  vision::GreyImage heat{16, 12, std::vector<float>(16 * 12), {}};
  for (std::size_t i = 0; i < heat.pixels.size(); ++i) heat.pixels[i] = static_cast<float>(i) / 192;
  const MappedQuantity quantity{{"A16.2", "I10", "Tuberculosis of lung"},
                                {"1", "UCUM", "no units"},
                                "Speaks for: Tuberculosis of lung"};
  const std::string file = compose_parametric_map(image_, heat, quantity, kAlgorithm, identity(904));
  EXPECT_EQ(dicom_errors(file), "");
  const Parsed parsed = parse_instance(file);
  EXPECT_THAT(parsed.flaws, ::testing::IsEmpty());
  EXPECT_EQ(parsed.facts.sop_class, "1.2.840.10008.5.1.4.1.1.30");
  EXPECT_EQ(parsed.facts.key.study, film_.study_uid);
  EXPECT_EQ(parsed.facts.patient_name, film_.patient_name);
  store(file);
  const std::string samples = archive_->frame(parsed.facts.key.instance, 1, true).bytes;
  float last = 0;
  std::memcpy(&last, samples.data() + samples.size() - sizeof last, sizeof last);
  EXPECT_FLOAT_EQ(last, 191.0f / 192);
  const Json shared = archive_->metadata(parsed.facts.key.instance, "").get("52009229.Value").at(0);
  EXPECT_DOUBLE_EQ(shared.get("00289110.Value").at(0).get("00280030.Value").at(1).as_double(), 0.2 * 64 / 16);
  for (const vision::GreyImage& wrong :
       {vision::GreyImage{}, vision::GreyImage{16, 12, std::vector<float>(5), {}}})
    EXPECT_EQ(code_of([&] { compose_parametric_map(image_, wrong, quantity, kAlgorithm, identity(904)); }),
              ErrorCode::invalid_value);
}

TEST_F(ResultsTest, RefusesASegmentOfAnotherSize) {
  const std::vector<Segment> segments{{"lung", kStructure, kRightLung, std::vector<std::uint8_t>(7)}};
  EXPECT_EQ(code_of([&] { compose_segmentation(image_, segments, kAlgorithm, identity(901)); }),
            ErrorCode::invalid_value);
  EXPECT_EQ(code_of([&] { compose_segmentation(image_, {}, kAlgorithm, identity(901)); }),
            ErrorCode::invalid_value);
}

TEST_F(ResultsTest, ReportsFindingsUnverified) {
  const std::string seg = segmentation();
  const auto found = findings(1);
  const std::string file = compose_measurement_report({image_, seg, found, kAlgorithm, identity(902), {}});
  EXPECT_EQ(dicom_errors(file), "");
  const Parsed parsed = parse_instance(file);
  EXPECT_EQ(parsed.facts.sop_class, "1.2.840.10008.5.1.4.1.1.88.34");
  EXPECT_EQ(parsed.facts.modality, "SR");
  EXPECT_EQ(parsed.facts.patient_name, film_.patient_name);
  store(file);
  const Json metadata = archive_->metadata(parsed.facts.key.instance, "");
  EXPECT_EQ(metadata.get("0040A491.Value").dump(), R"(["PARTIAL"])");
  EXPECT_EQ(metadata.get("0040A493.Value").dump(), R"(["UNVERIFIED"])");
  EXPECT_EQ(metadata.get("0040A496.Value").dump(), R"(["PRELIMINARY"])");
  const std::string text = dump(file);
  for (const char* expected : {"A16.2", "81.25", "Certainty of Finding", "12.5", "Present", "Absent",
                               "Chest film reader", "1.2.0", "(SG image,,1)", "No effusion."})
    EXPECT_THAT(text, HasSubstr(expected));
}

TEST_F(ResultsTest, ReportsWithoutASegmentation) {
  const auto found = findings(0);
  EXPECT_EQ(dicom_errors(compose_measurement_report({image_, {}, found, kAlgorithm, identity(902), {}})), "");
  EXPECT_EQ(code_of([&] {
              compose_measurement_report({image_, {}, {}, kAlgorithm, identity(902), {}});
            }),
            ErrorCode::invalid_value);
}

TEST_F(ResultsTest, SaysWhoVerifiedAReport) {
  const auto found = findings(0);
  const ResultIdentity first = identity(902);
  ResultIdentity second = first;
  second.instance_uid = new_dicom_uid();
  const std::string file = compose_measurement_report(
      {image_,
       {},
       found,
       kAlgorithm,
       second,
       Verification{"Chen^Jing=陈^静", "County Hospital", parse_instance_time(), first.instance_uid}});
  EXPECT_EQ(dicom_errors(file), "");
  store(file);
  const Json metadata = archive_->metadata(second.instance_uid, "");
  EXPECT_EQ(metadata.get("0040A491.Value").dump(), R"(["COMPLETE"])");
  EXPECT_EQ(metadata.get("0040A493.Value").dump(), R"(["VERIFIED"])");
  EXPECT_EQ(metadata.get("0040A496.Value").dump(), R"(["FINAL"])");
  EXPECT_THAT(metadata.get("0040A073").dump(), HasSubstr("陈^静"));
  EXPECT_THAT(metadata.get("0040A360").dump(), HasSubstr(first.instance_uid));
}

class EcgReportTest : public ResultsTest {
 protected:
  static std::string recording() {
    signal::Recording recording;
    recording.sampling_frequency = 500;
    recording.leads = {{"I", std::vector<float>(5000)}, {"II", std::vector<float>(5000)}};
    EcgFacts facts;
    facts.patient_id = "P-1";
    facts.patient_name = "Wang^Jianguo=王^建国";
    facts.study_instance_uid = "1.2.3";
    facts.series_instance_uid = "1.2.3.4";
    facts.sop_instance_uid = "1.2.3.4.5";
    facts.recorded = parse_instant("2026-11-24T08:30:00Z");
    return compose_ecg(recording, facts);
  }
  static std::vector<ReportedFinding> statements() {
    ReportedFinding rhythm{.code = {"8884-9", "LN", "Heart rate rhythm"},
                           .sentence = "Mean heart rate 72/min.",
                           .probability = {},
                           .values = {{{"8867-4", "LN", "Heart rate"}, 72, {"/min", "UCUM", "/min"}},
                                      {{"8637-1", "LN", "R-R interval by EKG"}, 833, {"ms", "UCUM", "ms"}},
                                      {{"pnn50", "99MERIDIAN", "pNN50"}, 1.5, {"%", "UCUM", "%"}}}};
    ReportedFinding waves{.code = {"intervals", "99MERIDIAN", "ECG intervals"},
                          .sentence = "PR 160 ms.",
                          .probability = {},
                          .values = {{{"8625-6", "LN", "P-R Interval"}, 160, {"ms", "UCUM", "ms"}},
                                     {{"8632-2", "LN", "QRS axis"}, 45, {"deg", "UCUM", "deg"}}}};
    ReportedFinding fibrillation{.code = {"I48.9", "I10", "Atrial fibrillation"},
                                 .sentence = "Atrial fibrillation.",
                                 .probability = 0.9375,
                                 .values = {}};
    ReportedFinding infarction{.code = {"I21.9", "I10", "Acute myocardial infarction"},
                               .present = false,
                               .sentence = "No infarction was seen.",
                               .probability = 0.01,
                               .values = {}};
    return {rhythm, waves, fibrillation, infarction};
  }
};

TEST_F(EcgReportTest, LeavesASecondRateAndOtherUnitsWithTheirFinding) {
  auto found = statements();
  found[2].values = {{{"8867-4", "LN", "Heart rate"}, 141, {"/min", "UCUM", "/min"}},
                     {{"8634-8", "LN", "Q-T interval"}, 0.375, {"s", "UCUM", "s"}}};
  const std::string file = compose_ecg_report({recording(), found, kAlgorithm, identity(904), {}});
  EXPECT_EQ(dicom_errors(file), "");
  const std::string text = dump(file);
  EXPECT_THAT(text, ::testing::HasSubstr("141"));
  EXPECT_THAT(text, ::testing::HasSubstr("Q-T interval"));
  EXPECT_THAT(text, ::testing::Not(::testing::HasSubstr("QT interval global"))) << "0.375 s are no ms";
}

TEST_F(EcgReportTest, TellsWhatWasFoundAndMeasured) {
  const auto found = statements();
  const std::string file = compose_ecg_report({recording(), found, kAlgorithm, identity(902), {}});
  EXPECT_EQ(dicom_errors(file), "");
  const Parsed parsed = parse_instance(file);
  EXPECT_THAT(parsed.flaws, ::testing::IsEmpty());
  EXPECT_EQ(parsed.facts.sop_class, "1.2.840.10008.5.1.4.1.1.88.34");
  EXPECT_EQ(parsed.facts.modality, "SR");
  EXPECT_EQ(parsed.facts.key.study, "1.2.3");
  EXPECT_EQ(parsed.facts.patient_name, "Wang^Jianguo=王^建国");
  const std::string text = dump(file);
  for (const char* expected :
       {"ECG Report", "2:16016,MDC", "\"72\"", "{H.B.}/min", "2:16168,MDC", "\"833\"", "2:15872,MDC",
        "\"160\"", "2:16132,MDC", "I48.9", "93.75", "Certainty of Finding", "pnn50",
        "GeneralECGWaveformStorage", "Chest film reader", "No infarction was seen."})
    EXPECT_THAT(text, HasSubstr(expected));
  EXPECT_THAT(text, Not(HasSubstr("I21.9")));  // nobody is to take it for a diagnosis
  store(file);
  const Json metadata = archive_->metadata(parsed.facts.key.instance, "");
  EXPECT_EQ(metadata.get("0040A493.Value").dump(), R"(["UNVERIFIED"])");
  EXPECT_THAT(metadata.get("0040A375").dump(), HasSubstr("1.2.3.4.5"));
}

TEST_F(EcgReportTest, NeedsNoMeasurement) {
  const std::vector<ReportedFinding> found{statements().back()};
  const std::string file = compose_ecg_report({recording(), found, kAlgorithm, identity(902), {}});
  EXPECT_EQ(dicom_errors(file), "");
  EXPECT_THAT(dump(file), Not(HasSubstr("Global Measurements")));
  EXPECT_EQ(code_of([&] {
              compose_ecg_report({recording(), {}, kAlgorithm, identity(902), {}});
            }),
            ErrorCode::invalid_value);
  EXPECT_NE(code_of([&] {
              compose_ecg_report({"no DICOM", found, kAlgorithm, identity(902), {}});
            }),
            ErrorCode::internal);
}

TEST_F(EcgReportTest, SaysWhoVerifiedIt) {
  const auto found = statements();
  const ResultIdentity first = identity(902);
  ResultIdentity second = first;
  second.instance_uid = new_dicom_uid();
  const std::string file = compose_ecg_report(
      {recording(), found, kAlgorithm, second,
       Verification{"Chen^Jing=陈^静", "County Hospital", parse_instance_time(), first.instance_uid}});
  EXPECT_EQ(dicom_errors(file), "");
  store(file);
  const Json metadata = archive_->metadata(second.instance_uid, "");
  EXPECT_EQ(metadata.get("0040A493.Value").dump(), R"(["VERIFIED"])");
  EXPECT_THAT(metadata.get("0040A360").dump(), HasSubstr(first.instance_uid));
}

TEST_F(ResultsTest, SelectsKeyObjects) {
  const std::string seg = segmentation();
  const std::vector<std::string_view> files{image_, seg};
  const std::string file = compose_key_objects(files, "Signs of tuberculosis", kAlgorithm, identity(903));
  EXPECT_EQ(dicom_errors(file), "");
  const Parsed parsed = parse_instance(file);
  EXPECT_EQ(parsed.facts.sop_class, "1.2.840.10008.5.1.4.1.1.88.59");
  EXPECT_EQ(parsed.facts.modality, "KO");
  EXPECT_THAT(dump(file), HasSubstr("Of Interest"));
  EXPECT_EQ(code_of([&] { compose_key_objects({}, "", kAlgorithm, identity(903)); }),
            ErrorCode::invalid_value);
}

}  // namespace
}  // namespace meridian::archive
