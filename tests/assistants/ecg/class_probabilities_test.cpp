#include "assistants/ecg/class_probabilities.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "assistants/ecg/assistant.h"
#include "signal/synthetic_ecg.h"

namespace meridian::assistants::ecg {
namespace {

engine::Reading read(signal::Recording recording) {
  static const std::unique_ptr<engine::Assistant> assistant = make_assistant();
  engine::Input input;
  input.recording = std::move(recording);
  return assistant->run(input);
}

const engine::ClassProbability* find(const engine::Reading& reading, const std::string& name) {
  const auto found = std::find_if(reading.classes.begin(), reading.classes.end(),
                                  [&](const engine::ClassProbability& one) { return one.name == name; });
  return found == reading.classes.end() ? nullptr : &*found;
}

TEST(ClassProbabilities, AreGivenOfWhatIsNotSaidToo) {
  const engine::Reading reading = read(signal::make_ecg({.seconds = 10}));
  for (const char* name : {"lbbb", "atrial-flutter", "R00.1", "I49.3", "q-inferior", "rhythm-normal",
                           "diagnostic-infarction", "I48.9"}) {
    ASSERT_NE(find(reading, name), nullptr) << name;
    EXPECT_GE(find(reading, name)->probability, 0);
    EXPECT_LE(find(reading, name)->probability, 1);
    EXPECT_FALSE(find(reading, name)->text.en.empty() || find(reading, name)->text.zh.empty()) << name;
  }
}

TEST(ClassProbabilities, AreHigherOfWhatIsSaid) {
  const engine::Reading slow = read(signal::make_ecg({.seconds = 10, .heart_rate = 40}));
  const engine::Reading usual = read(signal::make_ecg({.seconds = 10}));
  EXPECT_GT(find(slow, "R00.1")->probability, find(usual, "R00.1")->probability + 0.1);
}

TEST(ClassProbabilities, LeaveOutWhatCouldNotBeJudged) {
  signal::Recording recording = signal::make_ecg({.seconds = 10});
  for (signal::Lead& lead : recording.leads)
    if (lead.name == "V2") std::fill(lead.samples.begin(), lead.samples.end(), 0.0f);
  const engine::Reading reading = read(recording);
  EXPECT_EQ(find(reading, "st-elevation-anterior"), nullptr);
  EXPECT_EQ(find(reading, "diagnostic-infarction"), nullptr) << "which rests on all leads";
  EXPECT_NE(find(reading, "st-elevation-inferior"), nullptr);
  recording.leads.resize(1);
  EXPECT_TRUE(read(recording).classes.empty()) << "of one lead";
  EXPECT_TRUE(read(signal::make_ecg({.seconds = 10, .paced = true})).classes.empty());
}

}  // namespace
}  // namespace meridian::assistants::ecg
