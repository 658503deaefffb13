#include "record/views/stored_view.h"

#include <array>

#include "base/encoding.h"
#include "base/error.h"
#include "record/operations/lookup_resources.h"
#include "record/store/visibility.h"
#include "record/terminology/canonical_source.h"
#include "record/views/view_definition.h"

namespace meridian::record {
namespace {

constexpr std::string_view kSystem = "https://sql-on-fhir.org/ig/StructureDefinition/ViewDefinition";
constexpr std::string_view kCode = "ViewDefinition", kContentType = "application/fhir+json";

// By which a Library is found and shown. A ViewDefinition has them alike.
constexpr std::array<std::string_view, 12> kShared{"url",         "identifier",   "version",   "name",
                                                   "title",       "experimental", "date",      "publisher",
                                                   "description", "useContext",   "copyright", "contact"};

const Json* content_of(const Json& library) {
  for (const Json& content : items_of(library, "content"))
    if (content.text("contentType") == kContentType) return &content;
  return nullptr;
}

// Whoever writes the Library writes what they like into it.
Json kept_view(const Json& library) {
  Json kept;
  try {
    kept = Json::parse(from_base64(content_of(library)->text("data")));
  } catch (const Error&) {
    kept = {};
  }
  if (!kept.is_object() || kept.text("resourceType") != kCode)
    throw Error(ErrorCode::not_found, "Library/" + library.text("id") + " holds no view that can be read",
                "Library.content", "Write the ViewDefinition again, or delete the Library");
  return kept;
}

[[noreturn]] void fail_unknown(const std::string& reference) {
  throw Error(ErrorCode::not_found, "There is no view " + reference.substr(0, 200), "viewReference");
}

}  // namespace

const std::string_view kViewLibraryType =
    "https://sql-on-fhir.org/ig/StructureDefinition/ViewDefinition|ViewDefinition";

bool holds_view(const Json& library) {
  return library.text("resourceType") == "Library" && library.text("type.coding.system") == kSystem &&
         content_of(library);
}

Json library_of_view(const Json& view) {
  [[maybe_unused]] const ViewDefinition checked(view);
  Json library = Json::object({{"resourceType", "Library"}});
  if (const Json* id = view.find("id")) library["id"] = *id;
  for (const std::string_view member : kShared)
    if (const Json* value = view.find(member)) library[std::string(member)] = *value;
  const std::string status = view.text("status");
  library["status"] = status.empty() ? "active" : status;
  library["type"] =
      Json::object({{"coding", Json::array({Json::object({{"system", kSystem}, {"code", kCode}})})}});
  Json kept = view;
  kept.erase("id");
  kept.erase("meta");
  library["content"] =
      Json::array({Json::object({{"contentType", kContentType}, {"data", to_base64(kept.dump())}})});
  return library;
}

Json view_of_library(const Json& library) {
  if (!holds_view(library)) fail_unknown("ViewDefinition/" + library.text("id"));
  const Json kept = kept_view(library);
  Json view = Json::object({{"resourceType", "ViewDefinition"}});
  for (const char* member : {"id", "meta"})
    if (const Json* value = library.find(member)) view[member] = *value;
  for (const auto& [name, value] : kept.members())
    if (name != "resourceType" && name != "id" && name != "meta") view[name] = value;
  return view;
}

Json find_view(const OperationContext& context, const std::string& reference) {
  require_role(context.principal, trust::Act::read, "Library");
  std::string text = reference;
  if (text.starts_with(context.options.base_url + "/")) text.erase(0, context.options.base_url.size() + 1);
  for (const std::string_view type : {"ViewDefinition/", "Library/"})
    if (text.starts_with(type))
      return view_of_library(Json::parse(
          require_readable(context.connection, context.principal, "Library", text.substr(type.size()))
              .version.body));
  const auto bar = text.find('|');
  Parameters search{{"type", std::string(kViewLibraryType)},
                    {"url", escape_search_value(text.substr(0, bar))}};
  if (bar != std::string::npos) search.emplace_back("version", escape_search_value(text.substr(bar + 1)));
  search.emplace_back("_sort", "-_lastUpdated");
  const std::vector<Json> found = find_resources(context, "Library", search, 1);
  if (found.empty()) fail_unknown(reference);
  return view_of_library(found.front());
}

}  // namespace meridian::record
