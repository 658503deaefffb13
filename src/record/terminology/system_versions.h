// Which versions of code systems an expansion uses, as it asks for them (FHIR R4, ValueSet-expand).
#pragma once
#include <map>
#include <string>
#include <vector>

#include "record/terminology/canonical_source.h"

namespace meridian::record {

// Another source, whose ValueSets say the versions that are asked for, each as "system|version".
class SystemVersions : public CanonicalSource {
 public:
  // defaults: where a ValueSet names none; checked: likewise, and another one is an error; forced: in any
  // case. Throws invalid_value for what is no such text.
  SystemVersions(const CanonicalSource& source, const std::vector<std::string>& defaults,
                 const std::vector<std::string>& checked, const std::vector<std::string>& forced);

  // The ValueSet with them. Throws invalid_value when it names another version than a checked one.
  Json settled(Json value_set) const;
  std::shared_ptr<const Json> find(std::string_view type, std::string_view canonical) const override;
  std::vector<std::string> maps_of(std::string_view system, bool reverse) const override {
    return source_.maps_of(system, reverse);
  }

 private:
  struct Asked {
    std::string version;
    bool checked = false, forced = false;
  };
  void add(const std::vector<std::string>& texts, bool checked, bool forced);
  void settle(Json& part) const;

  const CanonicalSource& source_;
  std::map<std::string, Asked> asked_;  // by the system
};

}  // namespace meridian::record
