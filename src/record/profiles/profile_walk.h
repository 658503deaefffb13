// Goes through a resource and finds what is not as profiles say. That it is a resource of R4 is looked at
// elsewhere (record/validation).
#pragma once
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "record/fhirpath/engine.h"
#include "record/profiles/profile.h"
#include "record/profiles/references.h"
#include "record/profiles/value_set_check.h"
#include "record/terminology/canonical_source.h"
#include "record/terminology/code_system.h"
#include "record/validation/validator.h"

namespace meridian::record {

class ProfileWalk {
 public:
  // references: what the resource refers to elsewhere; without it that is not looked at.
  ProfileWalk(const CanonicalSource& source, const Json& resource, const References* references = nullptr);

  // Throws not_found for a profile that nobody has, invalid_structure for one that is broken, too_large when
  // its slices would have to be tried too often, and its expressions take too many steps or look up too much.
  void check(const std::string& profile);
  std::vector<Issue> take() { return std::move(issues_); }

 private:
  using Element = fhirpath::Element;
  using Severity = Issue::Severity;
  struct Step {
    std::string name;
    std::ptrdiff_t index;  // in its list; -1 when it is none
  };
  struct Placed {  // a value among those of its name
    Element element;
    Step step;
  };
  // The node that a discriminator's path leads to, and whether by way of a reference's target.
  struct Target {
    const ProfileNode* node = nullptr;
    bool resolved = false;
  };

  // Of the budget of all expressions.
  void spend(std::size_t steps);

  // What is wrong.
  void add(Severity severity, std::string_view code, std::string text);
  void add_error(std::string_view code, std::string text) { add(Severity::error, code, std::move(text)); }
  std::string expression() const;

  // What FHIRPath asks (walk_environment.cpp).
  void prepare_environment();
  std::optional<bool> subsumes(const Json& coding, const Json& other);
  bool is_in_slice_of(const Element& element, const std::string& structure, std::string_view slice);
  const Json* definition_of(const Element& element);
  const Json* resolve(const std::string& reference);

  // Profiles.
  const Profile* find_profile(const std::string& canonical);
  void check_profile(const Profile& profile, const Element& element);
  // Adds what is wrong with it when it conforms to none of them.
  void check_profiles(const std::vector<std::string>& profiles, const Element& element);
  bool conforms(const std::string& profile, const Element& element);

  // Elements.
  void check_value(const ProfileNode& node, const Element& element);
  void check_content(const ProfileNode& node, const Element& element);
  void check_type(const ProfileNode& node, const Element& element);
  void check_target(const ProfileType& type, const Element& element);
  void check_limits(const ProfileNode& node, const Element& element);
  // Whether it is below the least, or above the most; throws invalid_value where that cannot be told.
  bool is_beyond(const ValueLimit& limit, const Element& element, bool above) const;
  void check_binding(const ProfileNode& node, const Element& element);
  void check_rules(const ProfileNode& node, const Element& element);
  void check_children(const ProfileNode& node, const Element& element);
  void check_values(const ProfileNode& node, const std::vector<Placed>& values);
  void check_count(const ProfileNode& node, std::size_t count);
  void enter_resource(const Element& element);

  // Slices.
  void check_slices(const ProfileNode& node, const std::vector<Placed>& values);
  const ProfileNode* slice_of(const ProfileNode& node, const Element& element);
  bool is_in_slice(const ProfileNode& node, const ProfileNode& slice, const Element& element);
  bool passes(const Discriminator& discriminator, const ProfileNode& slice, const Element& element);
  bool has_type(const Target& target, const fhirpath::Collection& values);
  bool has_profile(const Target& target, const fhirpath::Collection& values);
  bool has_value(const ProfileNode& node, const Element& element);
  Target target_of(const ProfileNode& slice, std::string_view path);
  const ProfileNode* child_of(const ProfileNode& node, std::string_view segment);

  std::vector<Placed> values_of(const Element& element, const std::string& name) const;
  fhirpath::Collection evaluate(const fhirpath::Expression& expression, const Element& element);
  std::string type_of_target(const std::string& profile);

  const CanonicalSource& source_;
  const References* references_;
  ValueSetCheck value_sets_;
  std::map<std::string, std::shared_ptr<const Json>> resolved_;       // null pointers for what there is not
  std::map<std::string, std::unique_ptr<const CodeSystem>> systems_;  // likewise
  std::map<std::string, std::shared_ptr<const Json>> structures_;     // of R4's types, likewise
  fhirpath::Budget budget_;
  fhirpath::Environment environment_;
  std::map<std::string, std::unique_ptr<const Profile>> profiles_;  // null pointers for unknown ones
  std::set<std::pair<const Json*, const Profile*>> active_;         // so that circles of references end
  std::vector<Step> path_;
  std::vector<Issue> issues_;
  std::size_t checks_ = 0;
};

}  // namespace meridian::record
