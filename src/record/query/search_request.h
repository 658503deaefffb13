// What a search asks for, understood before any of it is looked for.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "record/bundle/subset.h"
#include "record/query/criterion.h"
#include "record/query/sort_key.h"
#include "record/record.h"

namespace meridian::record {

// _include=Observation:subject:Patient, or _revinclude.
struct Include {
  std::string source;                          // the type that refers; empty: any (*)
  const SearchParameter* parameter = nullptr;  // nullptr: every reference of the source (*)
  std::string target;                          // empty: any type
  bool reverse = false, iterate = false;
};

// What is asked of the resources of one type.
struct SearchPart {
  std::string type;
  std::vector<Criterion> criteria;
  std::vector<SortKey> sort;  // as many for each type, of the same kinds
};

struct SearchRequest {
  std::string address;            // a type; empty: all; or in a compartment (compartment.h)
  std::vector<SearchPart> parts;  // one for each type; none where the record has none of them
  std::vector<Include> includes;
  Subset subset;  // _summary and _elements
  bool with_total = false;
  std::optional<int> count;
  std::string cursor;
  Parameters understood;             // as the self link names them: without _cursor and what was ignored
  std::vector<std::string> ignored;  // unknown, with handling=lenient
};

// type: or an address in a compartment (compartment.h). Chains and _has go through what the principal may
// see; without a type, only what their role may read is searched. Throws forbidden for a type of _type, a
// chain or _has that it may not, invalid_request for what FHIR or this node has not, invalid_value, and what
// Terminology throws.
SearchRequest parse_search(storage::Connection& connection, const std::string& type,
                           const Parameters& parameters, const RecordOptions& options,
                           const trust::Principal& principal);

// Throws not_found for what is no resource type.
void require_type(const std::string& type);
// _count, at most the largest page.
int parse_count(const std::string& value, const RecordOptions& options);

}  // namespace meridian::record
