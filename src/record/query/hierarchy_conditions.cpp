// References to a resource, or to what stands above or below it: wards of a house, stays within a stay.
#include "base/error.h"
#include "record/query/conditions.h"
#include "record/store/stored_fields.h"
#include "record/store/visibility.h"

namespace meridian::record {
namespace {

// The parameter by which resources of the type are parts of others of it (FHIR R4, 3.1.1.4.14): partof of a
// Location. A null pointer where there is none.
const SearchParameter* part_of(std::string_view type) {
  for (const std::string_view code : {"partof", "part-of"}) {
    const SearchParameter* parameter = find_search_parameter(type, code);
    if (parameter && parameter->type == SearchType::reference && parameter->targets.size() == 1 &&
        parameter->targets[0] == type)
      return parameter;
  }
  return nullptr;
}

// Resources that the principal may not see lead no further. UNION ends circles.
Sql to_relative(const std::string& type, const std::string& id, bool below,
                const trust::Principal& principal) {
  const std::string field = std::to_string(stored_field(type, part_of(type)->code));
  Sql sql{
      "x.target_type = ? AND x.target_id IN (WITH RECURSIVE related (id) AS (SELECT r.id FROM resource r "
      "WHERE r.type = ? AND r.id = ? UNION ",
      {type, type, id}};
  if (below)
    sql.add("SELECT r.id FROM related CROSS JOIN reference_index y ON y.field = " + field +
                " AND y.target_id = related.id AND y.target_type = ? CROSS JOIN resource r ON r.key = "
                "y.resource WHERE r.deleted = 0 AND ",
            {type});
  else
    sql.add(
        "SELECT y.target_id FROM related CROSS JOIN resource r ON r.type = ? AND r.id = related.id CROSS "
        "JOIN reference_index y ON y.resource = r.key AND y.field = " +
            field + " AND y.target_type = r.type WHERE r.deleted = 0 AND ",
        {type});
  return sql.add(visible_to(principal)).add(") SELECT id FROM related UNION SELECT ?)", {id});
}

}  // namespace

std::vector<Sql> hierarchy_conditions(const ConditionRequest& request, const std::string& type,
                                      const std::string& id) {
  std::vector<std::string_view> types{type};
  if (type.empty()) {
    const auto targets = request.parameter.targets;
    types.assign(targets.begin(), targets.end());
  }
  std::erase_if(types, [](std::string_view one) { return !part_of(one); });
  if (types.empty())
    throw Error(ErrorCode::invalid_request,
                "What " + std::string(request.parameter.code) +
                    " leads to is not part of others of its type, so that nothing is above or below",
                std::string(request.parameter.code));
  // As in chains, what the role may not read is not asked, and told where nothing else can be.
  std::vector<Sql> alternatives;
  for (const std::string_view one : types)
    if (trust::role_may(request.principal->role, trust::Act::read, one))
      alternatives.push_back(
          to_relative(std::string(one), id, request.modifier == "below", *request.principal));
  if (alternatives.empty()) require_role(*request.principal, trust::Act::read, types.front());
  return alternatives;
}

}  // namespace meridian::record
