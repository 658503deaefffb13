// Which codes are in a value set, and which are below or above a code: by FHIR's own definitions, and by the
// ValueSet and CodeSystem resources that the record holds.
#pragma once
#include <set>
#include <string>
#include <string_view>

#include "storage/database.h"

namespace meridian::record {

struct SystemCode {
  std::string system, code;
  auto operator<=>(const SystemCode&) const = default;
};
using CodeSet = std::set<SystemCode>;

class Terminology {
 public:
  static constexpr std::size_t kMostCodes = 2000;

  explicit Terminology(storage::Connection& connection) : connection_(connection) {}

  // By its canonical URL, also with |version, or as ValueSet/ID. Throws not_found, not_supported for what
  // cannot be listed here (the codes of a system that nobody carries), and too_large over kMostCodes.
  CodeSet codes_of(const std::string& value_set) const;
  // The code itself, and all that is narrower or broader. A code of an unknown system is alone.
  CodeSet below(const SystemCode& code) const;
  CodeSet above(const SystemCode& code) const;

 private:
  storage::Connection& connection_;
};

}  // namespace meridian::record
