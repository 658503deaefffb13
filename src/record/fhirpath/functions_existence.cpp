// Existence and counting: empty, exists, all, count, distinct ...
#include <algorithm>

#include "record/fhirpath/evaluation.h"
#include "record/fhirpath/function_tables.h"
#include "record/fhirpath/operators.h"

namespace meridian::record::fhirpath {
namespace {

Collection empty(Evaluation&, const Collection& input, const Expression&) {
  return one(input.empty());
}

Collection exists(Evaluation& evaluation, const Collection& input, const Expression& call) {
  if (call.operands.empty()) return one(!input.empty());
  for (std::size_t i = 0; i < input.size(); ++i)
    if (truth(evaluation.evaluate_for(call.operands[0], input[i], i)).value_or(false)) return one(true);
  return one(false);
}

Collection all(Evaluation& evaluation, const Collection& input, const Expression& call) {
  for (std::size_t i = 0; i < input.size(); ++i)
    if (!truth(evaluation.evaluate_for(call.operands[0], input[i], i)).value_or(false)) return one(false);
  return one(true);
}

// Whether all are of the value, or any is.
template <bool Wanted, bool All>
Collection booleans(Evaluation&, const Collection& input, const Expression& call) {
  bool found = All;
  for (const Item& item : input) {
    const auto value = as_boolean(item);
    if (!value) evaluation_error(call.name + " applies to booleans, not to " + type_of(item).name);
    if (All && *value != Wanted) found = false;
    if (!All && *value == Wanted) found = true;
  }
  return one(found);
}

bool is_subset(const Collection& small, const Collection& large) {
  return std::ranges::all_of(small, [&](const Item& item) { return contains(large, item); });
}

Collection subset_of(Evaluation& evaluation, const Collection& input, const Expression& call) {
  const Collection other = evaluation.evaluate(call.operands[0]);
  evaluation.spend(input.size() * other.size());
  return one(is_subset(input, other));
}

Collection superset_of(Evaluation& evaluation, const Collection& input, const Expression& call) {
  const Collection other = evaluation.evaluate(call.operands[0]);
  evaluation.spend(input.size() * other.size());
  return one(is_subset(other, input));
}

Collection count(Evaluation&, const Collection& input, const Expression&) {
  return one(static_cast<std::int64_t>(input.size()));
}

Collection distinct_items(Evaluation& evaluation, const Collection& input, const Expression&) {
  evaluation.spend(input.size() * input.size() / 2);
  return distinct(input);
}

Collection is_distinct(Evaluation& evaluation, const Collection& input, const Expression&) {
  evaluation.spend(input.size() * input.size() / 2);
  return one(distinct(input).size() == input.size());
}

Collection negate(Evaluation&, const Collection& input, const Expression&) {
  const auto value = truth(input);
  return value ? one(!*value) : Collection();
}

constexpr Function kFunctions[] = {
    {"empty", 0, 0, empty},
    {"exists", 0, 1, exists},
    {"all", 1, 1, all},
    {"allTrue", 0, 0, booleans<true, true>},
    {"anyTrue", 0, 0, booleans<true, false>},
    {"allFalse", 0, 0, booleans<false, true>},
    {"anyFalse", 0, 0, booleans<false, false>},
    {"subsetOf", 1, 1, subset_of},
    {"supersetOf", 1, 1, superset_of},
    {"count", 0, 0, count},
    {"distinct", 0, 0, distinct_items},
    {"isDistinct", 0, 0, is_distinct},
    {"not", 0, 0, negate},
};

}  // namespace

std::span<const Function> existence_functions() {
  return kFunctions;
}

}  // namespace meridian::record::fhirpath
