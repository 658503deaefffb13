#include "record/search/plan.h"

#include <algorithm>
#include <array>
#include <mutex>
#include <optional>
#include <unordered_map>

#include "base/error.h"
#include "record/fhirpath/functions.h"

namespace meridian::record {
namespace {

using fhirpath::Expression;
using fhirpath::Operator;
using Kind = Expression::Kind;

// A place in the tree, and what stands there.
struct Position {
  PlanNode* node;
  const TypeDefinition* type;
  const ElementDefinition* element;  // a null pointer at the root
};
using Positions = std::vector<Position>;

const TypeDefinition* named_type(std::string name) {
  if (const TypeDefinition* type = find_type(name)) return type;
  if (!name.empty() && name[0] >= 'A' && name[0] <= 'Z')
    name[0] = static_cast<char>(name[0] | 0x20);  // "DateTime"
  return find_type(name);
}

PlanNode* child(PlanNode& node, std::string_view member) {
  const auto found = std::ranges::find(node.edges, member, &PlanEdge::member);
  if (found != node.edges.end()) return found->node.get();
  return node.edges.emplace_back(PlanEdge{member, std::make_unique<PlanNode>()}).node.get();
}

PlanNode* guarded(PlanNode& node, PlanGuard::Kind kind, const std::string& member, const std::string& text) {
  for (PlanGuard& guard : node.guards)
    if (guard.kind == kind && guard.member == member && guard.text == text) return guard.node.get();
  return node.guards.emplace_back(PlanGuard{kind, member, text, std::make_unique<PlanNode>()}).node.get();
}

std::string literal_text(const Expression& expression) {
  if (expression.kind != Kind::literal || expression.value.size() != 1) return {};
  const auto* text = std::get_if<std::string>(&expression.value[0]);
  return text ? *text : std::string();
}

// Follows an expression through the tree, which grows on the way. Nothing when the tree cannot express it.
class Tracer {
 public:
  Tracer(Position root) : root_(root) {}

  std::optional<Positions> trace(const Expression& expression, const Positions& input) const {
    switch (expression.kind) {
      case Kind::member:
        return member(expression, input);
      case Kind::call:
        return call(expression, input);
      case Kind::path:
        return path(expression, input);
      case Kind::operation:
        return operation(expression, input);
      case Kind::variable:
        return expression.name == "resource" ? std::optional(Positions{root_}) : std::nullopt;
      default:
        return std::nullopt;
    }
  }

 private:
  std::optional<Positions> path(const Expression& expression, const Positions& input) const {
    std::optional<Positions> positions = input;
    for (const Expression& step : expression.operands) {
      positions = trace(step, *positions);
      if (!positions) break;
    }
    return positions;
  }

  std::optional<Positions> operation(const Expression& expression, const Positions& input) const {
    if (expression.op == Operator::as) {
      const auto positions = trace(expression.operands[0], input);
      return positions ? of_type(*positions, expression.name) : std::nullopt;
    }
    if (expression.op != Operator::unite) return std::nullopt;
    auto left = trace(expression.operands[0], input);
    const auto right = trace(expression.operands[1], input);
    if (!left || !right) return std::nullopt;
    left->insert(left->end(), right->begin(), right->end());
    return left;
  }

  static std::optional<Positions> member(const Expression& expression, const Positions& input) {
    Positions found;
    for (const Position& position : input) {
      if (const TypeDefinition* named = position.element ? nullptr : find_type(expression.name);
          named && named->is_resource()) {
        if (position.type->is_a(*named)) found.push_back(position);
        continue;
      }
      const ElementDefinition* element = position.type->element(expression.name);
      if (!element) continue;
      for (const PropertyDefinition& property : position.type->properties)
        if (property.element == element)
          found.push_back({child(*position.node, property.name), property.type->type, element});
    }
    return found;
  }

  static std::optional<Positions> of_type(const Positions& input, const std::string& name) {
    const TypeDefinition* type = named_type(name);
    if (!type) return std::nullopt;
    Positions found;
    for (const Position& position : input)
      if (position.type->is_a(*type)) found.push_back(position);
    return found;
  }

  static std::optional<Positions> call(const Expression& expression, const Positions& input) {
    const std::string_view name = expression.name;
    if (expression.operands.size() != 1) return std::nullopt;
    const Expression& argument = expression.operands[0];
    if (name == "as" || name == "ofType") return of_type(input, fhirpath::qualified_name(argument));
    if (name == "where") return where(argument, input);
    if (name == "extension" && !literal_text(argument).empty())
      return extension(literal_text(argument), input);
    return std::nullopt;
  }

  static std::optional<Positions> where(const Expression& criteria, const Positions& input) {
    if (criteria.kind != Kind::operation) return std::nullopt;
    const Expression& left = criteria.operands[0];
    if (criteria.op == Operator::is && left.kind == Kind::call && left.name == "resolve")
      return guard(input, PlanGuard::Kind::refers_to, {}, criteria.name);
    if (criteria.op == Operator::equal && left.kind == Kind::member &&
        !literal_text(criteria.operands[1]).empty())
      return guard(input, PlanGuard::Kind::equals, left.name, literal_text(criteria.operands[1]));
    return std::nullopt;
  }

