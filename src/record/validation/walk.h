// Goes through a resource and finds what is not as R4's definitions say.
#pragma once
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "record/fhirpath/engine.h"
#include "record/validation/rules.h"
#include "record/validation/validator.h"

namespace meridian::record {

class ValidationWalk {
 public:
  // The resource, by itself.
  std::vector<Issue> run(const Json& resource);

 private:
  using Severity = Issue::Severity;
  struct Step {
    std::string_view name;
    std::ptrdiff_t index;  // in its list; -1 when it is none
  };
  struct ObjectState;

  void add(Severity severity, std::string_view code, std::string text);
  std::string expression() const;
  bool is_full() const;

  void check_resource(const Json& resource, bool contained);
  void check_object(const TypeDefinition& type, const Json& object);
  void check_member(const TypeDefinition& type, const Json& object, const Json::Member& member,
                    ObjectState& state);
  void check_companion(const PropertyDefinition& property, const Json& object, const Json& companion);
  void check_cardinality(const TypeDefinition& type, const ObjectState& state);
  void check_list(const PropertyDefinition& property, const Json& list, const Json* companions);
  void check_value(const PropertyDefinition& property, const Json& value);
  void check_companion_object(const TypeDefinition& type, const Json& companion);
  void check_extension(const Json& extension);
  void check_reference(const ElementType& type, const Json& reference);
  void check_binding(const ElementDefinition& element, const TypeDefinition& type, const Json& value);
  void check_rules(std::span<const Rule> rules, const fhirpath::Element& element);

  std::vector<Step> path_;
  std::vector<Issue> issues_;
  std::string root_name_;
  fhirpath::Environment environment_;
};

}  // namespace meridian::record
