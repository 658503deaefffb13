// What a resource is found by: the values of every search parameter, extracted by its FHIRPath expression.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/json.h"
#include "record/definitions/definitions.h"

namespace meridian::record {

struct StringKey {
  std::string exact;
  std::string folded;  // lower case, accents and punctuation removed: what the default match compares
};
struct TokenKey {
  std::string system, code,
      display;            // code of a boolean is "true" or "false"; Identifier.value, ContactPoint.value
  bool any_case = false;  // of a string: code is in lower case, and case does
                          // not tell it from others
};
struct ReferenceKey {
  std::string type, id;  // of a literal relative reference
  std::string url;       // else the absolute URL or canonical
  std::string identifier_system, identifier_value;
};
struct DateKey {
  std::int64_t low, high;  // microseconds since 1970 UTC: the interval that the value may mean, ends included
};
struct NumberKey {
  double low, high;  // the interval that it is in, ends included: of 1.10,
                     // [1.10, 1.10]; of <5, all below
  double value;      // as written; of a range its beginning, where there is one
};
struct QuantityKey {
  std::string system, code,
      unit;  // as written; the unit for a code where there is none
  NumberKey number;
  std::string canonical_unit;  // UCUM base units, empty when not UCUM or unknown
  NumberKey canonical;         // 1 g and 1000 mg have the same
};
struct UriKey {
  std::string uri;
};
struct CompositeKey;
using SearchKey =
    std::variant<StringKey, TokenKey, ReferenceKey, DateKey, NumberKey, QuantityKey, UriKey, CompositeKey>;
struct CompositeKey {
  std::vector<SearchKey>
      components;  // one of each component, in their order; of `near`: latitude and longitude
};

struct IndexEntry {
  const SearchParameter* parameter;
  SearchKey key;
};

// All index entries of a resource that has passed validation. A value that a parameter cannot use gives none.
std::vector<IndexEntry> extract(const Json& resource);
// The patients whose record the resource belongs to: "Patient/…", by the Patient compartment, and by the
// parameters patient and subject (R4 leaves Task and others out of the compartment); usually one or
// none.
std::vector<std::string> patients_of(const Json& resource);
// The same from entries that are at hand: of the resource of the type and id.
std::vector<std::string> patients_of(std::string_view type, std::string_view id,
                                     std::span<const IndexEntry> entries);

}  // namespace meridian::record
