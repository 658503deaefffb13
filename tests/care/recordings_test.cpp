#include "care/recordings.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/error.h"
#include "engine/node.h"

namespace meridian::care {
namespace {

signal::Recording spikes() {
  signal::Recording recording;
  recording.sampling_frequency = 100;
  signal::Lead lead{"II", std::vector<float>(1000, 0.1F)};
  for (std::size_t i = 53; i < lead.samples.size(); i += 100) lead.samples[i] = 1.5F;
  lead.samples[999] = std::nanf("");
  recording.leads.push_back(std::move(lead));
  return recording;
}

TEST(Samples, AreMicrovoltsOfTheWindow) {
  const Json json = samples_json(spikes(), {0.5, 0.05, 0});
  EXPECT_EQ(json.find("leads")->at(0).find("samples")->dump(), "[100,100,100,1500,100]");
  EXPECT_DOUBLE_EQ(json.find("total")->as_double(), 10);
  EXPECT_DOUBLE_EQ(json.find("samplingFrequency")->as_double(), 100);
}

TEST(Samples, KeepEachPeakWhenFewerAreAsked) {
  const Json json = samples_json(spikes(), {0, 10, 10});
  const Json& samples = *json.find("leads")->at(0).find("samples");
  EXPECT_EQ(samples.size(), 100u);
  int peaks = 0;
  for (const Json& sample : samples.items()) peaks += sample.as_double() == 1500;
  EXPECT_EQ(peaks, 10);
}

TEST(Samples, EndWithTheRecordingAndHaveNoNumbersThatAreNone) {
  const Json json = samples_json(spikes(), {9.98, 60, 0});
  EXPECT_EQ(json.find("leads")->at(0).find("samples")->dump(), "[100,null]");
  EXPECT_EQ(samples_json(spikes(), {20, 1, 0}).find("leads")->at(0).find("samples")->size(), 0u);
}

TEST(Samples, RefuseAWindowThatIsNone) {
  EXPECT_EQ(code_of([] { samples_json(spikes(), {-1, 10, 0}); }), ErrorCode::invalid_value);
  EXPECT_EQ(code_of([] { samples_json(spikes(), {0, 0, 0}); }), ErrorCode::invalid_value);
  EXPECT_EQ(code_of([] { samples_json(spikes(), {0, std::nan(""), 0}); }), ErrorCode::invalid_value);
}

}  // namespace
}  // namespace meridian::care
