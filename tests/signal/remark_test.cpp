#include "signal/remark.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace meridian::signal {
namespace {

std::string value(const Remark& remark, const std::string& name) {
  for (const auto& [key, text] : remark.values)
    if (key == name) return text;
  return "(none)";
}

TEST(Remark, IsToldAgainByItsText) {
  const std::string text = remark("gain-assumed", {{"lead", "V1"}, {"gain", "200"}});
  EXPECT_EQ(text, "V1: the header gives no gain; 200 per millivolt is assumed");
  const Remark told = remark_of(text);
  EXPECT_EQ(told.code, "gain-assumed");
  EXPECT_EQ(value(told, "lead"), "V1");
  EXPECT_EQ(value(told, "gain"), "200");
  EXPECT_EQ(told.en, text);
  EXPECT_EQ(told.zh, "V1：文件未给出增益，按每毫伏200计");
}

TEST(Remark, WithinAnotherIsTranslatedToo) {
  const Remark told =
      remark_of(remark("not-read", {{"part", remark("not-an-ecg-lead", {{"lead", "RESP"}})}}));
  EXPECT_EQ(told.code, "not-read");
  EXPECT_EQ(value(told, "part"), "RESP: not an ECG lead");
  EXPECT_EQ(told.zh, "未读取：RESP（不是心电导联）");
}

TEST(Remark, ThatWasStoredBeforeItHadACodeStaysReadable) {
  EXPECT_EQ(remark_of("it holds 3 records and announces 5: it was cut short").code, "records-cut");
  EXPECT_EQ(remark_of("it holds 7 records and announces 5").code, "records");
  EXPECT_EQ(value(remark_of("it holds 7 records and announces 5"), "announced"), "5");
  EXPECT_EQ(remark_of("V2: deflections of 12.5 mV are not those of an ECG; its gain may be wrong").code,
            "too-high");
  const Remark unknown = remark_of("Something new");
  EXPECT_EQ(unknown.code, "");
  EXPECT_EQ(unknown.zh, "Something new");
}

TEST(Remark, TakesHostileTexts) {
  for (const std::string& text :
       {std::string(), std::string("not read: "), std::string("{lead}"), std::string(": it has no value"),
        std::string(100'000, ':'), "not read: not read: not read: x" + std::string(3, '\0')})
    EXPECT_EQ(remark_of(text).en, text);
}

TEST(Remark, NeedsACodeOfTheTableAndItsValues) {
  EXPECT_THROW(remark("no-such-remark"), Error);
  EXPECT_THROW(remark("electrode-off"), Error);
}

}  // namespace
}  // namespace meridian::signal
