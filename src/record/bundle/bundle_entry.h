// The entries of a transaction or batch, understood.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "record/store/prepared.h"

namespace meridian::record {

struct BundleEntry {
  // In the order in which a transaction executes them (FHIR R4, 3.1.0.11.2).
  enum class Method { remove, create, update, patch, read };

  std::string where;  // "Bundle.entry[3]"; empty when the entry is no part of a bundle
  Method method = Method::read;
  std::string type, id;  // of the request's URL; id empty for a type
  std::string query;     // after the question mark: a condition, or a search
  bool conditional = false;
  std::string full_url;
  std::optional<std::int64_t> if_match;
  std::string if_none_match;  // of a read
  Json resource;              // or the patch

  std::string reference() const { return type + "/" + id; }
};

// Throws invalid_structure, invalid_value, invalid_request and not_supported, naming the entry.
std::vector<BundleEntry> parse_entries(const Json& bundle);
// The error, placed in the entry: "Patient.name" becomes "Bundle.entry[3].resource.name".
Error within_entry(const Error& error, const BundleEntry& entry);

}  // namespace meridian::record
