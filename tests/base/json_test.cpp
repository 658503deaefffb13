#include "base/json.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace meridian {
namespace {

ErrorCode code_of(const std::string& text) {
  try {
    Json::parse(text);
  } catch (const Error& error) {
    return error.code();
  }
  ADD_FAILURE() << "accepted: " << text.substr(0, 60);
  return ErrorCode::internal;
}

TEST(Json, KeepsNumbersAndOrderAsWritten) {
  const std::string text = R"({"b":1.10,"a":[1e400,-0.0,true,null],"c":{"é":"\u4e2d\n"}})";
  EXPECT_EQ(Json::parse(text).dump(), "{\"b\":1.10,\"a\":[1e400,-0.0,true,null],\"c\":{\"é\":\"中\\n\"}}");
}

TEST(Json, ReadsScalarsAtTheTop) {
  EXPECT_EQ(Json::parse(" 12 ").as_int(), 12);
  EXPECT_EQ(Json::parse("\"x\"").as_string(), "x");
  EXPECT_TRUE(Json::parse("null").is_null());
}

TEST(Json, RefusesWhatIsNotJson) {
  for (const std::string text :
       {"", "{", "[1,]", "{\"a\":1,}", "01", "1.", "+1", "nul", "[1] 2", "{\"a\" 1}", "\"\xff\"",
        "[\"a\x01\"]", "{\"a\":1,\"a\":2}", "[truee]", "[1 2]", "1 2", "[1e]", "{a:1}"})
    EXPECT_EQ(code_of(text), ErrorCode::invalid_syntax) << text;
}

TEST(Json, FindsARepeatedNameInALargeObject) {
  std::string text = "{";
  for (int i = 0; i < 40; ++i) text += "\"m" + std::to_string(i) + "\":0,";
  EXPECT_EQ(code_of(text + "\"m3\":1}"), ErrorCode::invalid_syntax);
}

TEST(Json, RefusesHostileNesting) {
  EXPECT_EQ(code_of(std::string(10'000, '[') + std::string(10'000, ']')), ErrorCode::too_large);
  EXPECT_EQ(code_of(std::string(101, '[') + std::string(101, ']')), ErrorCode::too_large);
}

TEST(Json, IsChangedInPlace) {
  Json value;
  value["name"]["given"].push_back("秀英");
  value["active"] = true;
  EXPECT_EQ(value.text("name.given.x", "none"), "none");
  EXPECT_EQ(value.get("name.given").at(0).as_string(), "秀英");
  EXPECT_TRUE(value.erase("active"));
  EXPECT_EQ(value.dump(), R"({"name":{"given":["秀英"]}})");
}

}  // namespace
}  // namespace meridian
