// The entries of a transaction or batch, understood.
#pragma once
#include <string>
#include <vector>

#include "base/error.h"
#include "record/store/precondition.h"
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
  std::string path;             // of a read: what the URL has before its query (bundle_reading.h)
  Precondition condition = {};  // of an update, patch or removal
  std::string if_none_match;    // of a read
  std::string if_modified_since;
  Json resource;  // or the patch, or what an operation is sent

  std::string reference() const { return type + "/" + id; }
};

// The entries as they are sent. Throws invalid_structure, too_large.
const Json::Array& entries_of(const Json& bundle);
// One of them, by its place. Throws invalid_structure, invalid_value, invalid_request and not_supported,
// naming the entry.
BundleEntry parse_entry(const Json& json, std::size_t place);
// The error, placed in the entry: "Patient.name" becomes "Bundle.entry[3].resource.name".
Error within_entry(const Error& error, const BundleEntry& entry);

}  // namespace meridian::record
