#include "assistants/ecg/stream.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "base/error_of.h"
#include "signal/beat_matching.h"
#include "signal/qrs_detector.h"
#include "signal/replay.h"
#include "signal/synthetic_ecg.h"

namespace meridian::assistants::ecg {
namespace {

using testing::Contains;
using testing::IsEmpty;
using testing::Not;

struct Told {
  std::vector<std::int64_t> beats;
  std::string classes;
  std::vector<std::string> alarms;
  double latest = 0;     // s
  std::size_t kept = 0;  // samples, at most
};

// In pieces of so many samples.
Told stream(const signal::Recording& recording, std::size_t size) {
  static const Models models = Models::load();
  std::vector<std::string> names;
  for (const signal::Lead& lead : recording.leads) names.push_back(lead.name);
  EcgStream stream(models, names, recording.sampling_frequency, 0.5);
  Told told;
  std::size_t come = 0;
  signal::replay(recording, size, [&](const std::vector<std::vector<float>>& piece) {
    come += piece.front().size();
    const StreamEvents events = stream.add(piece);
    for (const StreamBeat& beat : events.beats) {
      told.beats.push_back(beat.sample);
      told.classes += beat.aami_class;
      const double at = static_cast<double>(beat.sample) / recording.sampling_frequency;
      const double now = static_cast<double>(come) / recording.sampling_frequency;
      if (at > EcgStream::kLearning) told.latest = std::max(told.latest, now - at);
    }
    told.kept = std::max(told.kept, stream.kept());
    for (const StreamAlarm& alarm : events.alarms) told.alarms.push_back(alarm.kind);
  });
  return told;
}

signal::Recording two_leads(const signal::SyntheticEcg& ecg) {
  signal::Recording recording = signal::make_ecg(ecg);
  recording.leads.resize(2);
  return recording;
}

void hush(signal::Recording& recording, double from, double to, float value) {
  for (signal::Lead& lead : recording.leads)
    std::fill(lead.samples.begin() + std::lround(from * recording.sampling_frequency),
              lead.samples.begin() + std::lround(to * recording.sampling_frequency), value);
}

TEST(EcgStream, FindsTheBeatsThatTheWholeRecordingHas) {
  const signal::Recording recording = two_leads({.seed = 5, .seconds = 120, .noise = 0.03});
  const Told told = stream(recording, 50);
  const auto whole = signal::detect_qrs(recording);
  const auto matches =
      signal::match_beats(whole, told.beats, std::lround(0.05 * recording.sampling_frequency));
  EXPECT_LE(matches.false_negatives, 2u) << "the last beats are not settled";
  EXPECT_EQ(matches.false_positives, 0u);
  EXPECT_LE(told.latest, EcgStream::kLongestDelay + 0.1);
  EXPECT_THAT(told.alarms, IsEmpty());
  EXPECT_THAT(told.classes, Not(Contains('V')));
}

TEST(EcgStream, SaysTheSameWhateverThePieces) {
  const signal::Recording recording = two_leads({.seed = 6, .seconds = 70, .premature_part = 0.1});
  const Told fine = stream(recording, 7), coarse = stream(recording, 9001);
  EXPECT_EQ(fine.beats, coarse.beats);
  EXPECT_EQ(fine.classes, coarse.classes);
}

void add_mains(signal::Recording& recording, double frequency, double millivolts, double from = 0,
               double to = 1e9) {
  for (signal::Lead& lead : recording.leads)
    for (std::size_t i = 0; i < lead.samples.size(); ++i)
      if (const double at = static_cast<double>(i) / recording.sampling_frequency; at >= from && at < to)
        lead.samples[i] +=
            static_cast<float>(millivolts * std::sin(2 * std::numbers::pi * frequency *
                                                     static_cast<double>(i) / recording.sampling_frequency));
}

TEST(EcgStream, FindsTheSameBeatsUnderMainsOfTenTimesTheEcg) {
  for (const double sampling : {250.0, 500.0}) {
    const signal::Recording clean = two_leads(
        {.seed = 5, .seconds = 120, .sampling_frequency = sampling, .premature_part = 0.05, .noise = 0.02});
    const Told truth = stream(clean, 50);
    for (const double frequency : {50.0, 60.0}) {
      signal::Recording disturbed = clean;
      add_mains(disturbed, frequency, 10);
      const Told told = stream(disturbed, 50);
      const auto matches = signal::match_beats(truth.beats, told.beats, std::lround(0.02 * sampling));
      EXPECT_EQ(matches.false_negatives, 0u) << sampling << " " << frequency;
      EXPECT_EQ(matches.false_positives, 0u) << sampling << " " << frequency;
      EXPECT_EQ(told.classes, truth.classes) << sampling << " " << frequency;
      EXPECT_EQ(told.alarms, truth.alarms) << sampling << " " << frequency;
      EXPECT_LE(told.latest, EcgStream::kLongestDelay + 50 / sampling);
    }
  }
}

TEST(EcgStream, FindsTheBeatsOnWhenMainsComeAndGo) {
  const signal::Recording clean = two_leads({.seed = 5, .seconds = 120, .noise = 0.02});
  const Told truth = stream(clean, 50);
  signal::Recording disturbed = clean;
  add_mains(disturbed, 50, 10, 41.3, 71.9);
  const auto matches = signal::match_beats(truth.beats, stream(disturbed, 50).beats, 10);
  EXPECT_LE(matches.false_negatives, 2u) << "where they begin and end";
  EXPECT_LE(matches.false_positives, 2u);
}

TEST(EcgStream, TellsAPauseUnderMains) {
  signal::Recording recording = two_leads({.seed = 7, .seconds = 60});
  hush(recording, 20, 26, 0);
  add_mains(recording, 50, 10);
  EXPECT_THAT(stream(recording, 50).alarms, Contains(name_of(AlarmKind::asystole)).Times(1))
      << "the electrodes hold";
}

TEST(EcgStream, TellsVentricularBeats) {
  const signal::AnnotatedEcg ecg =
      signal::make_annotated_ecg({.seed = 3, .seconds = 120, .premature_part = 0.08});
  const Told told = stream(ecg.recording, 100);
  const auto truth = std::count_if(ecg.beats.begin(), ecg.beats.end(),
                                   [](const signal::SyntheticBeat& beat) { return beat.aami_class == 'V'; });
  EXPECT_NEAR(static_cast<double>(std::count(told.classes.begin(), told.classes.end(), 'V')),
              static_cast<double>(truth), 2);
}

TEST(EcgStream, RaisesAnAlarmOncePerPause) {
  signal::Recording recording = two_leads({.seed = 7, .seconds = 60});
  hush(recording, 20, 26, 0);
  EXPECT_THAT(stream(recording, 50).alarms, testing::ElementsAre(name_of(AlarmKind::no_signal)))
      << "flat lines";
  signal::Recording missing = two_leads({.seed = 7, .seconds = 60});
  hush(missing, 20, 26, std::numeric_limits<float>::quiet_NaN());
  hush(missing, 40, 46, std::numeric_limits<float>::quiet_NaN());
  EXPECT_THAT(stream(missing, 50).alarms,
              testing::ElementsAre(name_of(AlarmKind::no_signal), name_of(AlarmKind::no_signal)))
      << "once each";
}

TEST(EcgStream, FindsBeatsAgainInASignalThatComesWithGaps) {
  signal::Recording recording = two_leads({.seed = 7, .seconds = 60});
  for (signal::Lead& lead : recording.leads)
    for (std::size_t at = 0; at < lead.samples.size(); at += 14)  // 7 % of them
      lead.samples[at] = std::numeric_limits<float>::quiet_NaN();
  hush(recording, 20, 26, std::numeric_limits<float>::quiet_NaN());
  EXPECT_GT(stream(recording, 50).classes.size(), 50u) << "of 60 s with 75 beats a minute";
}

TEST(EcgStream, FindsTheFirstBeatsAfterALossOfTheSignal) {
  signal::Recording recording = two_leads({.seed = 7, .seconds = 60});
  const std::size_t beats = stream(recording, 50).classes.size();
  hush(recording, 20, 27, 0);
  const Told told = stream(recording, 50);
  EXPECT_THAT(told.alarms, testing::ElementsAre(name_of(AlarmKind::no_signal)));
  EXPECT_NEAR(static_cast<double>(told.classes.size()), static_cast<double>(beats) * 53 / 60, 2);
}

TEST(EcgStream, TellsNoSlowHeartAfterASilence) {
  for (const float value : {0.0f, std::numeric_limits<float>::quiet_NaN()})
    for (const auto& [rate, seconds] : {std::pair(75.0, 20.0), std::pair(50.0, 2.6)}) {
      if (value == 0 && seconds < 3) continue;  // a flat line so short may be a pause
      signal::Recording recording = two_leads({.seed = 7, .seconds = 90, .heart_rate = rate});
      hush(recording, 20, 20 + seconds, value);
      EXPECT_THAT(stream(recording, 50).alarms, Not(Contains(name_of(AlarmKind::bradycardia))))
          << value << " for " << seconds << " s";
    }
  signal::Recording slow = two_leads({.seconds = 90, .heart_rate = 32});
  hush(slow, 20, 40, 0);
  EXPECT_THAT(stream(slow, 50).alarms, Contains(name_of(AlarmKind::bradycardia)).Times(1)) << "it is slow";
}

// Ventricular beats, each like the first of a synthetic ECG, at so many seconds.
signal::Recording run_of_ventricular_beats(const std::vector<double>& at) {
  signal::AnnotatedEcg ecg =
      signal::make_annotated_ecg({.seed = 3, .seconds = 60, .premature_part = 0.08, .wander = 0});
  ecg.recording.leads.resize(2);
  const auto first = std::find_if(ecg.beats.begin(), ecg.beats.end(),
                                  [](const signal::SyntheticBeat& beat) { return beat.aami_class == 'V'; });
  const double frequency = ecg.recording.sampling_frequency;
  const auto before = std::lround(0.12 * frequency), after = std::lround(0.27 * frequency);
  for (signal::Lead& lead : ecg.recording.leads) {
    const std::vector<float> shape(lead.samples.begin() + first->sample - before,
                                   lead.samples.begin() + first->sample + after);
    std::fill(lead.samples.begin() + std::lround((at.front() - 0.5) * frequency),
              lead.samples.begin() + std::lround((at.back() + 0.5) * frequency), 0.0f);
    for (const double seconds : at)
      std::copy(shape.begin(), shape.end(), lead.samples.begin() + std::lround(seconds * frequency) - before);
  }
  return ecg.recording;
}

TEST(EcgStream, RaisesAnAlarmOfARunThatBeginsSlowly) {
  const Told told = stream(run_of_ventricular_beats({30, 30.9, 31.3, 31.7, 32.1, 32.5}), 50);
  EXPECT_THAT(told.classes, testing::HasSubstr("VVVVV"));
  EXPECT_THAT(told.alarms, Contains(name_of(AlarmKind::ventricular_run)).Times(1));
  EXPECT_THAT(stream(run_of_ventricular_beats({30, 30.9, 31.8, 32.7}), 50).alarms,
              Not(Contains(name_of(AlarmKind::ventricular_run))))
      << "slow";
}

TEST(EcgStream, RaisesAnAlarmOfTheRate) {
  EXPECT_THAT(stream(two_leads({.seconds = 60, .heart_rate = 170}), 50).alarms,
              Contains(name_of(AlarmKind::tachycardia)).Times(1));
  EXPECT_THAT(stream(two_leads({.seconds = 60, .heart_rate = 32}), 50).alarms,
              Contains(name_of(AlarmKind::bradycardia)).Times(1));
}

TEST(EcgStream, RaisesAnAlarmOfFibrillationOnce) {
  const signal::Recording recording = two_leads({.seed = 9, .seconds = 120, .atrial_fibrillation = true});
  EXPECT_THAT(stream(recording, 500).alarms, Contains(name_of(AlarmKind::fibrillation)).Times(1));
}

TEST(EcgStream, KeepsAMinuteHoweverLongItLasts) {
  const signal::Recording recording = two_leads({.seed = 8, .seconds = 300, .sampling_frequency = 250});
  const Told told = stream(recording, 100);
  EXPECT_LE(told.kept, 250u * 61);
  EXPECT_NEAR(static_cast<double>(told.beats.size()),
              static_cast<double>(signal::detect_qrs(recording).size()), 3);
}

TEST(EcgStream, RefusesWhatDoesNotFit) {
  static const Models models = Models::load();
  EXPECT_EQ(code_of([] { EcgStream(models, {}, 250, 0.5); }), ErrorCode::invalid_value);
  EXPECT_EQ(code_of([] { EcgStream(models, {"II"}, 10, 0.5); }), ErrorCode::invalid_value);
  EXPECT_EQ(code_of([] {
              const std::vector<std::vector<float>> uneven{{1, 2}, {1}};
              EcgStream(models, {"I", "II"}, 250, 0.5).add(uneven);
            }),
            ErrorCode::invalid_value);
}

TEST(EcgStream, TellsPacedBeatsByTheirSpikes) {
  signal::Recording recording =
      two_leads({.seconds = 40, .sampling_frequency = 360, .heart_rate = 60, .paced = true});
  const std::string classes = stream(recording, 36).classes;
  EXPECT_GT(std::count(classes.begin(), classes.end(), 'Q'), 30);
}

}  // namespace
}  // namespace meridian::assistants::ecg
