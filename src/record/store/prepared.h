// A resource made ready to be written: checked, and what it is found by extracted. None of it needs the
// database, so many threads do this at once, before the one that writes.
#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/time.h"
#include "record/record.h"
#include "record/store/belonging.h"
#include "record/store/index_rows.h"

namespace meridian::record {

struct Prepared {
  std::string type, id;
  std::string content;     // its JSON text after meta.lastUpdated
  std::string compressed;  // the same, as it is kept
  std::shared_ptr<const IndexRows> rows;
  Belonging belonging;
  std::string managing_organization;  // of a Patient, "Organization/…"; else empty

  // The text of a version of it.
  std::string body(std::int64_t version, Instant updated) const;
};

// Throws invalid_structure or invalid_value when it is no type of resource or has no valid id.
std::string type_of(const Json& resource);
// Throws invalid_request when the resource is not of the type that the address names.
void require_resource_type(const Json& resource, const std::string& type);
bool is_valid_id(std::string_view id);  // FHIR id: 1 to 64 of A-Z a-z 0-9 - .
void require_valid_id(std::string_view id);

// The resource must have an id. Throws what require_valid throws, and too_large.
Prepared prepare(const Json& resource, const RecordOptions& options);

}  // namespace meridian::record
