// What is in a ValueSet resource: its expansion, or what its compose element makes of code systems.
#pragma once
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/json.h"
#include "record/terminology/canonical_source.h"
#include "record/terminology/code_system.h"

namespace meridian::record {

struct SystemCode {
  std::string system, code;
  auto operator<=>(const SystemCode&) const = default;
};

struct ValueSetMember {
  SystemCode code;
  std::string display;
  Json designations = {};  // as FHIR writes them; null when there are none
  bool abstract = false;   // of the hierarchy, not to be chosen
  bool inactive = false;
};

class ValueSetReader {
 public:
  static constexpr std::size_t kMostMembers = 200'000;

  // Displays are in the language where there are some. only_system: members of other systems may be left out,
  // and systems that cannot be listed are no matter then.
  explicit ValueSetReader(const CanonicalSource& source, std::string language = {},
                          std::optional<std::string> only_system = {})
      : source_(source), language_(std::move(language)), only_system_(std::move(only_system)) {}

  // By its canonical. Throws not_found, not_supported for what cannot be listed here (the codes of a system
  // that nobody carries, a filter that is not known), and too_large.
  std::vector<ValueSetMember> members(const std::string& canonical) const { return of_url(canonical, 0); }
  std::vector<ValueSetMember> members(const Json& value_set) const { return expand(value_set, 0); }
  // A null pointer when nobody carries it with its concepts.
  std::shared_ptr<const CodeSystem> code_system(const std::string& canonical) const;

 private:
  std::vector<ValueSetMember> of_url(const std::string& canonical, int depth) const;
  std::vector<ValueSetMember> expand(const Json& value_set, int depth) const;
  std::vector<ValueSetMember> included(const Json& part, int depth) const;
  std::vector<ValueSetMember> of_system(const Json& part) const;
  std::vector<ValueSetMember> chosen(const Json& part, const CodeSystem* known) const;
  ValueSetMember member_of(const std::string& system, const Json& concept_) const;
  bool is_wanted(const std::string& system) const { return !only_system_ || *only_system_ == system; }

  const CanonicalSource& source_;
  const std::string language_;
  const std::optional<std::string> only_system_;
};

}  // namespace meridian::record
