#include "record/fhirpath/functions.h"

#include <unordered_map>

#include "record/fhirpath/function_tables.h"

namespace meridian::record::fhirpath {

const Function* find_function(std::string_view name) {
  static const auto by_name = [] {
    std::unordered_map<std::string_view, const Function*> map;
    for (const auto table : {existence_functions(), filter_functions(), conversion_functions(),
                             string_functions(), math_functions(), boundary_functions(), fhir_functions()})
      for (const Function& function : table) map.emplace(function.name, &function);
    return map;
  }();
  const auto found = by_name.find(name);
  return found == by_name.end() ? nullptr : found->second;
}

}  // namespace meridian::record::fhirpath
