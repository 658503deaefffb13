#include "record/query/search_request.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/error.h"
#include "record/query/compartment.h"
#include "record/query/conditions.h"
#include "record/query/search_value.h"
#include "record/store/index_rows.h"
#include "record/store/visibility.h"

namespace meridian::record {
namespace {

constexpr std::size_t kMostCriteria = 50, kMostSortKeys = 5;

// The door's business, or without effect here.
constexpr std::array<std::string_view, 3> kNotAsked{"_format", "_pretty", "handling"};

[[noreturn]] void fail(const std::string& name, const std::string& message) {
  throw Error(ErrorCode::invalid_request, message, name);
}

bool is_among(std::string_view name, std::span<const std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::vector<std::string> types_asked_for(const std::string& list, const trust::Principal& principal) {
  std::vector<std::string> types = split_unescaped(list, ',');
  for (const std::string& type : types)
    if (!is_resource_type(type)) fail("_type", "FHIR R4 has no resource type \"" + type.substr(0, 80) + "\"");
  for (const std::string& type : types) require_role(principal, trust::Act::read, type);
  std::ranges::sort(types);
  types.erase(std::unique(types.begin(), types.end()), types.end());
  return types;
}

std::vector<std::string> readable_types(const trust::Principal& principal) {
  std::vector<std::string> types;
  for (const std::string_view type : resource_types())
    if (trust::role_may(principal.role, trust::Act::read, type)) types.emplace_back(type);
  return types;
}

bool has_any(storage::Connection& connection, const std::string& type) {
  return connection.query_first("SELECT 1 FROM resource WHERE type = ? AND deleted = 0", {type},
                                [](const storage::Row&) {});
}

class SearchParser {
 public:
  SearchParser(storage::Connection& connection, const SearchAddress& address, std::vector<std::string> types,
               const RecordOptions& options, const trust::Principal& principal)
      : options_(options),
        terminology_(connection),
        context_{options.base_url, principal, visible_to(principal), terminology_} {
    for (std::string& one : types) request_.parts.push_back({std::move(one), {}, {}});
    of_one_type_ = !address.type.empty();
    if (!address.compartment.empty())
      for (SearchPart& part : request_.parts)
        part.criteria.push_back(compartment_criterion(address, part.type, context_));
  }

  void take(const std::string& name, const std::string& value) {
    if (name == "_cursor") {
      request_.cursor = value;
      return;
    }
    if (is_among(name, kNotAsked) || value.empty() || !understand(name, value)) return;
    request_.understood.emplace_back(name, value);
  }
  void be_lenient() { lenient_ = true; }
  // The value of near, which may come after _sort.
  void be_at(std::string place) { place_ = std::move(place); }
  SearchRequest finish() {
    if (request_.subset.summary == Summary::text && !request_.includes.empty())
      fail("_summary", "_summary=text cannot be asked for together with _include or _revinclude");
    return std::move(request_);
  }

 private:
  // False when it is ignored.
  bool understand(const std::string& name, const std::string& value) {
    if (name == "_type" && !of_one_type_) return true;  // taken before all others
    if (name == "_count")
      request_.count = parse_count(value, options_);
    else if (name == "_sort")
      take_sort(value);
    else if (name == "_total")
      take_total(value);
    else if (name == "_summary")
      request_.subset.summary = parse_summary(value);
    else if (name == "_elements")
      request_.subset.elements = parse_elements(value);
    else if (name == "_include" || name == "_include:iterate")
      take_include(value, false, name != "_include");
    else if (name == "_revinclude" || name == "_revinclude:iterate")
      take_include(value, true, name != "_revinclude");
    else if (name == "_contained" && value == "false")
      return true;
    else
      return take_criterion(name, value);
    return true;
  }

  void take_sort(const std::string& value) {
    const std::vector<std::string> codes = split_unescaped(value, ',');
    if (codes.size() > kMostSortKeys)
      fail("_sort", "More than " + std::to_string(kMostSortKeys) + " keys to sort by");
    for (SearchPart& part : request_.parts) {
      part.sort.clear();
      for (const std::string& code : codes) {
        const bool descending = code.starts_with('-');
        part.sort.push_back(sort_key(part.type, code.substr(descending), descending, place_));
        if (part.sort.back().kind != request_.parts.front().sort[part.sort.size() - 1].kind)
          fail("_sort", "\"" + code.substr(0, 80) + "\" is not of one kind in all the types");
      }
    }
  }

  void take_total(const std::string& value) {
    if (value != "none" && value != "estimate" && value != "accurate")
      fail("_total", "_total is none, estimate or accurate");
    request_.with_total = value != "none";
  }

  void take_include(const std::string& value, bool reverse, bool iterate) {
    if (value == "*") {
      request_.includes.push_back({{}, nullptr, {}, reverse, iterate});
      return;
    }
    const std::vector<std::string> parts = split_unescaped(value, ':');
    const std::string where = reverse ? "_revinclude" : "_include";
    if (parts.size() < 2 || parts.size() > 3 || !is_resource_type(parts[0]))
      fail(where, where + " is written Type:parameter or Type:parameter:Target");
    Include include{parts[0], nullptr, parts.size() > 2 ? parts[2] : std::string(), reverse, iterate};
    if (!include.target.empty() && !is_resource_type(include.target))
      fail(where, "There is no resource type " + include.target);
    if (parts[1] != "*") {
      include.parameter = find_search_parameter(parts[0], parts[1]);
      if (!include.parameter || include.parameter->type != SearchType::reference)
        fail(where, parts[0] + " has no reference parameter \"" + parts[1].substr(0, 80) + "\"");
    }
    request_.includes.push_back(std::move(include));
  }

  bool take_criterion(const std::string& name, const std::string& value) {
    std::vector<Criterion> criteria;
    try {
      for (const SearchPart& part : request_.parts)
        criteria.push_back(criterion_of(part.type, name, value, context_));
    } catch (const Error& error) {
      if (!lenient_ || error.code() != ErrorCode::invalid_request) throw;
      request_.ignored.push_back(name);
      return false;
    }
    for (std::size_t i = 0; i < criteria.size(); ++i) {
      SearchPart& part = request_.parts[i];
      if (part.criteria.size() >= kMostCriteria)
        fail(name, "More than " + std::to_string(kMostCriteria) + " criteria");
      part.criteria.push_back(std::move(criteria[i]));
    }
    return true;
  }

  const RecordOptions& options_;
  const Terminology terminology_;
  const CriterionContext context_;
  SearchRequest request_;
  bool of_one_type_ = false, lenient_ = false;
  std::string place_;
};

}  // namespace

void require_type(const std::string& type) {
  if (!is_resource_type(type))
    throw Error(ErrorCode::not_found, "FHIR R4 has no resource type \"" + type.substr(0, 80) + "\"");
}

int parse_count(const std::string& value, const RecordOptions& options) {
  int count = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), count);
  if (error != std::errc() || end != value.data() + value.size() || count < 0)
    throw Error(ErrorCode::invalid_value, "_count is a number from 0", "_count");
  return std::min(count, options.largest_page);
}

