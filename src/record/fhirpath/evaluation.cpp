#include "record/fhirpath/evaluation.h"

#include <algorithm>

#include "record/fhirpath/functions.h"
#include "record/fhirpath/navigation.h"
#include "record/fhirpath/operators.h"

namespace meridian::record::fhirpath {
namespace {

using Kind = Expression::Kind;
constexpr int kDeepest = 400;
constexpr std::size_t kComparisonsPerStep = 64;  // of items that are united

Collection truth_value(std::optional<bool> value) {
  return maybe(value);
}

// %`vs-administrative-gender`, %`ext-patient-birthTime`
std::optional<std::string> well_known(std::string_view name) {
  if (name == "sct") return "http://snomed.info/sct";
  if (name == "loinc") return "http://loinc.org";
  if (name == "ucum") return "http://unitsofmeasure.org";
  if (name.starts_with("vs-")) return "http://hl7.org/fhir/ValueSet/" + std::string(name.substr(3));
  if (name.starts_with("ext-"))
    return "http://hl7.org/fhir/StructureDefinition/" + std::string(name.substr(4));
  return std::nullopt;
}

// Members of what is no element: of a type, of a quantity.
void append_value_member(const Item& item, std::string_view name, Collection& out) {
  if (const auto* type = std::get_if<TypeNamePointer>(&item)) {
    if (name == "namespace") out.emplace_back((*type)->space);
    if (name == "name") out.emplace_back((*type)->name);
  }
  if (const auto* quantity = std::get_if<QuantityPointer>(&item)) {
    if (name == "value") out.emplace_back((*quantity)->value);
    if (name == "unit") out.emplace_back((*quantity)->unit);
  }
}

// "Patient" at the start of an expression on a Patient.
bool names_its_type(const Element& element, std::string_view name) {
  if (!element.type || name.empty() || name[0] < 'A' || name[0] > 'Z') return false;
  const TypeDefinition* named = find_type(name);
  return named && element.type->is_a(*named);
}

std::optional<bool> ordered(Operator op, const Collection& left, const Collection& right) {
  const Item *a = only_item(left, "The left operand"), *b = only_item(right, "The right operand");
  if (!a || !b) return std::nullopt;
  const auto order = compare(*a, *b);
  if (!order) return std::nullopt;
  switch (op) {
    case Operator::less:
      return *order < 0;
    case Operator::less_or_equal:
      return *order <= 0;
    case Operator::greater:
      return *order > 0;
    default:
      return *order >= 0;
  }
}

std::optional<bool> negated(std::optional<bool> value) {
  return value ? std::optional(!*value) : std::nullopt;
}

Collection united(const Collection& left, const Collection& right) {
  Collection both = left;
  both.insert(both.end(), right.begin(), right.end());
  return distinct(both);
}

bool is_call(const Expression& expression, std::initializer_list<std::string_view> names) {
  return expression.kind == Kind::call && std::ranges::find(names, expression.name) != names.end();
}

// What strictness forbids and no value shows: a place in what has no order, an element that a type does not
// have.
void check_path(const Expression& path) {
  bool unordered = false;
  for (const Expression& step : path.operands) {
    const bool by_place =
        step.kind == Kind::item_at || is_call(step, {"first", "last", "tail", "skip", "take"});
    if (unordered && by_place)
      evaluation_error("children() and descendants() have no order to take a place of");
    unordered = unordered || is_call(step, {"children", "descendants"});
  }
  const Expression &first = path.operands[0], &second = path.operands[1];
  if (first.kind != Kind::operation || first.op != Operator::as || second.kind != Kind::member) return;
  const TypeDefinition* type = find_type(first.name);
  if (type && !type->element(second.name)) evaluation_error(first.name + " has no element " + second.name);
}

// Whether the only item of `item` is in the collection.
std::optional<bool> member_of(const Collection& item, const Collection& collection) {
  const Item* wanted = only_item(item, "The item that is looked for");
  return wanted ? std::optional(contains(collection, *wanted)) : std::nullopt;
}

}  // namespace

const Item* only_item(const Collection& collection, std::string_view what) {
  if (collection.size() > 1)
    evaluation_error(std::string(what) + " must be one value, and is " + std::to_string(collection.size()));
  return collection.empty() ? nullptr : &collection[0];
}

std::optional<bool> truth(const Collection& collection) {
  const Item* item = only_item(collection, "A condition");
  return item ? std::optional(as_boolean(*item).value_or(true)) : std::nullopt;
}

void Evaluation::spend(std::size_t steps) {
  Budget* shared = environment_.shared;
  if (steps > steps_ || (shared && steps > shared->steps))
    throw Error(ErrorCode::too_large, "The FHIRPath expression takes too many steps", {},
                "Make it select less at once");
  steps_ -= steps;
  if (shared) shared->steps -= steps;
}

Collection Evaluation::evaluate(const Expression& expression, const Collection& input) {
  spend(1 + input.size());
  switch (expression.kind) {
    case Kind::literal:
      return expression.value;
    case Kind::member:
      return member(expression, input);
    case Kind::path:
      return path(expression, input);
    case Kind::this_item:
      return *focus_;
    case Kind::index:
      return one(static_cast<std::int64_t>(index_));
    case Kind::total:
      if (!total_) return {};
      spend(total_->size());
      return *total_;
    case Kind::variable:
      return variable(expression.name);
    default:
      break;
  }
  if (++depth_ > kDeepest)
    throw Error(ErrorCode::too_large, "The FHIRPath expression calls itself too deeply");
  Collection result;
  if (expression.kind == Kind::call)
    result = expression.function->apply(*this, input, expression);
  else if (expression.kind == Kind::item_at)
    result = item_at(expression, input);
  else if (expression.kind == Kind::operation)
    result = operation(expression, input);
  else
    result = signed_value(expression, input);
  --depth_;
  return result;
}

Collection Evaluation::evaluate_for(const Expression& expression, const Item& item, std::size_t index,
                                    const Collection* total) {
  const Collection focus = one(item);
  const auto saved = std::tuple(focus_, index_, total_);
  focus_ = &focus;
  index_ = index;
  if (total) total_ = total;
  Collection result = evaluate(expression, focus);
  std::tie(focus_, index_, total_) = saved;
  return result;
}

Collection Evaluation::evaluate_on(const Expression& expression, const Collection& input) {
  const Collection* saved = focus_;
  focus_ = &input;
  Collection result = evaluate(expression, input);
  focus_ = saved;
  return result;
}

Collection Evaluation::member(const Expression& expression, const Collection& input) {
  Collection out;
  for (const Item& item : input) {
    const auto* element = std::get_if<Element>(&item);
    if (!element) {
      append_value_member(item, expression.name, out);
      continue;
    }
    if (&input == focus_ && names_its_type(*element, expression.name)) {
      out.push_back(item);
      continue;
    }
    const bool known = append_children(*element, expression.name, out);
    // The JSON name of a choice (valueQuantity) is never one of FHIRPath's.
    if (!known && (environment_.strict || element->type->property(expression.name)))
      evaluation_error(std::string(element->type->name) + " has no element " + expression.name);
  }
  return out;
}

Collection Evaluation::path(const Expression& expression, const Collection& input) {
  if (environment_.strict) check_path(expression);
  Collection current = evaluate(expression.operands[0], input);
  for (std::size_t i = 1; i < expression.operands.size(); ++i)
    current = evaluate(expression.operands[i], current);
  return current;
}

Collection Evaluation::variable(const std::string& name) {
  if (name == "context") return context_;
  if (name == "resource") return one(environment_.resource);
  if (name == "rootResource") return one(environment_.root_resource);
  if (environment_.variable)
    if (auto value = environment_.variable(name)) return *value;
  if (auto value = well_known(name)) return one(std::move(*value));
  evaluation_error("There is no variable %" + name);
}

Collection Evaluation::item_at(const Expression& expression, const Collection& input) {
  const Collection place = evaluate(expression.operands[0]);
  const Item* item = only_item(place, "An index");
  if (!item) return {};
  const auto index = as_integer(*item);
  if (!index) evaluation_error("An index must be a whole number");
  if (*index < 0 || static_cast<std::size_t>(*index) >= input.size()) return {};
  return one(input[static_cast<std::size_t>(*index)]);
}

Collection Evaluation::signed_value(const Expression& expression, const Collection& input) {
  const Collection value = evaluate(expression.operands[0], input);
  const Item* item = only_item(value, "The operand of a sign");
  if (!item) return {};
  const bool negative = expression.kind == Kind::negative;
  if (const auto whole = as_integer(*item)) return one(negative ? -*whole : *whole);
  if (const auto decimal = as_decimal(*item)) return one(negative ? decimal->negated() : *decimal);
  if (auto quantity = as_quantity(*item)) {
    if (negative) quantity->value = quantity->value.negated();
    return one(std::make_shared<const Quantity>(*quantity));
  }
  evaluation_error("A sign stands before numbers, not before " + type_of(*item).name);
}

Collection Evaluation::logic(const Expression& expression, const Collection& input) {
  const auto left = truth(evaluate(expression.operands[0], input));
  const Operator op = expression.op;
  if (left) {
    if (op == Operator::logical_and && !*left) return one(false);
    if (op == Operator::logical_or && *left) return one(true);
    if (op == Operator::implies && !*left) return one(true);
  }
  const auto right = truth(evaluate(expression.operands[1], input));
  switch (op) {
    case Operator::logical_and:
      return right && !*right ? one(false) : left && right ? one(true) : Collection();
    case Operator::logical_or:
      return right && *right ? one(true) : left && right ? one(false) : Collection();
    case Operator::implies:
      return right && *right ? one(true) : left && right ? one(false) : Collection();
    default:
      return left && right ? one(*left != *right) : Collection();
  }
}

Collection Evaluation::operation(const Expression& expression, const Collection& input) {
  const Operator op = expression.op;
  if (op <= Operator::logical_and) return logic(expression, input);
  const Collection left = evaluate(expression.operands[0], input);
  if (op == Operator::is) {
    const Item* item = only_item(left, "The operand of is");
    return item ? one(is_type(*item, expression.name)) : Collection();
  }
  if (op == Operator::as) {
    if (!environment_.as_filters) only_item(left, "The operand of as");
    Collection kept;
    for (const Item& item : left)
      if (is_exact_type(item, expression.name)) kept.push_back(item);
    return kept;
  }
  const Collection right = evaluate(expression.operands[1], input);
  spend(left.size() * right.size());
  switch (op) {
    case Operator::in:
      return truth_value(member_of(left, right));
    case Operator::contains:
      return truth_value(member_of(right, left));
    case Operator::equal:
      return truth_value(equal(left, right));
    case Operator::not_equal:
      return truth_value(negated(equal(left, right)));
    case Operator::equivalent:
      return one(equivalent(left, right));
    case Operator::not_equivalent:
      return one(!equivalent(left, right));
    case Operator::less:
    case Operator::less_or_equal:
    case Operator::greater:
    case Operator::greater_or_equal:
      return truth_value(ordered(op, left, right));
    case Operator::unite:
      spend((left.size() + right.size()) * (left.size() + right.size()) / kComparisonsPerStep);
      return united(left, right);
    default:
      break;
  }
  Collection result = calculate(op, left, right);
  if (const auto text = result.empty() ? std::nullopt : as_text(result[0]))
    spend(text->size() / kBytesPerStep);
  return result;
}

std::optional<std::string> Evaluation::text_argument(const Expression& call, std::size_t index) {
  if (index >= call.operands.size()) return std::nullopt;
  const Collection value = evaluate(call.operands[index]);
  const Item* item = only_item(value, "An argument of " + call.name);
  if (!item) return std::nullopt;
  const auto text = as_text(*item);
  if (!text) evaluation_error("An argument of " + call.name + " must be a string");
  return std::string(*text);
}

std::optional<std::int64_t> Evaluation::integer_argument(const Expression& call, std::size_t index) {
  if (index >= call.operands.size()) return std::nullopt;
  const Collection value = evaluate(call.operands[index]);
  const Item* item = only_item(value, "An argument of " + call.name);
  if (!item) return std::nullopt;
  const auto number = as_integer(*item);
  if (!number) evaluation_error("An argument of " + call.name + " must be a whole number");
  return number;
}

Collection evaluate(const Expression& expression, const Collection& context, const Environment& environment) {
  return Evaluation(environment, context).evaluate(expression);
}

Collection evaluate(const Expression& expression, const Element& context, const Environment& environment) {
  return evaluate(expression, one(context), environment);
}

Environment environment_of(const Json& resource) {
  Environment environment;
  environment.resource = environment.root_resource = resource_element(resource);
  return environment;
}

}  // namespace meridian::record::fhirpath
