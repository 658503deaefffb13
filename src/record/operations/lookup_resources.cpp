#include "record/operations/lookup_resources.h"

#include "record/definitions/definitions.h"
#include "record/query/search_page.h"
#include "record/store/visibility.h"

namespace meridian::record {

std::vector<Json> find_resources(const OperationContext& context, const std::string& type,
                                 const Parameters& search, int most) {
  std::vector<Json> resources;
  if (!trust::role_may(context.principal.role, trust::Act::read, type)) return resources;
  const SearchRequest request =
      parse_search(context.connection, type, search, context.options, context.principal);
  for (const std::int64_t key : find_page(context.connection, context.principal, request, most).keys)
    resources.push_back(Json::parse(find_by_key(context.connection, key)->version.body));
  return resources;
}

Json resolve_reference(const OperationContext& context, const std::string& reference) {
  std::string_view local = reference;
  if (local.starts_with(context.options.base_url + "/"))
    local.remove_prefix(context.options.base_url.size() + 1);
  const std::size_t slash = local.find('/');
  if (slash == std::string_view::npos) return {};
  const std::string_view type = local.substr(0, slash), rest = local.substr(slash + 1);
  if (!is_resource_type(type) || !trust::role_may(context.principal.role, trust::Act::read, type)) return {};
  const auto found = find_newest(context.connection, type, rest.substr(0, rest.find('/')));
  if (!found || found->version.deleted ||
      !may_see_resource(context.connection, context.principal, found->key))
    return {};
  return Json::parse(found->version.body);
}

std::string escape_search_value(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == ',' || c == '|' || c == '$' || c == '\\') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

}  // namespace meridian::record
