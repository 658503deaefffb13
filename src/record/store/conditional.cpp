#include "record/store/conditional.h"

#include "base/error.h"
#include "record/query/query_string.h"
#include "record/query/search_page.h"
#include "record/store/visibility.h"

namespace meridian::record {

std::optional<StoredResource> find_only_match(storage::Connection& connection,
                                              const trust::Principal& principal, const std::string& type,
                                              std::string_view query, const RecordOptions& options) {
  require_role(principal, trust::Act::read, type);
  const SearchRequest request = parse_search(connection, type, parse_query(query), options, principal);
  if (request.parts.front().criteria.empty())
    throw Error(ErrorCode::invalid_request, "The condition on " + type + " has no criterion",
                std::string(query.substr(0, 200)));
  const Page page = find_page(connection, principal, request, 2);
  if (page.keys.size() > 1)
    throw Error(ErrorCode::precondition_failed, "More than one " + type + " meets the condition",
                std::string(query.substr(0, 200)), "Name an identifier that only one has");
  if (page.keys.empty()) return {};
  return find_by_key(connection, page.keys[0]);
}

}  // namespace meridian::record
