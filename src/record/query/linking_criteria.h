// Criteria about other resources: chains, _has and _list. Either end may be the one with fewer resources, so
// each criterion can start at the other resource (finding) or at the one that is asked for (checking).
#pragma once
#include <string_view>

#include "record/query/criterion.h"

namespace meridian::record {

// subject:Patient.name: the references of the resource to those that the rest holds for. head:
// "subject:Patient"; rest: "name".
Criterion chain_criterion(std::string_view type, std::string_view head, std::string_view rest,
                          std::string_view value, const CriterionContext& context);
// _has:Observation:patient:code: those that a resource for which the rest holds refers to. name: without
// "_has:".
Criterion has_criterion(std::string_view type, std::string_view name, std::string_view value,
                        const CriterionContext& context);
// _list=ID: what the entries of these lists refer to.
Criterion list_criterion(std::string_view type, std::string_view value, const CriterionContext& context);
// FROM and WHERE of the rows x of reference_index that are the entries of these lists.
Sql on_lists(std::string_view value, const CriterionContext& context);

}  // namespace meridian::record
