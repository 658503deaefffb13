// Filtering, projection, subsetting, combining, navigation: where, select, repeat, first, union, children ...
#include <algorithm>

#include "record/fhirpath/evaluation.h"
#include "record/fhirpath/function_tables.h"
#include "record/fhirpath/navigation.h"
#include "record/fhirpath/operators.h"

namespace meridian::record::fhirpath {
namespace {

void append(Collection& to, const Collection& from) {
  to.insert(to.end(), from.begin(), from.end());
}

Collection slice(const Collection& input, std::int64_t from, std::int64_t to) {
  const auto size = static_cast<std::int64_t>(input.size());
  from = std::clamp<std::int64_t>(from, 0, size);
  to = std::clamp(to, from, size);
  return Collection(input.begin() + from, input.begin() + to);
}

Collection where(Evaluation& evaluation, const Collection& input, const Expression& call) {
  Collection kept;
  for (std::size_t i = 0; i < input.size(); ++i)
    if (truth(evaluation.evaluate_for(call.operands[0], input[i], i)).value_or(false))
      kept.push_back(input[i]);
  return kept;
}

Collection select(Evaluation& evaluation, const Collection& input, const Expression& call) {
  Collection out;
  for (std::size_t i = 0; i < input.size(); ++i)
    append(out, evaluation.evaluate_for(call.operands[0], input[i], i));
  return out;
}

Collection repeat(Evaluation& evaluation, const Collection& input, const Expression& call) {
  Collection out, waiting = input;
  while (!waiting.empty()) {
    Collection next;
    for (std::size_t i = 0; i < waiting.size(); ++i) {
      for (const Item& item : evaluation.evaluate_for(call.operands[0], waiting[i], i)) {
        evaluation.spend(out.size());
        if (contains(out, item)) continue;
        out.push_back(item);
        next.push_back(item);
      }
    }
    waiting = std::move(next);
  }
  return out;
}

Collection of_type(Evaluation&, const Collection& input, const Expression& call) {
  const std::string name = qualified_name(call.operands[0]);
  Collection kept;
  for (const Item& item : input)
    if (is_exact_type(item, name)) kept.push_back(item);
  return kept;
}

Collection as_type(Evaluation& evaluation, const Collection& input, const Expression& call) {
  if (!evaluation.environment().as_filters) only_item(input, "The input of as()");
  return of_type(evaluation, input, call);
}

Collection is_of_type(Evaluation&, const Collection& input, const Expression& call) {
  const Item* item = only_item(input, "The input of is()");
  return item ? one(is_type(*item, qualified_name(call.operands[0]))) : Collection();
}

Collection single(Evaluation&, const Collection& input, const Expression&) {
  only_item(input, "The input of single()");
  return input;
}

Collection first(Evaluation&, const Collection& input, const Expression&) {
  return slice(input, 0, 1);
}

Collection last(Evaluation&, const Collection& input, const Expression&) {
  return input.empty() ? Collection() : one(input.back());
}

Collection tail(Evaluation&, const Collection& input, const Expression&) {
  return slice(input, 1, INT64_MAX);
}

Collection skip(Evaluation& evaluation, const Collection& input, const Expression& call) {
  return slice(input, evaluation.integer_argument(call, 0).value_or(0), INT64_MAX);
}

Collection take(Evaluation& evaluation, const Collection& input, const Expression& call) {
  return slice(input, 0, evaluation.integer_argument(call, 0).value_or(0));
}

Collection intersect(Evaluation& evaluation, const Collection& input, const Expression& call) {
  const Collection other = evaluation.evaluate(call.operands[0]);
  evaluation.spend(input.size() * other.size());
  Collection kept;
  for (const Item& item : input)
    if (contains(other, item) && !contains(kept, item)) kept.push_back(item);
  return kept;
}

Collection exclude(Evaluation& evaluation, const Collection& input, const Expression& call) {
  const Collection other = evaluation.evaluate(call.operands[0]);
  evaluation.spend(input.size() * other.size());
  Collection kept;
  for (const Item& item : input)
    if (!contains(other, item)) kept.push_back(item);
  return kept;
}

Collection combine(Evaluation& evaluation, const Collection& input, const Expression& call) {
  Collection both = input;
  append(both, evaluation.evaluate(call.operands[0]));
  return both;
}

Collection unite(Evaluation& evaluation, const Collection& input, const Expression& call) {
  const Collection both = combine(evaluation, input, call);
  evaluation.spend(both.size() * both.size() / 2);
  return distinct(both);
}

void append_children_of(const Collection& parents, Collection& out) {
  for (const Item& item : parents)
    if (const auto* element = std::get_if<Element>(&item)) append_all_children(*element, out);
}

Collection children(Evaluation& evaluation, const Collection& input, const Expression&) {
  Collection out;
  append_children_of(input, out);
  evaluation.spend(out.size());
  return out;
}

Collection descendants(Evaluation& evaluation, const Collection& input, const Expression&) {
  Collection out, level = input;
  while (!level.empty()) {
    Collection next;
    append_children_of(level, next);
    evaluation.spend(next.size());
    append(out, next);
    level = std::move(next);
  }
  return out;
}

Collection iif(Evaluation& evaluation, const Collection& input, const Expression& call) {
  only_item(input, "The input of iif()");
  const Collection condition = evaluation.evaluate_on(call.operands[0], input);
  const Item* item = only_item(condition, "The condition of iif()");
  if (item && !as_boolean(*item)) evaluation_error("The condition of iif() must be a boolean");
  if (item && *as_boolean(*item)) return evaluation.evaluate_on(call.operands[1], input);
  return call.operands.size() > 2 ? evaluation.evaluate_on(call.operands[2], input) : Collection();
}

Collection aggregate(Evaluation& evaluation, const Collection& input, const Expression& call) {
  Collection total = call.operands.size() > 1 ? evaluation.evaluate(call.operands[1]) : Collection();
  for (std::size_t i = 0; i < input.size(); ++i) {
    Collection next = evaluation.evaluate_for(call.operands[0], input[i], i, &total);
    total = std::move(next);
  }
  return total;
}

Collection trace(Evaluation& evaluation, const Collection& input, const Expression& call) {
  const std::string name = evaluation.text_argument(call, 0).value_or("");
  if (evaluation.environment().trace)
    evaluation.environment().trace(
        name, call.operands.size() > 1 ? select(evaluation, input, {.operands = {call.operands[1]}}) : input);
  return input;
}

// One key that items are sorted by: its values, and whether the greatest comes first.
struct SortKey {
  std::vector<Collection> values;
  bool descending = false;
};

SortKey sort_key(Evaluation& evaluation, const Collection& input, const Expression& key) {
  SortKey result;
  result.descending = key.kind == Expression::Kind::negative;
  const Expression& value = result.descending ? key.operands[0] : key;
  for (std::size_t i = 0; i < input.size(); ++i)
    result.values.push_back(evaluation.evaluate_for(value, input[i], i));
  return result;
}

// Items without a value come first, whatever the direction.
std::strong_ordering order_of(const Collection& a, const Collection& b, bool descending) {
  const Item *x = only_item(a, "A sort key"), *y = only_item(b, "A sort key");
  if (!x || !y) return (x != nullptr) <=> (y != nullptr);
  const auto order = compare(*x, *y).value_or(std::strong_ordering::equal);
  return descending ? 0 <=> order : order;
}

Collection sort(Evaluation& evaluation, const Collection& input, const Expression& call) {
  std::vector<SortKey> keys;
  const Expression self{.kind = Expression::Kind::this_item};
  for (const Expression& operand : call.operands) keys.push_back(sort_key(evaluation, input, operand));
  if (keys.empty()) keys.push_back(sort_key(evaluation, input, self));
  std::vector<std::size_t> order(input.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) {
    for (const SortKey& key : keys)
      if (const auto order = order_of(key.values[a], key.values[b], key.descending); order != 0)
        return order < 0;
    return false;
  });
  Collection sorted;
  for (const std::size_t place : order) sorted.push_back(input[place]);
  return sorted;
}

constexpr Function kFunctions[] = {
    {"where", 1, 1, where},
    {"select", 1, 1, select},
    {"repeat", 1, 1, repeat},
    {"ofType", 1, 1, of_type},
    {"as", 1, 1, as_type},
    {"is", 1, 1, is_of_type},
    {"single", 0, 0, single},
    {"first", 0, 0, first},
    {"last", 0, 0, last},
    {"tail", 0, 0, tail},
    {"skip", 1, 1, skip},
    {"take", 1, 1, take},
    {"intersect", 1, 1, intersect},
    {"exclude", 1, 1, exclude},
    {"combine", 1, 1, combine},
    {"union", 1, 1, unite},
    {"children", 0, 0, children},
    {"descendants", 0, 0, descendants},
    {"iif", 2, 3, iif},
    {"aggregate", 1, 2, aggregate},
    {"trace", 1, 2, trace},
    {"sort", 0, 255, sort},
};

}  // namespace

std::span<const Function> filter_functions() {
  return kFunctions;
}

}  // namespace meridian::record::fhirpath
