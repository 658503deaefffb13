// One condition of a search, as SQL that finds the resources it holds for and SQL that checks one resource.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "record/definitions/definitions.h"
#include "record/query/sql.h"
#include "record/terminology/terminology.h"
#include "trust/principal.h"

namespace meridian::record {

struct Criterion {
  // The condition on a row r of resource that checks it. Nothing is computed that r does not need.
  Sql checking;
  // SELECT of one column, key: the resources it holds for, some of them repeatedly, row by row as an index
  // has them. Without text: it can only check.
  Sql finding;
  // finding goes along one index, in the order of the keys.
  bool in_key_order = false;
  // checking asks only for the key of r, which need not be a row of resource then.
  bool by_key = false;

  bool can_find() const { return !finding.text.empty(); }
  // Whichever is the better condition on r where nothing else limits r.
  Sql condition() const;
};

struct CriterionContext {
  std::string_view base_url;
  const trust::Principal& principal;  // whose role must allow to read each type on the way
  // The condition on a resource r on the way of a chain or _has: what may not be seen answers no question.
  Sql visible;
  const Terminology& terminology;
  int depth = 0;           // of chains
  bool in_filter = false;  // what only _filter can ask is allowed (conditions.h)
};

// Of a parameter's name with modifiers and chains ("subject:Patient.name:exact",
// "_has:Observation:patient:code", "_list", "_filter") and its value. Throws invalid_request for an unknown
// parameter or modifier, forbidden for a type that the principal's role may not read, invalid_value,
// not_supported.
Criterion criterion_of(std::string_view type, std::string_view name, std::string_view value,
                       const CriterionContext& context);

// A condition on the row r of resource, as a criterion that can only check.
Criterion criterion_on_resource(Sql condition);
// Throws invalid_request: the type has no such parameter.
[[noreturn]] void fail_unknown_parameter(std::string_view type, std::string_view name);

}  // namespace meridian::record
