#include "record/query/search.h"

#include <limits>

#include "base/error.h"
#include "record/bundle/bundle_text.h"
#include "record/query/include.h"
#include "record/query/query_string.h"
#include "record/query/search_page.h"
#include "record/store/resource_table.h"

namespace meridian::record {
namespace {

std::string url_of(const SearchRequest& request, const RecordOptions& options, const std::string& cursor) {
  Parameters parameters = request.understood;
  if (!cursor.empty()) parameters.emplace_back("_cursor", cursor);
  const std::string query = format_query(parameters);
  return options.base_url + (request.type.empty() ? "" : "/" + request.type) +
         (query.empty() ? "" : "?" + query);
}

Version version_at(storage::Connection& connection, std::int64_t key) {
  std::optional<StoredResource> found = find_by_key(connection, key);
  if (!found) throw Error(ErrorCode::corrupted, "An index row points to no resource", std::to_string(key));
  return std::move(found->version);
}

}  // namespace

std::string search_bundle(storage::Connection& connection, const trust::Principal& principal,
                          const SearchRequest& request, const RecordOptions& options) {
  BundleText bundle("searchset", options.base_url);
  const int count = request.count.value_or(std::min(options.default_page, options.largest_page));
  if (request.subset.summary == Summary::count || count == 0) {
    bundle.set_total(count_matches(connection, principal, request));
    bundle.add_link("self", url_of(request, options, {}));
    return bundle.finish();
  }
  const Page page = find_page(connection, principal, request, count);
  if (page.total) bundle.set_total(*page.total);
  bundle.add_link("self", url_of(request, options, request.cursor));
  if (!page.next_cursor.empty()) bundle.add_link("next", url_of(request, options, page.next_cursor));
  for (const std::int64_t key : page.keys) {
    const Version version = version_at(connection, key);
    bundle.add_match(version, subset_of(version.body, request.subset), "match");
  }
  const Included included = find_included(connection, principal, request, page.keys,
                                          static_cast<std::size_t>(options.largest_page));
  const Subset subset_of_included{request.subset.summary, {}};  // _elements are those of the matches
  for (const std::int64_t key : included.keys) {
    const Version version = version_at(connection, key);
    bundle.add_match(version, subset_of(version.body, subset_of_included), "include");
  }
  if (included.cut_short)
    bundle.add_outcome("More resources were to be included than one page holds; ask for a smaller _count");
  for (const std::string& name : request.ignored)
    bundle.add_outcome("The parameter \"" + name + "\" is unknown and was ignored");
  return bundle.finish();
}

std::vector<Json> all_matches(storage::Connection& connection, const trust::Principal& principal,
                              const SearchRequest& request) {
  const Page page =
      find_page(connection, principal, request, request.count.value_or(std::numeric_limits<int>::max()));
  std::vector<Json> resources;
  resources.reserve(page.keys.size());
  for (const std::int64_t key : page.keys) resources.push_back(Json::parse(version_at(connection, key).body));
  return resources;
}

}  // namespace meridian::record
