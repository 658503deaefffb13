// What a search asks for, understood before any of it is looked for.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "record/bundle/subset.h"
#include "record/query/criterion.h"
#include "record/record.h"

namespace meridian::record {

struct SortKey {
  enum class Kind { text, integer, real };
  Sql value;  // an expression on the row r of resource
  Kind kind = Kind::text;
  bool descending = false;
};

// _include=Observation:subject:Patient, or _revinclude.
struct Include {
  std::string source;                          // the type that refers
  const SearchParameter* parameter = nullptr;  // nullptr: every reference of the source (*)
  std::string target;                          // empty: any type
  bool reverse = false, iterate = false;
};

struct SearchRequest {
  std::string type;
  std::vector<Criterion> criteria;
  std::vector<SortKey> sort;
  std::vector<Include> includes;
  Subset subset;  // _summary and _elements
  bool with_total = false;
  std::optional<int> count;
  std::string cursor;
  Parameters understood;             // as the self link names them: without _cursor and what was ignored
  std::vector<std::string> ignored;  // unknown, with handling=lenient
};

// Chains and _has go through what the principal may see. Throws invalid_request for what FHIR or this node
// has not, and invalid_value.
SearchRequest parse_search(const std::string& type, const Parameters& parameters,
                           const RecordOptions& options, const trust::Principal& principal);

// Throws not_found for what is no resource type.
void require_type(const std::string& type);
// _count, at most the largest page.
int parse_count(const std::string& value, const RecordOptions& options);

}  // namespace meridian::record
