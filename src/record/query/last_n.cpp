#include "record/query/last_n.h"

#include <algorithm>
#include <charconv>
#include <map>

#include "base/error.h"
#include "record/bundle/bundle_text.h"
#include "record/query/query_string.h"
#include "record/query/search_page.h"
#include "record/store/resource_table.h"
#include "record/terminology/canonical_source.h"

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

// By each of its codings, or, where it has none, by its text.
std::vector<std::string> codes_of(const Json& observation) {
  std::vector<std::string> codes;
  const Json& code = observation.get("code");
  for (const Json& coding : items_of(code, "coding"))
    if (const std::string value = coding.text("code"); !value.empty())
      codes.push_back(coding.text("system") + "|" + value);
  if (codes.empty()) codes.push_back(code.text("text"));
  return codes;
}

// Observations are of the same thing when they share a code, or each shares one with a third.
class Things {
 public:
  // A thing that has all of the codes.
  std::size_t of(const std::vector<std::string>& codes) {
    const std::size_t first = root(known(codes.front()));
    for (const std::string& code : codes) parents_[root(known(code))] = first;
    return first;
  }
  std::size_t root(std::size_t thing) {
    for (; parents_[thing] != thing; thing = parents_[thing]) parents_[thing] = parents_[parents_[thing]];
    return thing;
  }

 private:
  std::size_t known(const std::string& code) {
    const auto [place, is_new] = numbers_.try_emplace(code, parents_.size());
    if (is_new) parents_.push_back(place->second);
    return place->second;
  }

  std::map<std::string, std::size_t> numbers_;  // of the codes
  std::vector<std::size_t> parents_;            // of each; its own where it stands for its thing
};

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

  Things things;
  std::vector<std::size_t> thing_of;  // each key's
  for (const std::int64_t key : page.keys)
    thing_of.push_back(things.of(codes_of(Json::parse(find_by_key(connection, key)->version.body))));
  std::map<std::size_t, std::vector<std::int64_t>> newest;
  for (std::size_t i = 0; i < page.keys.size(); ++i)
    if (auto& keys = newest[things.root(thing_of[i])]; keys.size() < most) keys.push_back(page.keys[i]);
  BundleText bundle("searchset", options.base_url);
  bundle.add_link("self", options.base_url + "/Observation/$lastn?" + format_query(parameters));
  std::int64_t total = 0;
  for (const auto& [thing, keys] : newest)
    for (const std::int64_t key : keys) {
      const Version version = find_by_key(connection, key)->version;
      bundle.add_match(version, version.body, "match");
      ++total;
    }
  bundle.set_total(total);
  return bundle.finish();
}

}  // namespace meridian::record
