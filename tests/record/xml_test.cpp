#include "record/xml/xml.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "base/file.h"
#include "base/project_folder.h"
#include "record/definitions/definitions.h"

namespace meridian::record {
namespace {

namespace fs = std::filesystem;

ErrorCode error_of(const std::string& xml) {
  try {
    read_xml(xml);
  } catch (const Error& error) {
    return error.code();
  }
  return ErrorCode::internal;
}

// Members in any order; the narrative aside, whose XML may be written in more than one way.
bool same(const Json& a, const Json& b) {
  if (a.is_object() && b.is_object()) {
    if (a.size() != b.size()) return false;
    for (const auto& [name, value] : a.members()) {
      const Json* other = b.find(name);
      if (!other || (name != "div" && !same(value, *other))) return false;
    }
    return true;
  }
  if (!a.is_array() || !b.is_array()) return a == b;
  return std::equal(a.items().begin(), a.items().end(), b.items().begin(), b.items().end(), same);
}

TEST(Xml, ReadsWhatJsonSays) {
  const Json resource = read_xml(R"(<Patient xmlns="http://hl7.org/fhir"><id value="p"/><active value="true"/>
    <name id="n"><family value="A&amp;B"/><given value="X"/><given><extension url="u"><valueDecimal value="1.10"/>
    </extension></given></name><multipleBirthInteger value="2"/>
    <contained><Organization><name value="o"/></Organization></contained></Patient>)");
  EXPECT_EQ(resource, Json::parse(R"({"resourceType":"Patient","id":"p","active":true,
    "name":[{"id":"n","family":"A&B","given":["X",null],"_given":[null,{"extension":[{"url":"u","valueDecimal":1.10}]}]}],
    "multipleBirthInteger":2,"contained":[{"resourceType":"Organization","name":"o"}]})"));
}

TEST(Xml, RefusesWhatIsNotFhir) {
  EXPECT_EQ(error_of(""), ErrorCode::invalid_syntax);
  EXPECT_EQ(error_of("<Patient"), ErrorCode::invalid_syntax);
  EXPECT_EQ(error_of("<!DOCTYPE Patient [<!ENTITY a \"b\">]><Patient xmlns=\"http://hl7.org/fhir\"/>"),
            ErrorCode::invalid_syntax);
  EXPECT_EQ(error_of("<Patient/>"), ErrorCode::invalid_structure);
  EXPECT_EQ(error_of("<Nothing xmlns=\"http://hl7.org/fhir\"/>"), ErrorCode::invalid_structure);
  EXPECT_EQ(error_of("<Patient xmlns=\"http://hl7.org/fhir\"><nmae/></Patient>"),
            ErrorCode::invalid_structure);
  EXPECT_EQ(error_of("<Patient xmlns=\"http://hl7.org/fhir\">text</Patient>"), ErrorCode::invalid_structure);
  EXPECT_EQ(error_of("<Patient xmlns=\"http://hl7.org/fhir\"><id value='1'/><id value='2'/></Patient>"),
            ErrorCode::invalid_structure);
  EXPECT_EQ(error_of("<Patient xmlns=\"http://hl7.org/fhir\"><multipleBirthInteger value='x'/></Patient>"),
            ErrorCode::invalid_structure);
}

TEST(Xml, RefusesTooDeepNesting) {
  std::string deep = "<Patient xmlns=\"http://hl7.org/fhir\">", end;
  for (int i = 0; i < 5000; ++i) {
    deep += "<extension url=\"u\">";
    end += "</extension>";
  }
  EXPECT_NE(error_of(deep + end + "</Patient>"), ErrorCode::internal);
}

TEST(Xml, WritesElementsInTheOrderOfTheDefinition) {
  EXPECT_EQ(
      write_xml(Json::parse(R"({"resourceType":"Patient","birthDate":"2000","id":"a",
              "name":[{"given":["<x>"],"id":"n"}]})")),
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Patient xmlns=\"http://hl7.org/fhir\"><id value=\"a\"/>"
      "<name id=\"n\"><given value=\"&lt;x&gt;\"/></name><birthDate value=\"2000\"/></Patient>");
}

TEST(Xml, BringsHl7sExamplesBackUnchanged) {
  std::size_t seen = 0;
  const fs::path folder = project_folder() / "node_modules" / "hl7.fhir.r4.examples";
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (!is_resource_type(name.substr(0, name.find('-'))) || fs::file_size(entry.path()) > (256u << 10))
      continue;
    if (std::hash<std::string>()(name) % 5 != 0) continue;  // a fifth of them, to be quick
    const Json resource = Json::parse(read_file(entry.path()));
    ++seen;
    EXPECT_TRUE(same(read_xml(write_xml(resource)), resource)) << name;
  }
  EXPECT_GT(seen, 500u);
}

}  // namespace
}  // namespace meridian::record
