#include "record/query/canonical_links.h"

#include "record/definitions/definitions.h"
#include "record/store/stored_fields.h"

namespace meridian::record {
namespace {

constexpr const char* kUrl = "substr(x.target_id || '|', 1, instr(x.target_id || '|', '|') - 1)";

// The fields of a parameter that all of the types have, "1, 2, 3": numbers of the program's own.
std::string fields_of(std::span<const std::string> types, std::string_view code) {
  std::string fields;
  for (const std::string& type : types)
    fields += (fields.empty() ? "" : ", ") + std::to_string(stored_field(type, code));
  return fields;
}

bool has(std::string_view type, std::string_view code, SearchType kind) {
  const SearchParameter* parameter = find_search_parameter(type, code);
  return parameter && parameter->type == kind;
}

}  // namespace

bool is_canonical(std::string_view type) {
  return has(type, "url", SearchType::uri) && has(type, "version", SearchType::token);
}

std::vector<std::string> canonical_types(std::span<const std::string_view> types) {
  std::vector<std::string> canonical;
  for (const std::string_view type : types.empty() ? resource_types() : types)
    if (is_canonical(type)) canonical.emplace_back(type);
  return canonical;
}

// Versions are tokens of strings, kept in lower case.
Sql names_by_url(std::span<const std::string> types) {
  const std::string url = kUrl;
  return {"u.field IN (" + fields_of(types, "url") + ") AND x.target_type = '' AND u.uri = " + url +
              " AND x.target_id >= u.uri AND x.target_id < u.uri || '}'"  // after |
              " AND (x.target_id = u.uri OR EXISTS (SELECT 1 FROM token_index v WHERE v.resource = u.resource"
              " AND v.field IN (" +
              fields_of(types, "version") + ") AND v.code = lower(substr(x.target_id, length(u.uri) + 2))))",
          {}};
}

}  // namespace meridian::record
