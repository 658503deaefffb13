#include "record/query/search.h"

#include <limits>

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
  return options.base_url + (request.address.empty() ? "" : "/" + request.address) +
         (query.empty() ? "" : "?" + query);
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
  for_each_by_key(connection, page.keys, [&](const StoredResource& found) {
    bundle.add_match(found.version, subset_of(found.version.body, request.subset), "match");
  });
  const Included included = find_included(connection, principal, request, page.keys,
                                          static_cast<std::size_t>(options.largest_page));
  const Subset subset_of_included{request.subset.summary, {}};  // _elements are those of the matches
  for_each_by_key(connection, included.keys, [&](const StoredResource& found) {
    bundle.add_match(found.version, subset_of(found.version.body, subset_of_included), "include");
  });
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
  for_each_by_key(connection, page.keys,
                  [&](const StoredResource& found) { resources.push_back(Json::parse(found.version.body)); });
  return resources;
}

}  // namespace meridian::record
