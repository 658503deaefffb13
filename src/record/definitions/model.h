// What FHIR R4 says of every type: its elements, their types, cardinalities, bindings and rules.
#pragma once
#include <cstdint>
#include <span>
#include <string_view>

namespace meridian::record {

struct TypeDefinition;

struct Invariant {
  std::string_view key;         // "obs-6"
  std::string_view text;        // the rule in a sentence
  std::string_view expression;  // FHIRPath; true when the rule holds
  bool warning;                 // FHIR calls it a warning, not an error
};

struct ValueSetCode {
  std::string_view system, code;
};

struct ValueSetDefinition {
  std::string_view url;
  std::span<const ValueSetCode> codes;  // sorted by code, then by system
  bool enumerated;                      // false: of a code system that FHIR does not carry; codes is empty
};

struct ElementType {
  const TypeDefinition* type;
  std::span<const std::string_view>
      targets;  // of a Reference or canonical: the resource types it may point to
};

struct ElementDefinition {
  static constexpr std::uint16_t kUnbounded = 0xFFFF;
  std::string_view name;  // "value" of value[x]
  std::uint16_t min, max;
  bool choice;  // the JSON member bears the type's name: valueQuantity
  bool summary;
  bool modifier;
  bool xml_attribute;
  std::span<const ElementType> types;
  const ValueSetDefinition* binding;      // when required, else nullptr
  std::span<const Invariant> invariants;  // beyond those of its type
};

// A member that a JSON object of the type may have.
struct PropertyDefinition {
  std::string_view name;  // "valueQuantity"
  const ElementDefinition* element;
  const ElementType* type;
};

struct TypeDefinition {
  enum class Kind : std::uint8_t { primitive, complex, backbone, resource };
  std::string_view name;  // "Patient", "HumanName", "Patient.contact"
  Kind kind;
  bool abstract;
  const TypeDefinition* base;                      // nullptr for Element and Resource
  std::span<const ElementDefinition> elements;     // inherited ones too, in the order of XML
  std::span<const PropertyDefinition> properties;  // sorted by name
  std::span<const Invariant> invariants;

  bool is_primitive() const { return kind == Kind::primitive; }
  bool is_resource() const { return kind == Kind::resource; }
  // Whether it is the other type or specialises it.
  bool is_a(const TypeDefinition& other) const;
  // By the name of the JSON member, without the underscore; nullptr when the type has no such member.
  const PropertyDefinition* property(std::string_view json_name) const;
  // By the element's name; nullptr when the type has none such.
  const ElementDefinition* element(std::string_view name) const;
};

// All types, sorted by name.
std::span<const TypeDefinition> type_definitions();
// Every element of every type.
std::span<const ElementDefinition> element_definitions();
// "Patient", "HumanName", "code", "Patient.contact"; nullptr when R4 has none such.
const TypeDefinition* find_type(std::string_view name);
bool contains_code(const ValueSetDefinition& set, std::string_view code);
bool contains_code(const ValueSetDefinition& set, std::string_view system, std::string_view code);

}  // namespace meridian::record
