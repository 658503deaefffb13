// Lists that nobody keeps, but that say what is current (FHIR R4, lifecycle of lists: "current" functional
// lists).
#pragma once
#include <string>
#include <string_view>

namespace meridian::record {

// What _filter asks of a resource of the type to be on the list ("$current-problems"); empty where the list
// has none of the type. Throws not_supported for a list that there is not.
std::string filter_of_list(std::string_view list, std::string_view type);

}  // namespace meridian::record
