// The concepts of a code system and how they stand to each other.
#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "base/json.h"

namespace meridian::record {

class CodeHierarchy {
 public:
  // Of FHIR's own definitions; nothing when they do not carry the system whole.
  static std::optional<CodeHierarchy> defined(std::string_view system);
  // Of a CodeSystem resource: nested concepts, and the property "parent".
  static CodeHierarchy of(const Json& code_system);

  const std::set<std::string>& codes() const { return codes_; }
  // Without the code itself; bounded also where the concepts stand in a circle.
  std::set<std::string> below(const std::string& code) const { return reachable(code, children_); }
  std::set<std::string> above(const std::string& code) const { return reachable(code, parents_); }

 private:
  using Links = std::multimap<std::string, std::string>;
  void add(const std::string& code, const std::string& parent);
  void add_concepts(const Json& concepts, const std::string& parent, int depth);
  static std::set<std::string> reachable(const std::string& from, const Links& links);

  std::set<std::string> codes_;
  Links children_, parents_;
};

}  // namespace meridian::record
