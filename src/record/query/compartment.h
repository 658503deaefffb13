// Where a search looks: in the whole record, or in a compartment (FHIR R4, http.html#vsearch).
#pragma once
#include <string>

#include "record/query/criterion.h"

namespace meridian::record {

struct SearchAddress {
  std::string type;             // empty: all types, or those of _type
  std::string compartment, id;  // "Patient" and its id; empty: the whole record
};

// Of "", "Patient", "Patient/ID/Observation" or "Patient/ID/*". Throws not_found for what is no type and what
// is not in the compartment, invalid_value for what is no id.
SearchAddress parse_address(const std::string& text);
bool is_in_compartment(const SearchAddress& address, std::string_view type);
// That resources of the type are in the compartment.
Criterion compartment_criterion(const SearchAddress& address, std::string_view type,
                                const CriterionContext& context);

}  // namespace meridian::record
