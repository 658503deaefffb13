#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <random>

#include "assistants/assistants.h"
#include "assistants/ecg/assistant.h"
#include "assistants/ecg/ectopy_findings.h"
#include "assistants/ecg/rate_findings.h"
#include "signal/synthetic_ecg.h"

namespace meridian::assistants::ecg {
namespace {

constexpr const char* kRhythm = "http://loinc.org|8884-9";
constexpr const char* kFibrillation = "http://hl7.org/fhir/sid/icd-10|I48.9";
constexpr const char* kBradycardia = "http://hl7.org/fhir/sid/icd-10|R00.1";
constexpr const char* kTachycardia = "http://hl7.org/fhir/sid/icd-10|R00.0";
constexpr const char* kPause = "urn:meridian:ecg|pause";

engine::Reading read(signal::Recording recording) {
  static const std::unique_ptr<engine::Assistant> assistant = make_assistant();
  engine::Input input;
  input.recording = std::move(recording);
  return assistant->run(input);
}

const engine::Finding* find(const engine::Reading& reading, const std::string& code) {
  for (const engine::Finding& finding : reading.findings)
    if (finding.code.token() == code) return &finding;
  return nullptr;
}

double measurement(const engine::Finding& finding, const std::string& code) {
  for (const engine::Measurement& measurement : finding.measurements)
    if (measurement.code.code == code) return measurement.value;
  ADD_FAILURE() << code << " is not measured";
  return 0;
}

std::string refusal(signal::Recording recording) {
  const engine::Reading reading = read(std::move(recording));
  if (!reading.refused) return "";
  EXPECT_TRUE(reading.findings.empty());
  EXPECT_THAT(reading.refused->text.en, testing::StartsWith("Not analysed, because"));
  EXPECT_FALSE(reading.refused->text.zh.empty());
  return reading.refused->reason;
}

signal::Recording one_lead(std::vector<float> samples, double frequency = 250) {
  return {.sampling_frequency = frequency, .leads = {{"II", std::move(samples)}}};
}

TEST(EcgAssistant, IsAmongAll) {
  const auto assistants = all();
  EXPECT_TRUE(
      std::any_of(assistants.begin(), assistants.end(), [](const auto& a) { return a->card().id == "ecg"; }));
}

TEST(EcgAssistant, ReadsSinusRhythm) {
  const engine::Reading reading = read(signal::make_ecg({.seconds = 30, .heart_rate = 75}));
  ASSERT_FALSE(reading.refused.has_value());
  const engine::Finding* rhythm = find(reading, kRhythm);
  ASSERT_NE(rhythm, nullptr);
  EXPECT_NEAR(measurement(*rhythm, "8867-4"), 75, 3);
  EXPECT_NEAR(measurement(*rhythm, "8637-1"), 800, 40);
  EXPECT_EQ(measurement(*rhythm, "usable"), 100);
  const engine::Finding* fibrillation = find(reading, kFibrillation);
  ASSERT_NE(fibrillation, nullptr);
  EXPECT_FALSE(fibrillation->positive);
  EXPECT_LT(fibrillation->probability.value(), 0.2);
  EXPECT_EQ(fibrillation->urgency, engine::Urgency::none);
  EXPECT_EQ(find(reading, kBradycardia), nullptr);
  EXPECT_EQ(find(reading, kTachycardia), nullptr);
}

TEST(EcgAssistant, NamesItsMeasurementsInBothLanguages) {
  for (const double rate : {40.0, 75.0, 130.0})
    for (const engine::Finding& finding :
         read(signal::make_ecg({.seconds = 30, .heart_rate = rate})).findings)
      for (const engine::Measurement& measurement : finding.measurements) {
        EXPECT_FALSE(measurement.code.display.empty()) << measurement.code.code;
        EXPECT_FALSE(measurement.name_zh.empty()) << measurement.code.code;
      }
}

TEST(EcgAssistant, RepeatsWhatIsDoubtedOfTheRecording) {
  signal::Recording recording = signal::make_ecg({.seconds = 10});
  EXPECT_EQ(find(read(recording), "urn:meridian:ecg|recording-doubts"), nullptr);
  recording.doubts = {"V1: the header gives no gain"};
  const engine::Finding* doubts = find(read(recording), "urn:meridian:ecg|recording-doubts");
  ASSERT_NE(doubts, nullptr);
  EXPECT_THAT(doubts->text.en, testing::HasSubstr("V1: the header gives no gain"));
}

TEST(EcgAssistant, NamesMainsInterference) {
  EXPECT_EQ(find(read(signal::make_ecg({.seconds = 10})), "urn:meridian:ecg|mains-noise"), nullptr);
  const engine::Reading reading = read(signal::make_ecg({.seconds = 10, .mains = 0.1}));
  const engine::Finding* mains = find(reading, "urn:meridian:ecg|mains-noise");
  ASSERT_NE(mains, nullptr);
  EXPECT_NEAR(measurement(*mains, "mains-amplitude"), 0.1, 0.03);
  EXPECT_THAT(mains->text.en, testing::HasSubstr("50 Hz"));
}

TEST(EcgAssistant, MeasuresWhatLiesBelowTheMains) {
  const auto interval = [](const engine::Reading& reading, const char* code) {
    return measurement(*find(reading, "urn:meridian:ecg|intervals"), code);
  };
  const engine::Reading clean = read(signal::make_ecg({.seconds = 10}));
  signal::Recording disturbed = signal::make_ecg({.seconds = 10});
  for (signal::Lead& lead : disturbed.leads)
    for (std::size_t i = 0; i < lead.samples.size(); ++i)
      lead.samples[i] +=
          static_cast<float>(std::sin(2 * std::numbers::pi * 60 * static_cast<double>(i) / 500 + 1));
  const engine::Reading buzzing = read(disturbed);
  for (const char* code : {"8633-0", "8634-8"})
    EXPECT_NEAR(interval(buzzing, code), interval(clean, code), 12) << code;
  for (const engine::Finding& finding : buzzing.findings)
    EXPECT_EQ(finding.urgency, engine::Urgency::none) << finding.text.en;
  EXPECT_THAT(find(buzzing, "urn:meridian:ecg|mains-noise")->text.en, testing::HasSubstr("less certain"));
}

// A heart that beats evenly, of narrow or wide complexes without P waves.
Analysis tachycardia(double rate, double qrs) {
  Analysis analysis;
  analysis.intervals = std::vector<double>(30, 60 / rate);
  analysis.rr = signal::rr_statistics(analysis.intervals);
  analysis.measured.emplace();
  analysis.measured->intervals.qrs = qrs;
  return analysis;
}

TEST(EcgAssistant, NamesRegularTachycardiaWithoutPWaves) {
  const auto codes = [](const Analysis& analysis) {
    std::string all;
    for (const engine::Finding& finding : rate_findings(analysis)) all += finding.code.code + " ";
    return all;
  };
  EXPECT_EQ(codes(tachycardia(180, 0.09)), "R00.0 I47.1 ");
  EXPECT_EQ(codes(tachycardia(130, 0.09)), "R00.0 ");
  EXPECT_EQ(codes(tachycardia(130, 0.14)), "R00.0 wide-complex-tachycardia ");
  EXPECT_EQ(rate_findings(tachycardia(130, 0.14)).back().urgency, engine::Urgency::emergency);
  Analysis with_p = tachycardia(180, 0.09);
  with_p.measured->intervals.pr = 0.12;
  EXPECT_EQ(codes(with_p), "R00.0 ");
  Analysis irregular = tachycardia(180, 0.09);
  for (std::size_t i = 0; i < irregular.intervals.size(); i += 3) irregular.intervals[i] *= 1.3;
  EXPECT_EQ(codes(irregular), "R00.0 ");
  Analysis paced = tachycardia(130, 0.14);
  paced.paced = 20;
  EXPECT_EQ(codes(paced), "R00.0 ");
}

TEST(EcgAssistant, CallsHalfAMinuteOfVentricularTachycardiaAnEmergency) {
  for (const auto& [beats, urgency] :
       {std::pair{20, engine::Urgency::today}, std::pair{80, engine::Urgency::emergency}}) {
    Analysis analysis;
    for (int i = 0; i < beats; ++i) analysis.beats.push_back(100 + 100 * i);
    analysis.classes = std::string(static_cast<std::size_t>(beats), 'V');
    analysis.ectopy = find_ectopy(analysis.classes, analysis.beats, 250);
    const auto findings = ectopy_findings(analysis, 250);
    ASSERT_EQ(findings.size(), 2u);
    EXPECT_EQ(findings[1].code.code, "I47.2");
    EXPECT_EQ(findings[1].urgency, urgency);
    const Json& interval = findings[1].evidence.get("intervals").items().at(0);
    EXPECT_NEAR(interval.get("from").as_double(), 0.4, 0.2);
    EXPECT_NEAR(interval.get("to").as_double(), 0.4 * beats, 0.5);
  }
}

TEST(EcgAssistant, ShowsWhereCoupletsAndBigeminyAre) {
  Analysis analysis;
  analysis.classes = "NNNVVNNNNVNVNVNNN";
  for (std::size_t i = 0; i < analysis.classes.size(); ++i)
    analysis.beats.push_back(static_cast<std::int64_t>(200 * i));
  analysis.ectopy = find_ectopy(analysis.classes, analysis.beats, 250);
  const auto findings = ectopy_findings(analysis, 250);
  ASSERT_EQ(findings.size(), 1u);
  const Json::Array& intervals = findings[0].evidence.get("intervals").items();
  ASSERT_EQ(intervals.size(), 2u);
  EXPECT_NEAR(intervals[0].get("from").as_double(), 2.4, 0.2);
  EXPECT_NEAR(intervals[0].get("to").as_double(), 3.2, 0.4);
  EXPECT_NEAR(intervals[1].get("from").as_double(), 6.4, 0.2);
}

TEST(EcgAssistant, GivesEachBeatAsEvidence) {
  const signal::AnnotatedEcg ecg = signal::make_annotated_ecg({.seconds = 20});
  const engine::Reading reading = read(ecg.recording);
  const Json::Array& beats = find(reading, kRhythm)->evidence.get("beats").items();
  EXPECT_NEAR(static_cast<double>(beats.size()), static_cast<double>(ecg.beats.size()), 1);
  std::int64_t last = -1;
  for (const Json& beat : beats) {
    const std::int64_t sample = beat.get("sample").as_int();
    EXPECT_GT(sample, last);
    EXPECT_NEAR(beat.get("time").as_double(), static_cast<double>(sample) / 500, 1e-3);
    EXPECT_EQ(beat.text("aami_class"), "N");
    last = sample;
  }
  EXPECT_EQ(find(reading, kRhythm)->evidence.get("leads").size(), 12u);
}

TEST(EcgAssistant, ClassifiesVentricularBeatsAndCountsThem) {
  const signal::AnnotatedEcg ecg =
      signal::make_annotated_ecg({.seed = 3, .seconds = 120, .premature_part = 0.08});
  const engine::Reading reading = read(ecg.recording);
  const auto truth = std::count_if(ecg.beats.begin(), ecg.beats.end(),
                                   [](const signal::SyntheticBeat& beat) { return beat.aami_class == 'V'; });
  ASSERT_GT(truth, 5);
  const Json::Array& beats = find(reading, kRhythm)->evidence.get("beats").items();
  const auto said = std::count_if(beats.begin(), beats.end(),
                                  [](const Json& beat) { return beat.text("aami_class") == "V"; });
  EXPECT_NEAR(static_cast<double>(said), static_cast<double>(truth), 2);
  const engine::Finding* extrasystoles = find(reading, "http://hl7.org/fhir/sid/icd-10|I49.3");
  ASSERT_NE(extrasystoles, nullptr);
  EXPECT_EQ(measurement(*extrasystoles, "ventricular-beats"), static_cast<double>(said));
}

TEST(EcgAssistant, FlagsFibrillationAndRaisesTheCase) {
  const engine::Reading reading =
      read(signal::make_ecg({.seconds = 30, .heart_rate = 95, .atrial_fibrillation = true}));
  const engine::Finding* fibrillation = find(reading, kFibrillation);
  ASSERT_NE(fibrillation, nullptr);
  EXPECT_TRUE(fibrillation->positive);
  EXPECT_GE(fibrillation->probability.value(), fibrillation->threshold.value());
  EXPECT_EQ(fibrillation->urgency, engine::Urgency::today);
  EXPECT_EQ(fibrillation->evidence.get("intervals").size(), 1u);
}

TEST(EcgAssistant, FindsAnEpisodeWithinALongRecording) {
  signal::Recording sinus = signal::make_ecg({.seconds = 120});
  const signal::Recording fibrillation = signal::make_ecg({.seconds = 120, .atrial_fibrillation = true});
  for (std::size_t l = 0; l < sinus.leads.size(); ++l) {
    std::vector<float>& samples = sinus.leads[l].samples;
    const std::vector<float>& more = fibrillation.leads[l].samples;
    const std::vector<float> before = samples;
    samples.insert(samples.end(), more.begin(), more.end());
    samples.insert(samples.end(), before.begin(), before.end());
  }
  const engine::Reading reading = read(sinus);
  const engine::Finding* found = find(reading, kFibrillation);
  ASSERT_TRUE(found && found->positive);
  EXPECT_NEAR(measurement(*found, "af-part"), 33, 8);
  const Json::Array& episodes = found->evidence.get("intervals").items();
  ASSERT_EQ(episodes.size(), 1u);
  EXPECT_NEAR(episodes[0].get("from").as_double(), 120, 30);
  EXPECT_NEAR(episodes[0].get("to").as_double(), 240, 30);
}

TEST(EcgAssistant, NamesSlowAndFastHearts) {
  const engine::Reading slow = read(signal::make_ecg({.seconds = 30, .heart_rate = 40}));
  ASSERT_NE(find(slow, kBradycardia), nullptr);
  EXPECT_EQ(find(slow, kBradycardia)->urgency, engine::Urgency::routine);
  const engine::Reading fast = read(signal::make_ecg({.seconds = 30, .heart_rate = 170}));
  ASSERT_NE(find(fast, kTachycardia), nullptr);
  EXPECT_EQ(find(fast, kTachycardia)->urgency, engine::Urgency::emergency);
}

TEST(EcgAssistant, ReportsAPause) {
  signal::Recording ecg = signal::make_ecg({.seconds = 30, .noise = 0.005, .wander = 0});
  for (signal::Lead& lead : ecg.leads) {
    const std::vector<float> after(lead.samples.begin() + 7500, lead.samples.end());
    lead.samples.resize(7500);
    for (int i = 0; i < 2500; ++i) lead.samples.push_back(i % 2 ? 0.01f : -0.01f);
    lead.samples.insert(lead.samples.end(), after.begin(), after.end());
  }
  const engine::Reading reading = read(ecg);
  ASSERT_NE(find(reading, kPause), nullptr);
  EXPECT_NEAR(measurement(*find(reading, kPause), "longest-pause"), 5.4, 1.2);
  EXPECT_EQ(find(reading, kPause)->urgency, engine::Urgency::emergency);
}

TEST(EcgAssistant, RefusesWhatItCannotRead) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(refusal({}), "no-recording");
  EXPECT_EQ(refusal(one_lead({})), "no-recording");
  EXPECT_EQ(refusal(one_lead(std::vector<float>(1000), 0)), "invalid-sampling-frequency");
  EXPECT_EQ(refusal(one_lead(std::vector<float>(1000), std::nan(""))), "invalid-sampling-frequency");
  EXPECT_EQ(refusal(one_lead(std::vector<float>(1000))), "too-short");
  EXPECT_EQ(refusal(one_lead(std::vector<float>(5000))), "no-signal");
  EXPECT_EQ(refusal(one_lead(std::vector<float>(5000, nan))), "no-signal");
  EXPECT_EQ(refusal(one_lead(std::vector<float>(5000, std::numeric_limits<float>::infinity()))), "no-signal");
  signal::Recording uneven = signal::make_ecg({});
  uneven.leads[5].samples.pop_back();
  EXPECT_EQ(refusal(uneven), "uneven-leads");
}

TEST(EcgAssistant, RefusesNoise) {
  std::mt19937 random(1);
  std::normal_distribution<float> normal(0, 1);
  std::vector<float> noise(7500);
  for (float& x : noise) x = normal(random);
  EXPECT_EQ(refusal(one_lead(noise)), "too-noisy");
}

TEST(EcgAssistant, SaysThatNoBeatIsThere) {
  std::vector<float> line(7500);
  for (std::size_t i = 0; i < line.size(); ++i)
    line[i] = 0.05f * static_cast<float>(std::sin(0.01 * static_cast<double>(i)));
  EXPECT_THAT(refusal(one_lead(line)), testing::AnyOf("too-few-beats", "no-signal", "too-noisy"));
}

TEST(EcgAssistant, ReadsFiveSecondsWithoutAssessingFibrillation) {
  const engine::Reading reading = read(signal::make_ecg({.seconds = 5, .heart_rate = 60}));
  EXPECT_FALSE(reading.refused.has_value());
  EXPECT_NE(find(reading, kRhythm), nullptr);
  EXPECT_EQ(find(reading, kFibrillation), nullptr) << "too few beats to tell";
}

TEST(EcgAssistant, ReadsOnWithOneLeadOff) {
  signal::Recording ecg = signal::make_ecg({.seconds = 30});
  std::fill(ecg.leads[1].samples.begin(), ecg.leads[1].samples.end(), 0.0f);
  std::fill(ecg.leads[6].samples.begin(), ecg.leads[6].samples.end(),
            std::numeric_limits<float>::quiet_NaN());
  const engine::Reading reading = read(ecg);
  ASSERT_FALSE(reading.refused.has_value());
  EXPECT_NEAR(measurement(*find(reading, kRhythm), "8867-4"), 70, 3);
  const Json::Array& intervals = find(reading, kRhythm)->evidence.get("intervals").items();
  EXPECT_EQ(intervals.size(), 2u);
}

constexpr const char* kIntervals = "urn:meridian:ecg|intervals";

TEST(EcgAssistant, GivesTheWavesOfEachLead) {
  const engine::Reading reading = read(signal::make_ecg({.seconds = 10, .heart_rate = 65}));
  const engine::Finding* waves = find(reading, kIntervals);
  ASSERT_NE(waves, nullptr);
  EXPECT_NEAR(measurement(*waves, "8625-6"), 160, 50);
  EXPECT_NEAR(measurement(*waves, "8634-8"), 370, 60);
  EXPECT_GT(measurement(*waves, "qtc-fridericia"), measurement(*waves, "8634-8"));
  const Json::Array& delineation = waves->evidence.get("delineation").items();
  for (const char* wave : {"P", "QRS", "T"}) {
    const auto count = std::count_if(delineation.begin(), delineation.end(), [&](const Json& entry) {
      return entry.text("wave") == wave && entry.text("lead") == "V5";
    });
    EXPECT_NEAR(static_cast<double>(count), 11, 1.5) << wave;
  }
  for (const Json& entry : delineation) {
    EXPECT_LE(entry.get("onset").as_int(), entry.get("peak").as_int());
    EXPECT_LE(entry.get("peak").as_int(), entry.get("offset").as_int());
  }
  EXPECT_EQ(waves->evidence.get("lead_measurements").size(), 12u);
}

TEST(EcgAssistant, ClaimsNoPWavesInFibrillation) {
  const engine::Reading reading =
      read(signal::make_ecg({.seconds = 10, .heart_rate = 95, .atrial_fibrillation = true}));
  const engine::Finding* waves = find(reading, kIntervals);
  ASSERT_NE(waves, nullptr);
  for (const engine::Measurement& measurement : waves->measurements)
    EXPECT_NE(measurement.code.code, "8625-6");
  const Json::Array& delineation = waves->evidence.get("delineation").items();
  const auto p = std::count_if(delineation.begin(), delineation.end(),
                               [](const Json& entry) { return entry.text("wave") == "P"; });
  const auto qrs = std::count_if(delineation.begin(), delineation.end(),
                                 [](const Json& entry) { return entry.text("wave") == "QRS"; });
  EXPECT_LT(p, qrs / 4);
}

TEST(EcgAssistant, NamesFlutterAndBlockedConduction) {
  const engine::Reading flutter =
      read(signal::make_ecg({.seconds = 20, .flutter_rate = 300, .flutter_ratio = 4}));
  ASSERT_NE(find(flutter, "urn:meridian:ecg|atrial-flutter"), nullptr);
  EXPECT_NEAR(measurement(*find(flutter, "urn:meridian:ecg|atrial-flutter"), "atrial-rate"), 300, 8);
  const engine::Reading blocked = read(signal::make_ecg(
      {.seconds = 20, .heart_rate = 85, .conduction = signal::SyntheticConduction::complete}));
  const engine::Finding* block = find(blocked, "http://hl7.org/fhir/sid/icd-10|I44.2");
  ASSERT_NE(block, nullptr);
  EXPECT_EQ(block->urgency, engine::Urgency::emergency);
  EXPECT_GT(block->evidence.get("intervals").size(), 3u) << "the P waves that were not conducted";
  const engine::Reading sinus = read(signal::make_ecg({.seconds = 20}));
  for (const char* code : {"urn:meridian:ecg|atrial-flutter", "http://hl7.org/fhir/sid/icd-10|I44.1",
                           "http://hl7.org/fhir/sid/icd-10|I44.2"})
    EXPECT_EQ(find(sinus, code), nullptr) << code;
}

TEST(EcgAssistant, SaysNothingOfStDepressionUnderFlutterWaves) {
  const auto reading_of = [](double flutter_rate) {
    return read(signal::make_ecg({.seconds = 20, .flutter_rate = flutter_rate, .st_shift = -0.3}));
  };
  const engine::Reading flutter = reading_of(300);
  const engine::Finding* waves = find(flutter, "urn:meridian:ecg|atrial-flutter");
  ASSERT_NE(waves, nullptr);
  EXPECT_THAT(waves->text.zh, testing::HasSubstr("相关判断未给出"));
  for (const char* code : {"urn:meridian:ecg|st-depression-anterior", "urn:meridian:ecg|de-winter",
                           "urn:meridian:ecg|t-inversion-inferior", "urn:meridian:ecg|st-left-main"}) {
    EXPECT_EQ(find(flutter, code), nullptr) << code;
    for (const engine::ClassProbability& one : flutter.classes)
      EXPECT_NE("urn:meridian:ecg|" + one.name, code);
  }
  EXPECT_NE(find(reading_of(0), "urn:meridian:ecg|st-depression-anterior"), nullptr) << "it is there";
}

TEST(EcgAssistant, NamesPacedBeatsOfAnyRecording) {
  signal::Recording recording =
      signal::make_ecg({.seconds = 150, .sampling_frequency = 360, .heart_rate = 60, .paced = true});
  recording.leads.resize(2);
  const engine::Reading reading = read(recording);
  ASSERT_NE(find(reading, "http://hl7.org/fhir/sid/icd-10|Z95.0"), nullptr);
  const Json::Array& beats = find(reading, kRhythm)->evidence.get("beats").items();
  const auto paced = std::count_if(beats.begin(), beats.end(),
                                   [](const Json& beat) { return beat.text("aami_class") == "Q"; });
  EXPECT_GT(static_cast<double>(paced), 0.9 * static_cast<double>(beats.size()));
}

TEST(EcgAssistant, FollowsTheStLevelOfALongRecording) {
  signal::Recording recording = signal::make_ecg({.seconds = 900, .sampling_frequency = 250});
  const signal::Recording ischaemic =
      signal::make_ecg({.seconds = 300, .sampling_frequency = 250, .st_shift = 0.3});
  for (std::size_t l = 0; l < recording.leads.size(); ++l)
    recording.leads[l].samples.insert(recording.leads[l].samples.end(), ischaemic.leads[l].samples.begin(),
                                      ischaemic.leads[l].samples.end());
  const engine::Reading reading = read(recording);
  const engine::Finding* trend = find(reading, "urn:meridian:ecg|st-trend");
  ASSERT_NE(trend, nullptr);
  EXPECT_EQ(trend->evidence.get("st_trend").size(), 12u);
  EXPECT_EQ(trend->evidence.get("st_trend.level_mv").size(), 20u);
  const engine::Finding* episodes = find(reading, "urn:meridian:ecg|st-episodes");
  ASSERT_NE(episodes, nullptr);
  bool in_v3 = false;
  for (const Json& episode : episodes->evidence.get("intervals").items())
    if (episode.text("lead") == "V3") in_v3 = std::fabs(episode.get("from").as_double() - 900) < 61;
  EXPECT_TRUE(in_v3);
  EXPECT_EQ(find(read(signal::make_ecg({.seconds = 900, .sampling_frequency = 250})),
                 "urn:meridian:ecg|st-episodes"),
            nullptr);
}

TEST(EcgAssistant, SaysDoubtsInBothLanguages) {
  signal::Recording recording = signal::make_ecg({.seconds = 10});
  recording.doubts = {"V1: its electrode was off"};
  EXPECT_THAT(find(read(recording), "urn:meridian:ecg|recording-doubts")->text.zh,
              testing::HasSubstr("V1：电极脱落"));
}

// What reaches the door wrongly: each gets a refusal, or a flag, or is read on.
TEST(EcgAssistant, WithstandsBadSignals) {
  const auto change = [](auto&& edit) {
    signal::Recording recording = signal::make_ecg({.seconds = 20});
    for (signal::Lead& lead : recording.leads) edit(lead.samples);
    return recording;
  };
  const engine::Reading clipped = read(change([](std::vector<float>& samples) {
    for (float& x : samples) x = std::clamp(20 * x, -3.0f, 3.0f);
  }));
  EXPECT_TRUE(clipped.refused || find(clipped, kRhythm)->evidence.get("intervals").size() > 0u)
      << "saturated leads are flagged";
  const signal::Recording buzzing = signal::make_ecg({.seconds = 20, .mains = 10});
  const engine::Reading mains = read(buzzing);
  EXPECT_TRUE(mains.refused || find(mains, "urn:meridian:ecg|mains-noise")) << "mains of ten times the ECG";
  // The arms' electrodes of a heart that lies flat: I is turned over, aVR shows what aVL had.
  signal::Recording swapped = signal::make_ecg({.seconds = 10});
  swapped.leads[3].samples = swapped.leads[0].samples;
  for (float& x : swapped.leads[0].samples) x = -x;
  EXPECT_NE(find(read(swapped), "urn:meridian:ecg|arm-reversal"), nullptr);
  const engine::Reading gaps = read(change([](std::vector<float>& samples) {
    for (std::size_t i = 1000; i < 2500; ++i) samples[i] = std::numeric_limits<float>::quiet_NaN();
  }));
  EXPECT_FALSE(gaps.refused.has_value()) << "3 s of 20 are missing";
}

TEST(EcgAssistant, ReadsThreeDays) {
  signal::Recording day = signal::make_ecg({.seconds = 3600, .sampling_frequency = 100, .heart_rate = 60});
  day.leads.resize(1);
  const std::vector<float> hour = day.leads[0].samples;
  for (int i = 1; i < 72; ++i)
    day.leads[0].samples.insert(day.leads[0].samples.end(), hour.begin(), hour.end());
  const engine::Reading reading = read(day);
  ASSERT_FALSE(reading.refused.has_value());
  const engine::Finding* course = find(reading, "urn:meridian:ecg|course");
  ASSERT_NE(course, nullptr);
  EXPECT_EQ(course->evidence.get("hours").size(), 72u);
}

TEST(EcgAssistant, LeavesTheWavesOfLongRecordingsOut) {
  EXPECT_EQ(find(read(signal::make_ecg({.seconds = 150})), kIntervals), nullptr);
}

}  // namespace
}  // namespace meridian::assistants::ecg
