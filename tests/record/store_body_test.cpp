#include "record/store/body.h"

#include "record/store_fixture.h"

namespace meridian::record {
namespace {

TEST(Body, ComesBackAsItWasAndSmaller) {
  const std::string content =
      R"(},"status":"final","code":{"coding":[{"system":"http://loinc.org","code":"29463-7"}]},)"
      R"("valueQuantity":{"value":1.10,"unit":"kg","system":"http://unitsofmeasure.org","code":"kg"}})";
  const std::string compressed = compress_content(content);
  EXPECT_LT(compressed.size(), content.size() / 2);
  EXPECT_EQ(decompress_content(compressed), content);
  EXPECT_EQ(decompress_content(compress_content("}}")), "}}");
}

TEST(Body, RefusesWhatTheDiskHasAltered) {
  std::string compressed = compress_content(R"(},"text":"once upon a time there was a resource"})");
  compressed[compressed.size() / 2] ^= 1;
  EXPECT_EQ(code_of([&] { decompress_content(compressed); }), ErrorCode::corrupted);
  EXPECT_EQ(code_of([&] { decompress_content("no frame"); }), ErrorCode::corrupted);
  EXPECT_EQ(code_of([&] { decompress_content({}); }), ErrorCode::corrupted);
}

using StoreBody = StoreTest;

TEST_F(StoreBody, KeepsTheDictionaryWithTheBodies) {
  EXPECT_EQ(count("SELECT COUNT(*) FROM body_dictionary"), 1);
  record_.emplace(*database_, *ledger_, queue_);
  EXPECT_EQ(count("SELECT COUNT(*) FROM body_dictionary"), 1);
}

TEST_F(StoreBody, KeepsNoTextInTheClear) {
  create(R"({"resourceType":"Basic","code":{"text":"aneurysm"},"author":{"reference":"Practitioner/p"}})");
  EXPECT_EQ(count("SELECT COUNT(*) FROM resource WHERE substr(body, 1, 1) = '{'"), 0);
}

}  // namespace
}  // namespace meridian::record
