// The concepts of a CodeSystem resource and how they stand to each other.
#pragma once
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace meridian::record {

class CodeSystem {
 public:
  using Links = std::multimap<std::string, std::string>;

  // Nested concepts, and those that the properties "parent" and "child" name.
  explicit CodeSystem(std::shared_ptr<const Json> resource);

  const Json& resource() const { return *resource_; }
  // FHIR's CodeSystem.content says that it does not list its concepts.
  bool is_listed() const;
  // Whether what it does not list is none of its codes.
  bool is_complete() const;
  const std::vector<std::string>& codes() const { return codes_; }  // in their order
  // The concept of the resource, or a null pointer. Looks at the case unless the system says otherwise.
  const Json* find(const std::string& code) const;
  // Without the code itself; bounded also where the concepts stand in a circle.
  std::set<std::string> below(const std::string& code) const { return reachable(code, children_); }
  std::set<std::string> above(const std::string& code) const { return reachable(code, parents_); }
  const Links& children() const { return children_; }
  const Links& parents() const { return parents_; }

 private:
  void add(const std::string& code, const std::string& parent, const Json& concept_);
  void link(const std::string& child, const std::string& parent);
  void add_concepts(const Json::Array& concepts, const std::string& parent, int depth);
  static std::set<std::string> reachable(const std::string& from, const Links& links);
  std::string key_of(const std::string& code) const;

  std::shared_ptr<const Json> resource_;
  bool case_matters_;
  std::vector<std::string> codes_;
  std::map<std::string, const Json*> concepts_;
  Links children_, parents_;
};

// The value of a concept's property as text; empty when it has none. An instant's or a code's is as written.
std::vector<std::string> property_values(const Json& concept_, std::string_view property);
// By the property "inactive" or "status" (CodeSystem concept-properties).
bool is_inactive(const Json& concept_);
// Nobody should choose it: the property "notSelectable" or "abstract".
bool is_abstract(const Json& concept_);
// The display in the language, where there is one, else the concept's own.
std::string display_in(const Json& concept_, std::string_view language);

}  // namespace meridian::record
