// JSON Patch and FHIRPath Patch, by HL7's own cases and by what a client may get wrong.
#include <gtest/gtest.h>
#include <libxml/parser.h>
#include <libxml/tree.h>

#include "base/error_of.h"
#include "base/file.h"
#include "record/patch/fhirpath_patch.h"
#include "record/patch/json_patch.h"
#include "record/test_data.h"
#include "record/xml/xml.h"

namespace meridian::record {
namespace {

constexpr const char* kArchive = "fhir/fhir-test-cases-subset.tar.xz";

TEST(JsonPatch, PassesHl7sCases) {
  const auto folder = unpacked(kArchive);
  if (!folder) GTEST_SKIP() << "HL7's test cases are absent";
  const Json cases = Json::parse(read_file(*folder / "r4/patch/json-patch-tests.json"));
  ASSERT_FALSE(cases.empty());
  for (const Json& one : cases.items()) {
    SCOPED_TRACE(one.text("comment") + " " + one.get("patch").dump());
    const auto apply = [&] { return apply_json_patch(*one.find("doc"), *one.find("patch")); };
    if (one.contains("error")) {
      EXPECT_THROW(apply(), Error);
    } else if (const Json* expected = one.find("expected")) {
      const Json same = Json::object({{"op", "test"}, {"path", ""}, {"value", *expected}});
      EXPECT_NO_THROW(apply_json_patch(apply(), Json::array({same})));
    }
  }
}

TEST(JsonPatch, RefusesWhatIsNone) {
  const Json document = Json::parse(R"({"a":[1]})");
  const auto refused = [&](const char* patch) {
    return code_of([&] { apply_json_patch(document, Json::parse(patch)); });
  };
  EXPECT_EQ(refused("{}"), ErrorCode::invalid_structure);
  EXPECT_EQ(refused(R"([{"op":"grow","path":"/a"}])"), ErrorCode::invalid_structure);
  EXPECT_EQ(refused(R"([{"op":"add","path":"/a/2","value":1}])"), ErrorCode::invalid_value);
  EXPECT_EQ(refused(R"([{"op":"remove","path":"/a/1"}])"), ErrorCode::invalid_value);
  EXPECT_EQ(refused(R"([{"op":"remove","path":"/a/00"}])"), ErrorCode::invalid_value);
  EXPECT_EQ(refused(R"([{"op":"move","from":"/a","path":"/a/0"}])"), ErrorCode::invalid_value);
  EXPECT_EQ(refused(R"([{"op":"test","path":"/a","value":[2]}])"), ErrorCode::conflict);
}

TEST(JsonPatch, CopiesWithinALimit) {
  std::string patch = R"([{"op":"add","path":"/a","value":")" + std::string(1000, 'x') + R"("})";
  for (int i = 0; i < 40; ++i) patch += R"(,{"op":"copy","from":"","path":"/)" + std::to_string(i) + R"("})";
  EXPECT_EQ(code_of([&] { apply_json_patch(Json::object(), Json::parse(patch + "]")); }),
            ErrorCode::too_large);
}

std::string text_of(xmlNode* node) {
  xmlBuffer* buffer = xmlBufferCreate();
  xmlNodeDump(buffer, node->doc, node, 0, 0);
  std::string text(reinterpret_cast<const char*>(xmlBufferContent(buffer)));
  xmlBufferFree(buffer);
  return text;
}

// The resource below an element of a case.
Json resource_below(xmlNode* one, const std::string& name) {
  for (xmlNode* part = one->children; part; part = part->next)
    if (part->type == XML_ELEMENT_NODE && reinterpret_cast<const char*>(part->name) == name)
      return read_xml(text_of(xmlFirstElementChild(part)));
  return {};
}

// The cases' narratives differ in white space between their tags.
std::string without_blanks(std::string text) {
  std::erase_if(text, [](char c) { return c == ' ' || c == '\n'; });
  return text;
}

TEST(FhirPathPatch, PassesHl7sCases) {
  const auto folder = unpacked(kArchive);
  if (!folder) GTEST_SKIP() << "HL7's test cases are absent";
  const std::string text = read_file(*folder / "r4/patch/fhir-patch-tests.xml");
  xmlDoc* document =
      xmlReadMemory(text.data(), static_cast<int>(text.size()), nullptr, nullptr, XML_PARSE_NONET);
  ASSERT_NE(document, nullptr);
  int cases = 0;
  for (xmlNode* one = xmlFirstElementChild(xmlDocGetRootElement(document)); one;
       one = xmlNextElementSibling(one), ++cases) {
    xmlChar* name = xmlGetProp(one, reinterpret_cast<const xmlChar*>("name"));
    SCOPED_TRACE(reinterpret_cast<const char*>(name));
    xmlFree(name);
    const Json input = resource_below(one, "input"), patch = resource_below(one, "diff"),
               output = resource_below(one, "output");
    if (output.is_null()) {
      EXPECT_THROW(apply_fhirpath_patch(input, patch), Error);
    } else {
      EXPECT_EQ(without_blanks(write_xml(apply_fhirpath_patch(input, patch))),
                without_blanks(write_xml(output)));
    }
  }
  xmlFreeDoc(document);
  EXPECT_GT(cases, 25);
}

TEST(FhirPathPatch, RefusesWhatFindsNothingOrTooMuch) {
  const Json patient = Json::parse(R"({"resourceType":"Patient","name":[{"family":"A"},{"family":"B"}]})");
  const auto refused = [&](const std::string& parts) {
    return code_of([&] {
      apply_fhirpath_patch(patient,
                           Json::parse(R"({"resourceType":"Parameters","parameter":[{"name":"operation",)"
                                       R"("part":[)" +
                                       parts + "]}]}"));
    });
  };
  const auto part = [](const char* name, const char* member, const std::string& value) {
    return std::string(R"({"name":")") + name + R"(",")" + member + R"(":)" + value + "}";
  };
  const std::string replace = part("type", "valueCode", R"("replace")"),
                    value = part("value", "valueString", R"("C")");
  EXPECT_EQ(refused(replace + "," + part("path", "valueString", R"("Patient.name.family")") + "," + value),
            ErrorCode::invalid_value);
  EXPECT_EQ(refused(replace + "," + part("path", "valueString", R"("Patient.birthDate")") + "," + value),
            ErrorCode::invalid_value);
  EXPECT_EQ(refused(replace + "," + value), ErrorCode::invalid_structure);
  EXPECT_EQ(
      refused(part("type", "valueCode", R"("grow")") + "," + part("path", "valueString", R"("Patient")")),
      ErrorCode::invalid_structure);
  EXPECT_EQ(refused(part("type", "valueCode", R"("move")") + "," +
                    part("path", "valueString", R"("Patient.name")") + "," +
                    part("source", "valueInteger", "0") + "," + part("destination", "valueInteger", "9")),
            ErrorCode::invalid_value);
}

}  // namespace
}  // namespace meridian::record
