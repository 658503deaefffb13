// Coded values against value sets.
#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "record/fhirpath/value.h"
#include "record/terminology/value_set.h"

namespace meridian::record {

class ValueSetCheck {
 public:
  explicit ValueSetCheck(const CanonicalSource& source) : source_(source) {}

  // Whether a code, Coding, CodeableConcept (one of its codings) or Quantity (its unit) is in the value set;
  // nothing when that cannot be told here, or the value has no code. Throws too_large when all that was asked
  // for are too many value sets, or codes.
  std::optional<bool> contains(const std::string& value_set, const fhirpath::Element& element);

 private:
  using Codes = std::optional<std::set<SystemCode>>;
  const Codes& codes_of(const std::string& value_set, const std::optional<std::string>& system);
  std::optional<bool> contains_coding(const std::string& value_set, const Json& coding);
  std::optional<bool> contains_code(const std::string& value_set, const std::string& code);

  const CanonicalSource& source_;
  std::map<std::pair<std::string, std::optional<std::string>>, Codes> known_;
  std::size_t listed_ = 0;  // codes
};

}  // namespace meridian::record