SearchRequest parse_search(storage::Connection& connection, const std::string& type,
                           const Parameters& parameters, const RecordOptions& options,
                           const trust::Principal& principal) {
  const auto value_of = [&](std::string_view wanted) {
    const auto found = std::ranges::find(parameters, wanted, &Parameters::value_type::first);
    return found == parameters.end() ? std::string() : found->second;
  };
  const SearchAddress address = parse_address(type);
  const std::string listed = address.type.empty() ? value_of("_type") : std::string();
  std::vector<std::string> types = !address.type.empty() ? std::vector{address.type}
                                   : !listed.empty()     ? types_asked_for(listed, principal)
                                                         : readable_types(principal);
  if (!address.compartment.empty())
    std::erase_if(types, [&](const std::string& one) { return !is_in_compartment(address, one); });
  SearchParser parser(connection, address, std::move(types), options, principal);
  if (value_of("handling") == "lenient") parser.be_lenient();
  parser.be_at(value_of("near"));
  for (const auto& [name, value] : parameters) parser.take(name, value);
  SearchRequest request = parser.finish();
  request.address = type;
  if (address.type.empty())
    std::erase_if(request.parts, [&](const SearchPart& part) { return !has_any(connection, part.type); });
  return request;
}

}  // namespace meridian::record
