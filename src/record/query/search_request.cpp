#include "record/query/search_request.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/error.h"
#include "record/query/conditions.h"
#include "record/query/search_value.h"
#include "record/store/index_rows.h"
#include "record/store/visibility.h"

namespace meridian::record {
namespace {

constexpr std::size_t kMostCriteria = 50, kMostSortKeys = 5;

// The door's business, or without effect here.
constexpr std::array<std::string_view, 5> kNotAsked{"_format", "_pretty", "handling", "_contained",
                                                    "_containedType"};

[[noreturn]] void fail(const std::string& name, const std::string& message) {
  throw Error(ErrorCode::invalid_request, message, name);
}

bool is_among(std::string_view name, std::span<const std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

struct SortColumn {
  std::string_view name;
  SortKey::Kind kind;
};

std::optional<SortColumn> sort_column(SearchType type, bool descending) {
  switch (type) {
    case SearchType::string:
      return {{"folded", SortKey::Kind::text}};
    case SearchType::token:
      return {{"code", SortKey::Kind::text}};
    case SearchType::reference:
      return {{"target_id", SortKey::Kind::text}};
    case SearchType::date:
      return {{descending ? "high" : "low", SortKey::Kind::integer}};
    case SearchType::number:
    case SearchType::quantity:
      return {{"value", SortKey::Kind::real}};
    case SearchType::uri:
      return {{"uri", SortKey::Kind::text}};
    case SearchType::composite:
    case SearchType::special:
      break;
  }
  return {};
}

// A resource with several values is sorted by its first (descending: by its last).
SortKey sort_key(const std::string& type, const std::string& code, bool descending) {
  if (code == "_lastUpdated") return {{"r.updated", {}}, SortKey::Kind::integer, descending};
  if (code == "_id") return {{"r.id", {}}, SortKey::Kind::text, descending};
  const SearchParameter* parameter = find_search_parameter(type, code);
  const std::optional<SortColumn> column =
      parameter ? sort_column(parameter->type, descending) : std::nullopt;
  if (!column) fail("_sort", type + " cannot be sorted by \"" + code.substr(0, 80) + "\"");
  Sql value{"(SELECT ", {}};
  value.add(descending ? "MAX" : "MIN")
      .add("(s.")
      .add(column->name)
      .add(") FROM ")
      .add(index_table_of(parameter->type));
  value.add(" s WHERE s.resource = r.key AND s.field = ?)", {field_of(type, *parameter)});
  return {value, column->kind, descending};
}

class SearchParser {
 public:
  SearchParser(const std::string& type, const RecordOptions& options, const trust::Principal& principal)
      : options_(options), visible_(visible_to(principal)) {
    request_.type = type;
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
  SearchRequest finish() {
    if (request_.subset.summary == Summary::text && !request_.includes.empty())
      fail("_summary", "_summary=text cannot be asked for together with _include or _revinclude");
    return std::move(request_);
  }

 private:
  // False when it is ignored.
  bool understand(const std::string& name, const std::string& value) {
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
    else
      return take_criterion(name, value);
    return true;
  }

  void take_sort(const std::string& value) {
    for (const std::string& part : split_unescaped(value, ',')) {
      const bool descending = part.starts_with('-');
      request_.sort.push_back(sort_key(request_.type, part.substr(descending), descending));
    }
    if (request_.sort.size() > kMostSortKeys)
      fail("_sort", "More than " + std::to_string(kMostSortKeys) + " keys to sort by");
  }

  void take_total(const std::string& value) {
    if (value != "none" && value != "estimate" && value != "accurate")
      fail("_total", "_total is none, estimate or accurate");
    request_.with_total = value != "none";
  }

  void take_include(const std::string& value, bool reverse, bool iterate) {
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
    if (request_.criteria.size() >= kMostCriteria)
      fail(name, "More than " + std::to_string(kMostCriteria) + " criteria");
    try {
      request_.criteria.push_back(criterion_of(request_.type, name, value, {options_.base_url, visible_}));
      return true;
    } catch (const Error& error) {
      if (!lenient_ || error.code() != ErrorCode::invalid_request) throw;
      request_.ignored.push_back(name);
      return false;
    }
  }

  const RecordOptions& options_;
  const Sql visible_;
  SearchRequest request_;
  bool lenient_ = false;
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

SearchRequest parse_search(const std::string& type, const Parameters& parameters,
                           const RecordOptions& options, const trust::Principal& principal) {
  require_type(type);
  SearchParser parser(type, options, principal);
  for (const auto& [name, value] : parameters)
    if (name == "handling" && value == "lenient") parser.be_lenient();
  for (const auto& [name, value] : parameters) parser.take(name, value);
  return parser.finish();
}

}  // namespace meridian::record
