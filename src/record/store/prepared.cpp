#include "record/store/prepared.h"

#include <algorithm>

#include "base/error.h"
#include "record/store/body.h"
#include "record/validation/validator.h"

namespace meridian::record {
namespace {

constexpr std::size_t kLongestId = 64;

bool is_id_character(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

void append_member(std::string& text, const std::string& name, const Json& value) {
  text += ',';
  append_json_string(text, name);
  text += ':';
  text += value.dump();
}

// What the client says in meta, without versionId and lastUpdated, and all that comes after meta.
std::string content_of(const Json& resource) {
  std::string text;
  if (const Json* meta = resource.find("meta"); meta && meta->is_object())
    for (const auto& [name, value] : meta->members())
      if (name != "versionId" && name != "lastUpdated") append_member(text, name, value);
  text += '}';
  for (const auto& [name, value] : resource.members())
    if (name != "resourceType" && name != "id" && name != "meta") append_member(text, name, value);
  return text += '}';
}

}  // namespace

std::string Prepared::body(std::int64_t version, Instant updated) const {
  return body_of(type, id, version, updated, content);
}

std::string type_of(const Json& resource) {
  if (!resource.is_object()) throw Error(ErrorCode::invalid_structure, "A resource is a JSON object");
  std::string type = resource.text("resourceType");
  if (!is_resource_type(type))
    throw Error(ErrorCode::invalid_structure,
                type.empty() ? "The resource does not say its resourceType"
                             : "FHIR R4 has no resource type \"" + type + "\"",
                "resourceType");
  return type;
}

void require_resource_type(const Json& resource, const std::string& type) {
  const std::string found = resource.text("resourceType");
  if (found == type) return;
  throw Error(ErrorCode::invalid_request,
              found.empty() ? "The body has no resourceType"
                            : "The body is a " + found + ", the address is of " + type,
              "resourceType", "Send a " + type);
}

bool is_valid_id(std::string_view id) {
  return !id.empty() && id.size() <= kLongestId && std::all_of(id.begin(), id.end(), is_id_character);
}

void require_valid_id(std::string_view id) {
  if (!is_valid_id(id))
    throw Error(ErrorCode::invalid_value,
                "\"" + std::string(id.substr(0, kLongestId)) + "\" is not a FHIR id", "Resource.id",
                "An id has 1 to 64 letters, digits, dashes and dots");
}

Prepared prepare(const Json& resource, const RecordOptions& options) {
  Prepared prepared;
  prepared.type = type_of(resource);
  prepared.id = resource.text("id");
  require_valid_id(prepared.id);
  prepared.content = content_of(resource);
  if (prepared.content.size() > options.largest_resource)
    throw Error(ErrorCode::too_large,
                "The resource has " + std::to_string(prepared.content.size()) +
                    " bytes, more than the limit of " + std::to_string(options.largest_resource),
                prepared.type, "Store attachments as Binary or DICOM");
  require_valid(resource);
  const std::vector<IndexEntry> entries = extract(resource);
  prepared.rows = std::make_shared<const IndexRows>(index_rows_of(resource, entries, options.base_url));
  prepared.belonging = belonging_of(resource, patients_of(prepared.type, prepared.id, entries));
  prepared.compressed = compress_content(prepared.content);
  if (prepared.type == "Patient")
    prepared.managing_organization = resource.text("managingOrganization.reference");
  return prepared;
}

}  // namespace meridian::record
