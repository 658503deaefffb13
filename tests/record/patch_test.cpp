// JSON Patch, FHIRPath Patch and XML Patch, by HL7's own cases and by what a client may get wrong.
#include <gmock/gmock.h>
#include <libxml/parser.h>
#include <libxml/tree.h>

#include "base/error_of.h"
#include "base/file.h"
#include "record/patch/fhirpath_patch.h"
#include "record/patch/json_patch.h"
#include "record/patch/patch.h"
#include "record/patch/xml_patch.h"
#include "record/test_data.h"
#include "record/xml/xml.h"

namespace meridian::record {
namespace {

using ::testing::HasSubstr;

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

TEST(JsonPatch, NestsNoDeeperThanJsonMay) {
  std::string patch = R"([{"op":"add","path":"/a","value":{}})", deepest = "/a";
  for (int i = 0; i < 18; ++i) {
    patch += R"(,{"op":"copy","from":"/a","path":")" + deepest + "/a\"}";
    deepest += deepest;
  }
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

TEST(FhirPathPatch, ReplacesAChoiceByAnotherType) {
  const Json observation =
      Json::parse(R"({"resourceType":"Observation","status":"final","valueQuantity":{"value":1},
      "component":[{"valueInteger":1},{"valueInteger":2,"_valueInteger":{"id":"i"}}]})");
  const auto replaced = [&](const std::string& path, const std::string& value) {
    return apply_fhirpath_patch(
               observation,
               Json::parse(R"({"resourceType":"Parameters","parameter":[{"name":"operation","part":[
          {"name":"type","valueCode":"replace"},{"name":"path","valueString":")" +
                           path + R"("},{"name":"value",)" + value + "}]}]}"))
        .dump();
  };
  EXPECT_THAT(replaced("Observation.value", R"("valueString":"high")"),
              HasSubstr(R"("status":"final","valueString":"high","component")"));
  EXPECT_THAT(replaced("Observation.value", R"("valueQuantity":{"value":2})"),
              HasSubstr(R"("valueQuantity":{"value":2})"));
  EXPECT_THAT(replaced("Observation.component[1].value", R"("valueBoolean":true)"),
              HasSubstr(R"("component":[{"valueInteger":1},{"valueBoolean":true}])"));
  EXPECT_THAT(replaced("Observation.status", R"("valueCode":"amended")"), HasSubstr(R"("status":"amended")"));
  EXPECT_EQ(code_of([&] { replaced("Observation.value", R"("valueAddress":{"text":"x"})"); }),
            ErrorCode::invalid_value);
}

// A patch of operations, each given by its parts without brackets.
Json parameters_of(const std::vector<std::string>& operations) {
  Json patch = Json::object({{"resourceType", "Parameters"}});
  for (const std::string& parts : operations)
    patch["parameter"].push_back(
        Json::object({{"name", "operation"}, {"part", Json::parse("[" + parts + "]")}}));
  return patch;
}

TEST(FhirPathPatch, KeepsExtensionsBesideTheirValues) {
  const Json patient = Json::parse(
      R"({"resourceType":"Patient","name":[{"given":["a"],"_given":[{"extension":[{"url":"u","valueCode":"x"}]}]}]})");
  const auto patched = [&](const std::vector<std::string>& operations) {
    return apply_fhirpath_patch(patient, parameters_of(operations)).get("name").at(0).dump();
  };
  const auto add = [](const std::string& value) {
    return R"({"name":"type","valueCode":"add"},{"name":"path","valueString":"Patient.name"},)"
           R"({"name":"name","valueString":"given"},{"name":"value","valueString":")" +
           value + R"("})";
  };
  const std::string list = R"({"name":"path","valueString":"Patient.name.given"},)";
  const std::string insert = R"({"name":"type","valueCode":"insert"},)" + list +
                             R"({"name":"index","valueInteger":3},{"name":"value","valueString":"d"})";
  const std::string move = R"({"name":"type","valueCode":"move"},)" + list +
                           R"({"name":"source","valueInteger":2},{"name":"destination","valueInteger":0})";
  const std::string extended = R"({"extension":[{"url":"u","valueCode":"x"}]})";
  EXPECT_EQ(patched({add("b")}), R"({"given":["a","b"],"_given":[)" + extended + ",null]}");
  EXPECT_EQ(patched({add("b"), add("c"), insert}),
            R"({"given":["a","b","c","d"],"_given":[)" + extended + ",null,null,null]}");
  EXPECT_EQ(patched({add("b"), add("c"), move}),
            R"({"given":["c","a","b"],"_given":[null,)" + extended + ",null]}");
}

