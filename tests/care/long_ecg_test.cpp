#include "care/print/long_ecg.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace meridian::care {
namespace {

using ::testing::HasSubstr;

// Beats of a rate from one second to another, one after the other.
void add_beats(double from, double to, double rate, Json& beats) {
  for (double at = from; at < to; at += 60 / rate)
    beats.push_back(Json::object({{"sample", std::int64_t{0}}, {"time", at}, {"aami_class", "N"}}));
}

LongEcg of_evidence(const std::string& code, const Json& evidence, bool is_signed = false) {
  LongEcg course;
  add_evidence(code, evidence, is_signed, course);
  return course;
}

TEST(LongEcg, HasTheHoursThatTheEvidenceTells) {
  const LongEcg course = of_evidence("urn:meridian:ecg|course", Json::parse(R"({"hours": [
      {"from": 0, "mean_rate": 70.5, "lowest_rate": 50, "highest_rate": 120, "beats": 4230, "ventricular": 3,
       "supraventricular": 2, "pauses": 1, "fibrillation_seconds": 60, "qtc_ms": 410},
      {"from": 3600, "mean_rate": 0, "beats": 0, "qtc_ms": null}]})"));
  ASSERT_EQ(course.hours.size(), 2u);
  EXPECT_EQ(course.hours[0].mean_rate, 70.5);
  EXPECT_EQ(course.hours[0].beats, 4230);
  EXPECT_EQ(course.hours[0].supraventricular, 2);
  EXPECT_EQ(course.hours[0].fibrillation, 60);
  EXPECT_EQ(course.hours[0].qtc, 410);
  EXPECT_EQ(course.hours[1].from, 3600);
  EXPECT_FALSE(course.hours[1].qtc);
}

TEST(LongEcg, ShowsTheFastestAndTheSlowestMinute) {
  Json beats = Json::array();
  add_beats(0, 120, 70, beats);
  add_beats(120, 180, 143, beats);
  add_beats(180, 240, 70, beats);
  add_beats(240, 260, 300, beats);  // then nothing: no minute
  add_beats(300, 360, 41, beats);
  beats.push_back(Json::object({{"sample", std::int64_t{7}}}));  // without a time
  const LongEcg course = of_evidence("rhythm", Json::object({{"beats", beats}}), true);
  ASSERT_EQ(course.stretches.size(), 2u);
  EXPECT_THAT(course.stretches[0].title.en, HasSubstr("143/min"));
  EXPECT_THAT(course.stretches[0].title.zh, HasSubstr("143次/分"));
  EXPECT_EQ(course.stretches[0].from, 120);
  EXPECT_EQ(course.stretches[0].shown_from, 145);
  EXPECT_TRUE(course.stretches[0].is_signed);
  EXPECT_THAT(course.stretches[1].title.en, HasSubstr("41/min"));
  EXPECT_EQ(course.stretches[1].from, 300);
}

TEST(LongEcg, ShowsTheLongestOfEachKind) {
  const Json intervals = Json::parse(R"({"intervals": [{"from": 10, "to": 12}, {"from": 50, "to": 54},
                                                       {"from": 80, "to": 81}]})");
  const LongEcg run = of_evidence("http://hl7.org/fhir/sid/icd-10|I47.2", intervals);
  ASSERT_EQ(run.stretches.size(), 1u);
  EXPECT_THAT(run.stretches[0].title.en, HasSubstr("ventricular"));
  EXPECT_EQ(run.stretches[0].from, 50);
  EXPECT_EQ(run.stretches[0].shown_from, 49);
  const LongEcg pause = of_evidence("urn:meridian:ecg|pause", intervals);
  ASSERT_EQ(pause.stretches.size(), 1u);
  EXPECT_EQ(pause.stretches[0].shown_from, 47) << "in the middle";
  EXPECT_EQ(of_evidence("urn:meridian:ecg|pause", Json::parse(R"({"intervals": [{"from": 0.5, "to": 4}]})"))
                .stretches[0]
                .shown_from,
            0);
  EXPECT_TRUE(of_evidence("http://hl7.org/fhir/sid/icd-10|I49.3", intervals).stretches.empty());
}

TEST(LongEcg, IsEmptyWithoutEvidence) {
  for (const char* evidence : {"null", "{}", R"({"hours": 7, "beats": null, "intervals": []})"}) {
    const LongEcg course = of_evidence("http://hl7.org/fhir/sid/icd-10|I47.2", Json::parse(evidence));
    EXPECT_TRUE(course.hours.empty() && course.stretches.empty()) << evidence;
  }
}

}  // namespace
}  // namespace meridian::care
