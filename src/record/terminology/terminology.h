// Which codes are in a value set, and which are below or above a code, for searches.
#pragma once
#include <set>
#include <string>

#include "record/terminology/value_set.h"

namespace meridian::record {

using CodeSet = std::set<SystemCode>;

class Terminology {
 public:
  static constexpr std::size_t kMostCodes = 20'000;

  // By FHIR's own definitions, and by the ValueSet and CodeSystem resources that the record holds.
  explicit Terminology(storage::Connection& connection) : connection_(connection) {}
  Terminology(const Terminology&) = delete;
  Terminology& operator=(const Terminology&) = delete;

  // By its canonical URL, also with |version, or as ValueSet/ID. Throws what ValueSetReader throws, and
  // too_large over kMostCodes.
  CodeSet codes_of(const std::string& value_set) const;
  // The code itself, and all that is narrower or broader. Throws not_supported where the system's concepts
  // are not known.
  CodeSet below(const SystemCode& code) const { return related(code, &CodeSystem::below); }
  CodeSet above(const SystemCode& code) const { return related(code, &CodeSystem::above); }

 private:
  using Relation = std::set<std::string> (CodeSystem::*)(const std::string&) const;
  CodeSet related(const SystemCode& code, Relation relation) const;

  storage::Connection& connection_;
  const DefinedCanonicals defined_ = {};
  const StoredCanonicals source_{connection_, defined_};
};

}  // namespace meridian::record