TEST(FhirPathPatch, NestsNoDeeperThanJsonMay) {
  const std::string add =
      R"x({"name":"type","valueCode":"add"},
          {"name":"path","valueString":"descendants().ofType(Extension).where(extension.empty())"},
          {"name":"name","valueString":"extension"},{"name":"value","part":[{"name":"url","valueUri":"u"}]})x";
  const Json patient = Json::parse(R"({"resourceType":"Patient","extension":[{"url":"u"}]})");
  EXPECT_EQ(code_of([&] { apply_fhirpath_patch(patient, parameters_of(std::vector(100, add))); }),
            ErrorCode::too_large);
}

// The text of what is in the element of a case; empty when there is nothing.
std::string text_below(xmlNode* one, const std::string& name) {
  for (xmlNode* part = one->children; part; part = part->next)
    if (part->type == XML_ELEMENT_NODE && reinterpret_cast<const char*>(part->name) == name)
      return xmlFirstElementChild(part) ? text_of(xmlFirstElementChild(part)) : std::string();
  return {};
}

void drop_blank_texts(xmlNode* node) {
  for (xmlNode *child = node->children, *next = nullptr; child; child = next) {
    next = child->next;
    if (xmlIsBlankNode(child)) {
      xmlUnlinkNode(child);
      xmlFreeNode(child);
    } else {
      drop_blank_texts(child);
    }
  }
}

// Its root as it is written without blanks between elements, and without FHIR's namespace, which may be
// declared more than once.
std::string canonical(const std::string& text) {
  xmlDoc* document = xmlReadMemory(text.data(), static_cast<int>(text.size()), nullptr, nullptr, 0);
  drop_blank_texts(xmlDocGetRootElement(document));
  std::string root = without_blanks(text_of(xmlDocGetRootElement(document)));
  xmlFreeDoc(document);
  const std::string declared = R"(xmlns="http://hl7.org/fhir")";
  for (std::size_t at; (at = root.find(declared)) != std::string::npos;) root.erase(at, declared.size());
  return root;
}

TEST(XmlPatch, PassesHl7sCases) {
  const auto folder = unpacked(kArchive);
  if (!folder) GTEST_SKIP() << "HL7's test cases are absent";
  const std::string text = read_file(*folder / "r4/patch/xml-patch-tests.xml");
  xmlDoc* document =
      xmlReadMemory(text.data(), static_cast<int>(text.size()), nullptr, nullptr, XML_PARSE_NONET);
  ASSERT_NE(document, nullptr);
  int cases = 0;
  for (xmlNode* one = xmlFirstElementChild(xmlDocGetRootElement(document)); one;
       one = xmlNextElementSibling(one)) {
    xmlChar* given = xmlGetProp(one, reinterpret_cast<const xmlChar*>("name"));
    const std::string name(reinterpret_cast<const char*>(given));
    xmlFree(given);
    if (name.find("Namespace Declaration") != std::string::npos) continue;  // FHIR has one namespace
    SCOPED_TRACE(name);
    ++cases;
    const std::string target = text_below(one, "target"), expected = text_below(one, "patched");
    xmlNode* patch = xmlFirstElementChild(one)->next;
    while (patch->type != XML_ELEMENT_NODE) patch = patch->next;
    const auto apply = [&] { return apply_xml_patch(target, text_of(patch)); };
    if (expected.empty())
      EXPECT_THROW(apply(), Error);
    else
      EXPECT_EQ(canonical(apply()), canonical(expected));
  }
  xmlFreeDoc(document);
  EXPECT_GT(cases, 20);
}

