// The search parameters of a resource type, compiled into one tree that is walked once for a resource.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "record/fhirpath/expression.h"
#include "record/search/keys.h"

namespace meridian::record {

struct PlanNode;

// Makes index entries of the value that the walk has come to.
struct PlanLeaf {
  const SearchParameter* parameter;
  KeyMaker make;
  std::string_view system;
};

struct PlanComposite {
  const SearchParameter* parameter;
  struct Component {
    std::unique_ptr<PlanNode> node;
    bool from_resource;  // the expression starts at %resource, not at the composite's element
  };
  std::vector<Component> components;
};

// What must hold for the walk to go on with a value: a member has the text, or it refers to a resource of the
// type.
struct PlanGuard {
  enum class Kind : std::uint8_t { equals, refers_to };
  Kind kind;
  std::string member, text;
  std::unique_ptr<PlanNode> node;
};

struct PlanEdge {
  std::string_view member;  // of the JSON object
  std::unique_ptr<PlanNode> node;
};

struct PlanNode {
  std::vector<PlanEdge> edges;  // sorted once the plan is complete
  std::vector<PlanGuard> guards;
  std::vector<PlanLeaf> leaves;
  std::vector<PlanComposite> composites;
};

struct Plan {
  PlanNode root;
  struct Interpreted {  // what the tree cannot express is left to the FHIRPath engine
    const SearchParameter* parameter;
    fhirpath::Expression expression;
  };
  std::vector<Interpreted> interpreted;
  std::vector<const SearchParameter*> of_strings;  // tokens that are strings, at least some of them
};

// The plan of a resource type; a null pointer for what is none. Made on first use, valid for ever.
const Plan* plan_of(std::string_view type);

}  // namespace meridian::record
