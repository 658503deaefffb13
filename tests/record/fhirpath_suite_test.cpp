// HL7's own FHIRPath tests for R4, from FHIR's test cases.
#include <gtest/gtest.h>
#include <libxml/parser.h>
#include <libxml/tree.h>

#include <map>
#include <memory>

#include "base/error.h"
#include "base/file.h"
#include "record/fhirpath/engine.h"
#include "record/test_data.h"
#include "record/xml/xml.h"

namespace meridian::record::fhirpath {
namespace {

namespace fs = std::filesystem;

struct Output {
  std::string type, text;
};

struct SuiteTest {
  std::string name, expression, input;
  bool strict = false, predicate = false, invalid = false;
  std::vector<Output> outputs;
};

std::string attribute(const xmlNode& node, const char* name) {
  const std::unique_ptr<xmlChar, void (*)(void*)> value(
      xmlGetProp(&node, reinterpret_cast<const xmlChar*>(name)), [](void* text) { xmlFree(text); });
  return value ? reinterpret_cast<const char*>(value.get()) : "";
}

std::string content(const xmlNode& node) {
  const std::unique_ptr<xmlChar, void (*)(void*)> value(xmlNodeGetContent(&node),
                                                        [](void* text) { xmlFree(text); });
  return value ? reinterpret_cast<const char*>(value.get()) : "";
}

bool is_named(const xmlNode& node, std::string_view name) {
  return node.type == XML_ELEMENT_NODE && reinterpret_cast<const char*>(node.name) == name;
}

SuiteTest read_test(const xmlNode& node) {
  SuiteTest test;
  test.name = attribute(node, "name");
  test.input = attribute(node, "inputfile");
  test.strict = attribute(node, "mode") == "strict";
  test.predicate = attribute(node, "predicate") == "true";
  for (const xmlNode* child = node.children; child; child = child->next) {
    if (is_named(*child, "expression")) {
      test.expression = content(*child);
      test.invalid = !attribute(*child, "invalid").empty();
    }
    if (is_named(*child, "output")) test.outputs.push_back({attribute(*child, "type"), content(*child)});
  }
  return test;
}

std::vector<SuiteTest> read_suite(const fs::path& file) {
  std::vector<SuiteTest> tests;
  const std::unique_ptr<xmlDoc, decltype(&xmlFreeDoc)> document(xmlReadFile(file.c_str(), nullptr, 0),
                                                                xmlFreeDoc);
  if (!document) return tests;
  for (const xmlNode* group = xmlDocGetRootElement(document.get())->children; group; group = group->next) {
    if (!is_named(*group, "group")) continue;
    for (const xmlNode* test = group->children; test; test = test->next)
      if (is_named(*test, "test")) tests.push_back(read_test(*test));
  }
  return tests;
}

Json read_input(const fs::path& folder, const std::string& name) {
  if (name.empty()) return Json::parse(R"({"resourceType": "Basic"})");
  for (const char* place : {"", "examples"}) {
    const fs::path file = folder / place / name;
    if (!fs::exists(file)) continue;
    const std::string text = read_file(file);
    return name.ends_with(".xml") ? read_xml(text) : Json::parse(text);
  }
  throw Error(ErrorCode::not_found, "The suite's input is missing", name);
}

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

std::string without_mark(const std::string& text) {
  if (text.starts_with("@T")) return text.substr(2);
  return text.starts_with("@") ? text.substr(1) : text;
}

// What differs from the expected outputs, or nothing.
std::string difference(const SuiteTest& test, const Collection& result) {
  std::string found;
  for (const Item& item : result) found += " " + type_of(item).name + ":" + text_of(item).value_or("?");
  if (result.size() != test.outputs.size()) return std::to_string(result.size()) + " values:" + found;
  for (std::size_t i = 0; i < result.size(); ++i) {
    const Output& expected = test.outputs[i];
    if (text_of(result[i]).value_or("?") != without_mark(expected.text)) return found;
    if (!expected.type.empty() && lower(type_of(result[i]).name) != lower(expected.type)) return found;
  }
  return {};
}

std::string run(const SuiteTest& test, const Json& resource) {
  try {
    Environment environment = environment_of(resource);
    environment.strict = test.strict;
    Collection result = evaluate(parse(test.expression), environment.resource, environment);
    if (test.invalid) return "no error";
    if (test.predicate) {
      const auto value = truth(result);
      result.clear();
      if (value) result.emplace_back(*value);
    }
    return difference(test, result);
  } catch (const Error& error) {
    return test.invalid ? std::string() : error.describe();
  }
}

// Tests whose expected output contradicts the specification.
const std::map<std::string, std::string>& exceptions() {
  static const std::map<std::string, std::string> known{
      {"LowBoundaryDecimal15", "-0.0 is greater than -0.0034 and cannot be its low boundary"},
      {"HighBoundaryDecimal15", "0.0 is less than 0.0034 and cannot be its high boundary"},
      {"HighBoundaryDecimal16", "-(0.0034.highBoundary(1)) is minus the boundary of the test before"},
      {"HighBoundaryDateTimeMillisecond1",
       "the last millisecond of the hour 08 is 08:59:59.999, not 08:00:59.999"},
      {"HighBoundaryDateTimeMillisecond3", "as HighBoundaryDateTimeMillisecond1"},
  };
  return known;
}

TEST(FhirPathSuite, RunsAllOfHl7sTestsForR4) {
  const auto folder = unpacked("fhir/fhir-test-cases-subset.tar.xz");
  if (!folder) GTEST_SKIP() << "HL7's test cases are not in the data folder";
  const fs::path r4 = *folder / "r4";
  const auto tests = read_suite(r4 / "fhirpath" / "tests-fhir-r4.xml");
  EXPECT_EQ(tests.size(), 935u);  // and two that its authors have commented out
  std::map<std::string, Json> inputs;
  std::size_t passed = 0;
  for (const SuiteTest& test : tests) {
    if (!inputs.contains(test.input)) inputs.emplace(test.input, read_input(r4, test.input));
    const std::string problem = run(test, inputs.at(test.input));
    const bool excepted = exceptions().contains(test.name);
    if (problem.empty()) ++passed;
    if (!excepted)
      EXPECT_EQ(problem, "") << test.name << ": " << test.expression;
    else
      EXPECT_NE(problem, "") << test.name << " passes and need not be excepted";
  }
  std::cout << passed << " of " << tests.size() << " pass, " << exceptions().size() << " are excepted\n";
}

}  // namespace
}  // namespace meridian::record::fhirpath