TEST(XmlPatch, ChangesAResource) {
  const Json patient =
      Json::parse(R"({"resourceType":"Patient","id":"p","name":[{"family":"A"}],"birthDate":"1970"})");
  const Json patch = R"(<diff xmlns="http://hl7.org/fhir" xmlns:fhir="http://hl7.org/fhir">
      <replace sel="fhir:Patient/fhir:birthDate/@value">1971</replace>
      <add sel="f:Patient/f:name" pos="after"><gender value="female"/></add>
      <remove sel="f:Patient/f:name"/></diff>)";
  EXPECT_EQ(apply_patch(patient, patch).dump(),
            R"({"resourceType":"Patient","id":"p","gender":"female","birthDate":"1971"})");
}

TEST(XmlPatch, ReplacesTextByText) {
  EXPECT_THAT(apply_xml_patch("<a><b>c</b></a>",
                              "<diff><replace sel=\"a/b/text()\">1 &lt; 2 &amp; 3</replace></diff>"),
              HasSubstr("<b>1 &lt; 2 &amp; 3</b>"));
}

TEST(XmlPatch, AddsWhereItIsTold) {
  const auto added = [](const std::string& attributes) {
    return apply_xml_patch("<a><b x=\"1\"><c/></b></a>", "<diff><add " + attributes + "><d/></add></diff>");
  };
  EXPECT_THAT(added("sel=\"a/b\""), HasSubstr("<c/><d/></b></a>"));
  EXPECT_THAT(added("sel=\"a/b\" pos=\"prepend\""), HasSubstr("<d/><c/></b></a>"));
  EXPECT_THAT(added("sel=\"a/b\" pos=\"before\""), HasSubstr("<a><d/><b"));
  EXPECT_THAT(added("sel=\"a/b\" pos=\"after\""), HasSubstr("</b><d/></a>"));
  EXPECT_THAT(apply_xml_patch("<a>z</a>", "<diff><add sel=\"a\" pos=\"prepend\">x<d/>y</add></diff>"),
              HasSubstr("<a>x<d/>yz</a>"));
  const auto refused = [&](const std::string& attributes) { return code_of([&] { added(attributes); }); };
  EXPECT_EQ(refused("sel=\"a/b\" pos=\"behind\""), ErrorCode::invalid_structure);
  EXPECT_EQ(refused("sel=\"a/b/@x\" pos=\"before\""), ErrorCode::invalid_value);
  EXPECT_EQ(refused("sel=\"a/b/@x\" pos=\"after\""), ErrorCode::invalid_value);
  EXPECT_EQ(refused("sel=\"a\" pos=\"before\""), ErrorCode::invalid_value);
}

TEST(XmlPatch, RefusesWhatIsNoneOrTakesTooLong) {
  const std::string target = "<doc xmlns=\"http://hl7.org/fhir\"><a/></doc>";
  const auto refused = [&](const std::string& operation) {
    return code_of(
        [&] { apply_xml_patch(target, "<diff xmlns=\"http://hl7.org/fhir\">" + operation + "</diff>"); });
  };
  EXPECT_EQ(refused("<grow sel=\"f:doc\"/>"), ErrorCode::invalid_structure);
  EXPECT_EQ(refused("<remove sel=\"f:doc[\"/>"), ErrorCode::invalid_syntax);
  EXPECT_EQ(refused("<remove sel=\"count(f:doc)\"/>"), ErrorCode::invalid_syntax);
  EXPECT_EQ(refused("<remove sel=\"f:doc\"/>"), ErrorCode::invalid_value);
  EXPECT_EQ(refused("<replace sel=\"f:doc/f:a\">text</replace>"), ErrorCode::invalid_structure);
  EXPECT_EQ(code_of([&] { apply_xml_patch(target, "<!DOCTYPE diff [<!ENTITY a 'b'>]><diff>&a;</diff>"); }),
            ErrorCode::invalid_syntax);
}

}  // namespace
}  // namespace meridian::record
