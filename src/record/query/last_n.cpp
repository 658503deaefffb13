#include "record/query/last_n.h"

#include <algorithm>
#include <charconv>
#include <map>

#include "base/error.h"
#include "record/bundle/bundle_text.h"
#include "record/query/query_string.h"
#include "record/query/search_page.h"
#include "record/store/resource_table.h"

namespace meridian::record {
namespace {

constexpr int kMostLookedAt = 10'000;

std::size_t parse_max(const std::string& value) {
  std::size_t most = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), most);
  if (error == std::errc() && end == value.data() + value.size() && most > 0) return most;
  throw Error(ErrorCode::invalid_value, "max is a number from 1", "max");
}

bool names_patient(const Parameters::value_type& parameter) {
  const std::string name = parameter.first.substr(0, parameter.first.find_first_of(":."));
  return name == "patient" || name == "subject";
}

std::string code_of(const Json& observation) {
  const Json& coding = observation.get("code.coding");
  if (coding.is_array() && !coding.empty())
    return coding.at(0).text("system") + "|" + coding.at(0).text("code");
  return observation.text("code.text");
}

}  // namespace

std::string last_n_bundle(storage::Connection& connection, const trust::Principal& principal,
                          const Parameters& parameters, const RecordOptions& options) {
  std::size_t most = 1;
  Parameters search;
  for (const auto& [name, value] : parameters)
    if (name == "max")
      most = parse_max(value);
    else
      search.emplace_back(name, value);
  if (std::ranges::none_of(search, names_patient))
    throw Error(ErrorCode::invalid_request, "$lastn needs patient or subject", "patient");
  search.emplace_back("_sort", "-date");
  const SearchRequest request = parse_search(connection, "Observation", search, options, principal);
  const Page page = find_page(connection, principal, request, kMostLookedAt);
  if (!page.next_cursor.empty())
    throw Error(ErrorCode::too_large,
                "More than " + std::to_string(kMostLookedAt) + " observations meet the search", {},
                "Name a code or category");

  std::map<std::string, std::vector<Version>> by_code;
  for (const std::int64_t key : page.keys) {
    Version version = find_by_key(connection, key)->version;
    std::vector<Version>& newest = by_code[code_of(Json::parse(version.body))];
    if (newest.size() < most) newest.push_back(std::move(version));
  }
  BundleText bundle("searchset", options.base_url);
  bundle.add_link("self", options.base_url + "/Observation/$lastn?" + format_query(parameters));
  std::int64_t total = 0;
  for (const auto& [code, newest] : by_code)
    for (const Version& version : newest) {
      bundle.add_match(version, version.body, "match");
      ++total;
    }
  bundle.set_total(total);
  return bundle.finish();
}

}  // namespace meridian::record
