// GraphQL queries (spec.graphql.org, October 2021): the part of the language that FHIR R4's graphql.html uses
// to read.
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"

namespace meridian::record {

struct GraphSelection {
  std::string alias, name;   // of a field; a fragment of no type has none
  std::string on_type;       // of "... on TYPE"; else empty
  bool is_fragment = false;  // its selections stand where it stands
  std::vector<std::pair<std::string, Json>> arguments;
  bool first = false, singleton = false;  // @first: the first of the list; @singleton: it has one
  bool flatten = false;  // @flatten: its fields stand where it stands, each as a list of all there are
  std::string
      slice;  // @slice(fhirpath): a list becomes a field an item, named by this; "$index" by its place
  std::vector<GraphSelection> selections;
};

// The selections of the one query in the text, with fragments and variables put in, and without what @skip
// and @include leave out. Throws invalid_syntax with the place; not_supported for mutations, subscriptions
// and other directives; invalid_value for a variable that is missing; too_large over the limits.
std::vector<GraphSelection> parse_graph_query(std::string_view text, const Json& variables);

}  // namespace meridian::record
