// A profile: the snapshot of a StructureDefinition, made ready for checking resources against it.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "record/fhirpath/expression.h"

namespace meridian::record {

struct ProfileType {
  std::string code;                            // "Reference"
  std::vector<std::string> profiles, targets;  // canonicals
};

struct ProfileRule {
  std::string key, text;
  bool warning;
  fhirpath::Expression expression;
};

// How the values of a repeating or choice element are told apart (FHIR R4, profiling.html#discriminator).
struct Discriminator {
  enum class Kind : std::uint8_t { value, exists, type, profile };  // pattern is tested as value
  Kind kind;
  std::string path;
  fhirpath::Expression expression;  // of the path
};

struct Slicing {
  enum class Rules : std::uint8_t { open, closed, open_at_end };
  std::vector<Discriminator> discriminators;
  Rules rules = Rules::open;
  bool ordered = false;
};

// minValue[x] or maxValue[x].
struct ValueLimit {
  Json value;
  const TypeDefinition* type;  // a null pointer when R4 has none of its name
};

struct ProfileNode {
  static constexpr std::size_t kUnbounded = static_cast<std::size_t>(-1);
  std::string name;   // "value" of value[x]
  std::string slice;  // its name; empty for what is no slice
  std::size_t min = 0, max = kUnbounded;
  std::size_t max_length = kUnbounded;
  std::vector<ProfileType> types;
  std::optional<Json> fixed, pattern;
  std::optional<ValueLimit> least, most;  // the limits themselves are allowed
  std::string binding;                    // the value set of a required binding, else empty
  std::vector<ProfileRule> rules;         // beyond those of R4's types
  std::optional<Slicing> slicing;
  std::vector<std::unique_ptr<ProfileNode>> children, slices;

  const ProfileNode* child(std::string_view name) const;
};

struct Profile {
  std::string url;
  std::string type;  // "Patient"
  std::unique_ptr<ProfileNode> root;
};

// Throws invalid_structure for a StructureDefinition without a snapshot, or whose snapshot hangs together in
// no way.
Profile compile_profile(const Json& structure_definition);

}  // namespace meridian::record
