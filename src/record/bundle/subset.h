// What _summary and _elements leave of a resource (FHIR R4, 3.1.1.7).
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace meridian::record {

enum class Summary { none, elements_of_summary, count, text, data };

struct Subset {
  Summary summary = Summary::none;
  std::vector<std::string> elements;  // empty for all

  // Of a resource; count says nothing of it.
  bool is_whole() const {
    return elements.empty() && (summary == Summary::none || summary == Summary::count);
  }
};

// The values of the parameters; throw invalid_request.
Summary parse_summary(std::string_view value);
std::vector<std::string> parse_elements(std::string_view value);

// The resource's text, marked as SUBSETTED; the body itself when all is asked for. What FHIR demands stays,
// and so do modifiers, without which the rest would be misread.
std::string subset_of(const std::string& body, const Subset& subset);

}  // namespace meridian::record
