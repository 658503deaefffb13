// Where conformance resources are found by their canonical URLs.
#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "storage/database.h"

namespace meridian::record {

class CanonicalSource {
 public:
  virtual ~CanonicalSource() = default;
  // canonical: a URL, or URL|version (is_of_version). A null pointer when there is none.
  virtual std::shared_ptr<const Json> find(std::string_view type, std::string_view canonical) const = 0;
  // The URLs of all ConceptMaps that map from, or, when reverse, to codes of the system.
  virtual std::vector<std::string> maps_of(std::string_view system, bool reverse) const = 0;
};

// FHIR R4's own.
class DefinedCanonicals : public CanonicalSource {
 public:
  std::shared_ptr<const Json> find(std::string_view type, std::string_view canonical) const override;
  std::vector<std::string> maps_of(std::string_view system, bool reverse) const override;
};

// The newest that the record holds, then those of another source.
class StoredCanonicals : public CanonicalSource {
 public:
  StoredCanonicals(storage::Connection& connection, const CanonicalSource& others)
      : connection_(connection), others_(others) {}
  std::shared_ptr<const Json> find(std::string_view type, std::string_view canonical) const override;
  std::vector<std::string> maps_of(std::string_view system, bool reverse) const override;

 private:
  storage::Connection& connection_;
  const CanonicalSource& others_;
};

// Whether the resource has the version that the canonical asks for; one without a version is any.
bool is_of_version(const Json& resource, std::string_view canonical);
// The items of the member, or none.
const Json::Array& items_of(const Json& object, std::string_view member);

}  // namespace meridian::record
