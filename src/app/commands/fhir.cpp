// FHIR on the terminal: FHIRPath, validation.
#include <cstdio>

#include "app/commands/commands.h"
#include "base/error.h"
#include "base/file.h"
#include "record/fhirpath/engine.h"
#include "record/profiles/profile_validator.h"
#include "record/terminology/packages.h"
#include "record/xml/xml.h"

namespace meridian::app {
namespace {

namespace fs = std::filesystem;
using namespace record;

// JSON or XML: what the first character says.
Json read_resource(const fs::path& file) {
  const std::string text = read_file(file);
  const auto first = text.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  return first != std::string::npos && text[first] == '<' ? read_xml(text) : Json::parse(text);
}

// Primitives as text, all else as JSON.
std::string line_of(const fhirpath::Item& item) {
  if (const auto text = fhirpath::text_of(item)) return *text;
  const auto* element = std::get_if<fhirpath::Element>(&item);
  if (element && element->value) return element->value->dump();
  return element && element->companion ? element->companion->dump() : std::string();
}

bool print(const fs::path& file, const std::vector<Issue>& issues) {
  for (const Issue& issue : issues)
    std::printf("%s: %s: %s%s%s\n", file.c_str(), std::string(record::severity_name(issue.severity)).c_str(),
                issue.text.c_str(), issue.expression.empty() ? "" : " at ", issue.expression.c_str());
  const bool valid = !has_errors(issues);
  if (valid) std::printf("%s: valid\n", file.c_str());
  return valid;
}

// What is no resource at all is one error of the file.
std::vector<Issue> issues_of(const fs::path& file, const CanonicalSource& source,
                             const std::vector<std::string>& profiles) {
  try {
    return record::validate(read_resource(file), source, profiles);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::invalid_syntax && error.code() != ErrorCode::invalid_structure) throw;
    return {{Issue::Severity::fatal, "structure", error.what(), error.where()}};
  }
}

}  // namespace

void fhirpath(const std::string& expression, const fs::path& file) {
  const record::fhirpath::Expression parsed = record::fhirpath::parse(expression);
  const Json resource = read_resource(file);
  const record::fhirpath::Environment environment = record::fhirpath::environment_of(resource);
  for (const auto& item : record::fhirpath::evaluate(parsed, environment.resource, environment))
    std::printf("%s\n", line_of(item).c_str());
}

int validate(const std::vector<fs::path>& files, const std::vector<fs::path>& packages,
             const std::vector<std::string>& profiles) {
  const PackagedCanonicals source(packages);
  bool all_valid = true;
  for (const fs::path& file : files) all_valid = print(file, issues_of(file, source, profiles)) && all_valid;
  return all_valid ? 0 : traits(ErrorCode::invalid_value).exit_code;
}

}  // namespace meridian::app
