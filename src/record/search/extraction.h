// What a resource is found by: the values of every search parameter, extracted by its FHIRPath expression.
#pragma once
#include <cstdint>
#include <functional>
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
      display;  // code of a boolean is "true" or "false"; Identifier.value, ContactPoint.value
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
  double low, high;  // the interval of its precision: 1.10 is [1.095, 1.105)
  double value;
};
struct QuantityKey {
  std::string system, code;  // as written
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
// Each reference in the resource, wherever it stands, for rewriting within a transaction.
void for_each_reference(Json& resource, const std::function<void(std::string&)>& visit);

}  // namespace meridian::record