  static Positions guard(const Positions& input, PlanGuard::Kind kind, const std::string& member,
                         const std::string& text) {
    Positions found;
    for (const Position& position : input)
      found.push_back({guarded(*position.node, kind, member, text), position.type, position.element});
    return found;
  }

  static std::optional<Positions> extension(const std::string& url, const Positions& input) {
    Positions found;
    for (const Position& position : input) {
      const ElementDefinition* element = position.type->element("extension");
      if (!element) return std::nullopt;
      found.push_back({child(*position.node, "extension"), element->types[0].type, element});
    }
    return guard(found, PlanGuard::Kind::equals, "url", url);
  }

  Position root_;
};

void add_leaves(const Positions& positions, const SearchParameter& parameter, SearchType search) {
  for (const Position& position : positions) {
    const KeyMaker make = key_maker(search, *position.type);
    if (!make) continue;
    const std::string_view system = position.element ? implied_system(*position.element) : std::string_view();
    position.node->leaves.push_back({&parameter, make, system});
  }
}

bool is_string(const Position& position) {
  static const KeyMaker make = key_maker(SearchType::token, *find_type("string"));
  return key_maker(SearchType::token, *position.type) == make;
}

bool starts_at_resource(const Expression& expression) {
  const Expression* first = &expression;
  while (first->kind == Kind::path || (first->kind == Kind::operation && !first->operands.empty()))
    first = &first->operands[0];
  return first->kind == Kind::variable;
}

class Compiler {
 public:
  Compiler(std::string_view type) : type_(type), definition_(find_type(type)) {}

  std::unique_ptr<Plan> run() {
    for (const SearchParameter* parameter : search_parameters(type_))
      if (!parameter->expression.empty()) add(*parameter);
    sort(plan_->root);
    return std::move(plan_);
  }

 private:
  Position root(PlanNode& node) const { return {&node, definition_, nullptr}; }

  void add(const SearchParameter& parameter) { add(parameter, fhirpath::parse(parameter.expression)); }

  // Alternatives of other resource types lead nowhere and add nothing.
  void add(const SearchParameter& parameter, const Expression& expression) {
    if (expression.kind == Kind::operation && expression.op == Operator::unite) {
      for (const Expression& operand : expression.operands) add(parameter, operand);
      return;
    }
    const Position start = root(plan_->root);
    const auto positions = Tracer(start).trace(expression, {start});
    if (!positions)
      plan_->interpreted.push_back({&parameter, expression});
    else if (parameter.type == SearchType::composite)
      add_composite(parameter, *positions);
    else
      add_leaves(*positions, parameter, parameter.type);
    if (positions && parameter.type == SearchType::token && std::ranges::any_of(*positions, is_string))
      plan_->of_strings.push_back(&parameter);
  }

  void add_composite(const SearchParameter& parameter, const Positions& positions) {
    for (const Position& position : positions) {
      PlanComposite composite{&parameter, {}};
      for (const SearchComponent& component : parameter.components)
        composite.components.push_back(component_of(parameter, component, position));
      position.node->composites.push_back(std::move(composite));
    }
  }

  PlanComposite::Component component_of(const SearchParameter& parameter, const SearchComponent& component,
                                        const Position& base) const {
    auto node = std::make_unique<PlanNode>();
    const Expression expression = fhirpath::parse(component.expression);
    const bool from_resource = starts_at_resource(expression);
    const Position here{node.get(), base.type, base.element};
    const auto positions = Tracer(root(*node)).trace(expression, {from_resource ? root(*node) : here});
    const SearchParameter* definition = find_search_parameter(type_, component.definition);
    if (!positions || !definition)
      throw Error(ErrorCode::internal, "A component of a search parameter cannot be compiled",
                  std::string(component.expression));
    add_leaves(*positions, parameter, definition->type);
    sort(*node);
    return {std::move(node), from_resource};
  }

  static void sort(PlanNode& node) {
    std::ranges::sort(node.edges, {}, &PlanEdge::member);
    for (PlanEdge& edge : node.edges) sort(*edge.node);
    for (PlanGuard& guard : node.guards) sort(*guard.node);
  }

  std::string_view type_;
  const TypeDefinition* definition_;
  std::unique_ptr<Plan> plan_ = std::make_unique<Plan>();
};

}  // namespace

const Plan* plan_of(std::string_view type) {
  const auto types = resource_types();
  const auto found = std::ranges::lower_bound(types, type);
  if (found == types.end() || *found != type) return nullptr;
  struct Slot {
    std::once_flag once;
    std::unique_ptr<Plan> plan;
  };
  static std::vector<Slot> slots(types.size());
  Slot& slot = slots[static_cast<std::size_t>(found - types.begin())];
  std::call_once(slot.once, [&] { slot.plan = Compiler(*found).run(); });
  return slot.plan.get();
}

}  // namespace meridian::record
