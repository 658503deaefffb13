#include "record/bundle/bundle_entry.h"

#include "base/error.h"
#include "record/patch/patch.h"
#include "record/query/search_request.h"

namespace meridian::record {
namespace {

constexpr std::size_t kMostEntries = 50'000;

BundleEntry::Method method_of(const std::string& name) {
  if (name == "POST") return BundleEntry::Method::create;
  if (name == "PUT") return BundleEntry::Method::update;
  if (name == "DELETE") return BundleEntry::Method::remove;
  if (name == "GET") return BundleEntry::Method::read;
  if (name == "PATCH") return BundleEntry::Method::patch;
  if (name == "HEAD")
    throw Error(ErrorCode::not_supported, "HEAD is not supported in a bundle", "request.method", "Use GET");
  throw Error(ErrorCode::invalid_value, "\"" + name.substr(0, 20) + "\" is not a method of a bundle's entry",
              "request.method");
}

// "Patient", "Patient/1", "Patient?identifier=x", also with a leading slash.
void take_url(std::string url, BundleEntry& entry) {
  if (url.starts_with('/')) url.erase(0, 1);
  const auto question = url.find('?');
  if (question != std::string::npos) {
    entry.query = url.substr(question + 1);
    entry.conditional = true;
    url.resize(question);
  }
  if (url.empty() && entry.query.empty())
    throw Error(ErrorCode::invalid_structure, "The entry's request has no URL", "request.url");
  entry.path = url;
}

// Of what is written, the path names a type, and an id where there is one.
void take_name(BundleEntry& entry) {
  const auto slash = entry.path.find('/');
  entry.type = entry.path.substr(0, slash);
  if (slash != std::string::npos) entry.id = entry.path.substr(slash + 1);
  require_type(entry.type);
  if (!entry.id.empty()) require_valid_id(entry.id);
}

bool names_operation(const std::string& path) {
  return path.starts_with('$') || path.find("/$") != std::string::npos;
}

void require_resource(const BundleEntry& entry) {
  const std::string type = type_of(entry.resource);
  if (type != entry.type)
    throw Error(ErrorCode::invalid_request, "A " + type + " is sent to " + entry.type,
                "resource.resourceType");
  if (entry.method != BundleEntry::Method::update || entry.conditional) return;
  if (entry.resource.text("id") != entry.id)
    throw Error(ErrorCode::invalid_request,
                "The resource's id \"" + entry.resource.text("id").substr(0, 64) +
                    "\" is not the one in the URL, \"" + entry.id + "\"",
                "resource.id");
}

void take_conditions(const Json& request, BundleEntry& entry) {
  if (const std::string condition = request.text("ifNoneExist"); !condition.empty()) {
    entry.query = condition;
    entry.conditional = true;
  }
  if (entry.method == BundleEntry::Method::create) return;
  entry.condition = Precondition::of_headers(request.text("ifMatch"), request.text("ifNoneMatch"));
  if (entry.id.empty() && !entry.conditional)
    throw Error(ErrorCode::invalid_request, request.text("method") + " needs an id or a condition in its URL",
                "request.url", "Write " + entry.type + "/ID");
}

void take_request(const Json& json, BundleEntry& entry) {
  const Json* request = json.find("request");
  if (!request) throw Error(ErrorCode::invalid_structure, "The entry has no request", "request");
  entry.method = method_of(request->text("method"));
  take_url(request->text("url"), entry);
  const Json* resource = json.find("resource");
  const bool operates = entry.method == BundleEntry::Method::create && names_operation(entry.path);
  if (operates) entry.method = BundleEntry::Method::read;
  if (entry.method == BundleEntry::Method::read) {
    entry.if_none_match = request->text("ifNoneMatch");
    entry.if_modified_since = request->text("ifModifiedSince");
    if (operates && resource) entry.resource = *resource;
    return;
  }
  take_name(entry);
  take_conditions(*request, entry);
  if (entry.method == BundleEntry::Method::remove) return;
  if (!resource) throw Error(ErrorCode::invalid_structure, "The entry has no resource", "resource");
  entry.resource = entry.method == BundleEntry::Method::patch ? patch_in(*resource) : *resource;
  if (entry.method != BundleEntry::Method::patch) require_resource(entry);
}

}  // namespace

const Json::Array& entries_of(const Json& bundle) {
  static const Json::Array none;
  const Json* list = bundle.find("entry");
  if (!list) return none;
  if (!list->is_array())
    throw Error(ErrorCode::invalid_structure, "The entries are no array", "Bundle.entry");
  if (list->size() > kMostEntries)
    throw Error(ErrorCode::too_large, "The bundle has more than " + std::to_string(kMostEntries) + " entries",
                "Bundle.entry");
  return list->items();
}

BundleEntry parse_entry(const Json& json, std::size_t place) {
  BundleEntry entry;
  entry.where = "Bundle.entry[" + std::to_string(place) + "]";
  entry.full_url = json.text("fullUrl");
  try {
    take_request(json, entry);
  } catch (const Error& error) {
    throw within_entry(error, entry);
  }
  return entry;
}

Error within_entry(const Error& error, const BundleEntry& entry) {
  const std::string& inner = error.where();
  if (entry.where.empty() || inner.starts_with("Bundle.")) return error;
  std::string where = entry.where;
  if (!entry.type.empty() && inner.starts_with(entry.type + "."))
    where += ".resource" + inner.substr(entry.type.size());
  else if (!inner.empty())
    where += "." + inner;
  return Error(error.code(), error.what(), where, error.advice());
}

}  // namespace meridian::record
