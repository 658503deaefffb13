// HL7 aECG, MUSE and Philips.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "archive/recording_makers.h"
#include "archive/waveform/aecg_reader.h"
#include "archive/waveform/muse_reader.h"
#include "archive/waveform/philips_reader.h"
#include "archive/waveform/xli.h"
#include "archive/waveform/xml.h"
#include "base/error_of.h"

namespace meridian::archive {
namespace {

using testing::ElementsAre;
using testing::FloatNear;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pointwise;

TEST(Xml, KnowsADocumentByItsFirstElement) {
  EXPECT_EQ(
      xml_root_name("<?xml version=\"1.0\"?>\n<!-- <a/> --><!DOCTYPE b SYSTEM \"b.dtd\">\n<x:b c=\"1\">"),
      "b");
  EXPECT_EQ(xml_root_name(std::string("\xff\xfe<\0b\0>\0", 8)), "b");
  EXPECT_EQ(xml_root_name("b"), "");
  EXPECT_EQ(xml_root_name("<!-- "), "");
}

TEST(Xml, DeclaresNothingOfItsOwn) {
  const std::string bomb =
      "<!DOCTYPE a [<!ENTITY b \"bb\"><!ENTITY c \"&b;&b;\">]><AnnotatedECG>&c;</AnnotatedECG>";
  EXPECT_EQ(code_of([&] { read_aecg(bomb); }), ErrorCode::invalid_syntax);
  const std::string outside =
      "<!DOCTYPE a [<!ENTITY b SYSTEM \"/etc/hostname\">]><RestingECG>&b;</RestingECG>";
  EXPECT_EQ(code_of([&] { read_muse(outside); }), ErrorCode::invalid_syntax);
  EXPECT_EQ(code_of([] { read_aecg(std::string(100'000, '<')); }), ErrorCode::invalid_syntax);
}

TEST(Aecg, ReadsLeadsWithScaleAndOrigin) {
  const auto recording = read_aecg(make_aecg(aecg_set(
      "20261124081530.5", "0.002", {{"MDC_ECG_LEAD_II", "1 -2\n3"}, {"MDC_ECG_LEAD_AVR", " 0 0 1 "}})));
  EXPECT_EQ(recording.sampling_frequency, 500);
  ASSERT_EQ(recording.leads.size(), 2u);
  EXPECT_EQ(recording.leads[1].name, "aVR");
  EXPECT_THAT(recording.leads[0].samples, Pointwise(FloatNear(1e-6F), {0.105F, 0.09F, 0.115F}));
  EXPECT_EQ(format_instant(recording.start.value()), "2026-11-24T08:15:30.500Z");
  EXPECT_EQ(recording.subject.sex, "female");
  EXPECT_EQ(recording.subject.birth_date, "1953-05-08");
  EXPECT_EQ(recording.subject.id, "S-1");
}

TEST(Aecg, PutsEachSetAtItsTime) {
  const auto recording = read_aecg(
      make_aecg(aecg_set("20261124081530", "0.5", {{"MDC_ECG_LEAD_I", "0 0"}}) +
                aecg_set("20261124081532", "0.5", {{"MDC_ECG_LEAD_I", "20"}, {"MDC_ECG_LEAD_II", "20"}})));
  ASSERT_EQ(recording.length(), 5u);
  EXPECT_FLOAT_EQ(recording.leads[0].samples[4], 0.2F);
  EXPECT_TRUE(std::isnan(recording.leads[0].samples[2]));
  EXPECT_TRUE(std::isnan(recording.leads[1].samples[0]));
}

TEST(Aecg, StartsWithItsFirstSample) {
  const auto recording =
      read_aecg(make_aecg(aecg_set("20261124081530", "0.5", {{"MDC_ECG_LEAD_I", "0 0"}}) +
                          aecg_set("20261124081528", "0.5", {{"MDC_ECG_LEAD_II", "0 0"}})));
  EXPECT_EQ(recording.length(), 6u);
  EXPECT_EQ(format_instant(recording.start.value()), "2026-11-24T08:15:28.000Z");
}

TEST(Aecg, SaysWhatItLeavesOut) {
  const auto recording = read_aecg(
      make_aecg(aecg_set("20261124081530", "0.5", {{"MDC_ECG_LEAD_I", "0"}, {"MDC_PRESS_BLD", "1"}}) +
                aecg_set("20261124081530", "0.1", {{"MDC_ECG_LEAD_II", "0"}}) + "<subjectOf/>"));
  EXPECT_EQ(recording.leads.size(), 1u);
  EXPECT_THAT(recording.unread, ElementsAre(HasSubstr("annotations"), HasSubstr("MDC_PRESS_BLD"),
                                            HasSubstr("another sampling rate")));
}

TEST(Aecg, RefusesWhatItCannotPlace) {
  const auto set = [](const char* head, const char* increment, const char* digits) {
    return make_aecg(aecg_set(head, increment, {{"MDC_ECG_LEAD_I", digits}}));
  };
  EXPECT_EQ(code_of([&] { read_aecg(set("20261124", "0", "1")); }), ErrorCode::invalid_structure);
  EXPECT_EQ(code_of([&] { read_aecg(set("20261124", "nan", "1")); }), ErrorCode::invalid_structure);
  EXPECT_EQ(code_of([&] { read_aecg(set("20261124", "0.002", "1 x")); }), ErrorCode::invalid_structure);
  EXPECT_EQ(code_of([&] { read_aecg(make_aecg("")); }), ErrorCode::invalid_structure);
  const std::string apart = make_aecg(aecg_set("19000101", "0.002", {{"MDC_ECG_LEAD_I", "1"}}) +
                                      aecg_set("20261124", "0.002", {{"MDC_ECG_LEAD_I", "1"}}));
  EXPECT_EQ(code_of([&] { read_aecg(apart); }), ErrorCode::invalid_structure);
}

TEST(Muse, ReadsLeadsAndCalculatesTheFourItDoesNotStore) {
  const auto recording = read_muse(make_muse({{"V1", {50, 0}}, {"I", {100, 0}}, {"II", {300, 0}}}));
  EXPECT_EQ(recording.sampling_frequency, 500);
  std::vector<std::string> names;
  std::vector<float> firsts;
  for (const auto& lead : recording.leads) names.push_back(lead.name), firsts.push_back(lead.samples[0]);
  EXPECT_THAT(names, ElementsAre("I", "II", "III", "aVR", "aVL", "aVF", "V1"));
  EXPECT_THAT(firsts, Pointwise(FloatNear(1e-5F), {0.488F, 1.464F, 0.976F, -0.976F, -0.244F, 1.22F, 0.244F}));
  EXPECT_EQ(recording.subject.id, "M-1");
  EXPECT_EQ(recording.subject.name, "J\xc3\xbcrgens");
  EXPECT_EQ(recording.subject.age_years, 61);
  EXPECT_EQ(recording.subject.birth_date, "1953-05-08");
  EXPECT_EQ(format_instant(recording.start.value()), "2026-11-24T08:15:30.000Z");
}

TEST(Muse, DoubtsALeadThatWasOff) {
  EXPECT_THAT(read_muse(make_muse({{"I", {1, 2}}}, "<LeadOff>TRUE</LeadOff>")).doubts,
              ElementsAre(HasSubstr("electrode was off")));
  EXPECT_EQ(code_of([] { read_muse(make_muse({})); }), ErrorCode::invalid_structure);
  EXPECT_EQ(code_of([] {
              read_muse(make_muse({{"I", {1}}}, "<LeadOffsetFirstSample>1e300</LeadOffsetFirstSample>"));
            }),
            ErrorCode::invalid_structure);
}

// The packed values of a lead: two samples as they are, then second differences, raised by 64.
TEST(Xli, UndoesLzwAndDifferences) {
  // 10, 20, then 2 * 20 - 10 - 0 = 30; then 2 * 30 - 20 - (70 - 64) = 34.
  const auto leads = unpack_xli(make_xli_chunk({10, 20, 70, 64}, 0), 4);
  ASSERT_EQ(leads.size(), 1u);
  EXPECT_THAT(leads[0], ElementsAre(10, 20, 30, 34));
}

TEST(Xli, KnowsTheCodeThatIsDefinedByItself) {
  // Codes 7, 256 (7 7), 7: the bytes 7 7 7 7, which are two samples of 0x0707.
  const std::string chunk("\x04\0\0\0\0\0\0\0\x01\xd0\x00\x1c", 12);
  EXPECT_THAT(unpack_xli(chunk, 4), ElementsAre(ElementsAre(0x0707, 0x0707)));
  EXPECT_EQ(code_of([] { unpack_xli(std::string("\x02\0\0\0\0\0\0\0\x7f\xff", 10), 4); }),
            ErrorCode::corrupted);
  EXPECT_EQ(code_of([] { unpack_xli(std::string("\x09\0\0\0\0\0\0\0\x01", 9), 4); }), ErrorCode::corrupted);
  EXPECT_EQ(code_of([] { unpack_xli(make_xli_chunk(Values(50, 0), 0), 4); }), ErrorCode::too_large);
}

TEST(Philips, ReadsNamedLeads) {
  const auto recording = read_philips(make_philips({{2, 4}, {6, 8}}, 2, "MLII V9"));
  ASSERT_EQ(recording.leads.size(), 2u);
  EXPECT_EQ(recording.leads[0].name, "MLII");
  EXPECT_THAT(recording.leads[1].samples, Pointwise(FloatNear(1e-6F), {0.03F, 0.04F}));
  EXPECT_EQ(recording.subject.sex, "female");
  EXPECT_EQ(recording.subject.age_years, 50);
  EXPECT_EQ(format_instant(recording.start.value()), "2026-11-24T08:15:30.000Z");
}

TEST(Philips, RestoresTheLimbLeads) {
  std::vector<Values> leads(12, {0, 0});
  leads[0] = {20, 20};
  leads[1] = {60, 60};
  const auto recording = read_philips(make_philips(leads, 2));
  std::vector<float> firsts;
  for (std::size_t i = 0; i < 6; ++i) firsts.push_back(recording.leads[i].samples[0]);
  EXPECT_THAT(firsts, Pointwise(FloatNear(1e-6F), {0.1F, 0.3F, 0.2F, -0.2F, -0.05F, 0.25F}));
}

// What a file stores for samples that begin with three zeros.
Values stored_for(const Values& samples) {
  Values stored{0, 0};
  for (std::size_t i = 2; i + 1 < samples.size(); ++i)
    stored.push_back(2 * samples[i] - samples[i - 1] - samples[i + 1] + 64);
  stored.push_back(64);
  return stored;
}

TEST(Philips, LeavesTheCalibrationPulseOut) {
  std::vector<Values> leads;
  for (int lead = 1; lead <= 6; ++lead) {
    Values samples{0, 0, 0, 5 * lead, -lead, 7 * lead};
    samples.insert(samples.end(), 5, 0);
    samples.insert(samples.end(), 30, 200);
    samples.insert(samples.end(), 5, 0);
    leads.push_back(stored_for(samples));
  }
  const auto recording = read_philips(make_philips(leads, 46, "V1 V2 V3 V4 V5 V6"));
  EXPECT_THAT(recording.leads[1].samples, Pointwise(FloatNear(1e-6F), {0.F, 0.F, 0.F, 0.05F, -0.01F, 0.07F}));
  EXPECT_THAT(recording.unread, ElementsAre("calibration pulse"));
}

TEST(Philips, LeavesOutLeadsBehindThoseItNames) {
  const std::vector<Values> leads(8, {20, 20});
  const auto recording = read_philips(make_philips(leads, 2, "I II III"));
  EXPECT_EQ(recording.leads.size(), 3u);
  EXPECT_THAT(recording.unread, ElementsAre("5 leads without a name"));
}

TEST(Philips, RefusesMoreSamplesThanAreRead) {
  EXPECT_EQ(code_of([] {
              read_philips(make_philips({{1, 2}}, 100'000'000, "I II III"));
            }),
            ErrorCode::too_large);
  EXPECT_EQ(code_of([] {
              unpack_xli(make_xli_chunk({1, 2}, 0) + make_xli_chunk({1, 2}, 0), 200'000'000);
            }),
            ErrorCode::too_large);
}

TEST(Philips, RefusesLeadsThatAreNotAsAnnounced) {
  EXPECT_EQ(code_of([] { read_philips(make_philips({{1, 2}}, 3, "I")); }), ErrorCode::corrupted);
  EXPECT_EQ(code_of([] { read_philips(make_philips({{1, 2}}, 2, "I II")); }), ErrorCode::corrupted);
  EXPECT_EQ(code_of([] { read_philips("<restingecgdata/>"); }), ErrorCode::invalid_structure);
}

}  // namespace
}  // namespace meridian::archive
