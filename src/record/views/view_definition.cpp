#include "record/views/view_definition.h"

#include <algorithm>
#include <set>

#include "base/error.h"
#include "record/definitions/definitions.h"
#include "record/terminology/canonical_source.h"

namespace meridian::record {
namespace {

using Row = ViewDefinition::Row;
using Rows = std::vector<Row>;

constexpr int kDeepest = 20, kDeepestRepeat = 100;
constexpr std::size_t kMostRows = 100'000;  // of one resource

[[noreturn]] void fail(const std::string& what, const std::string& where) {
  throw Error(ErrorCode::invalid_structure, what, "ViewDefinition." + where);
}

ViewColumn column_of(const Json& json) {
  ViewColumn column{json.text("name"), {}, json.get("collection") == Json(true)};
  const bool good = !column.name.empty() && std::ranges::all_of(column.name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
  if (!good) fail("\"" + column.name.substr(0, 80) + "\" is no name of a column", "select.column.name");
  if (json.text("path").empty()) fail("The column " + column.name + " has no path", "select.column.path");
  column.path = fhirpath::parse(json.text("path"));
  return column;
}

const Json::Array& list_in(const Json& json, std::string_view name) {
  if (const Json* list = json.find(name); list && !list->is_array())
    fail(std::string(name) + " is written as a list", std::string(name));
  return items_of(json, name);
}

ViewSelect select_of(const Json& json, int depth) {
  if (depth > kDeepest) fail("The selections are nested too deeply", "select");
  ViewSelect select;
  const std::string each = json.text("forEach"), or_null = json.text("forEachOrNull");
  for (const Json& path : list_in(json, "repeat")) select.repeat.push_back(fhirpath::parse(path.as_string()));
  if (!each.empty() + !or_null.empty() + !select.repeat.empty() > 1)
    fail("Only one of forEach, forEachOrNull and repeat may be given", "select");
  if (!each.empty() || !or_null.empty()) select.for_each = fhirpath::parse(each.empty() ? or_null : each);
  select.or_null = !or_null.empty();
  for (const Json& column : list_in(json, "column")) select.columns.push_back(column_of(column));
  for (const Json& inner : list_in(json, "select")) select.selects.push_back(select_of(inner, depth + 1));
  for (const Json& part : list_in(json, "unionAll")) select.unions.push_back(select_of(part, depth + 1));
  return select;
}

std::vector<std::string> names_of(const ViewSelect& select) {
  std::vector<std::string> names;
  for (const ViewColumn& column : select.columns) names.push_back(column.name);
  for (const ViewSelect& inner : select.selects)
    for (std::string& name : names_of(inner)) names.push_back(std::move(name));
  if (select.unions.empty()) return names;
  const std::vector<std::string> first = names_of(select.unions.front());
  for (const ViewSelect& part : select.unions)
    if (names_of(part) != first) fail("The parts of a unionAll have different columns", "select.unionAll");
  names.insert(names.end(), first.begin(), first.end());
  return names;
}

// A date, dateTime, instant or time; nothing for other types. Throws what fail() does.
std::optional<Temporal> constant_moment(std::string_view type, const std::string& text) {
  std::optional<Temporal> moment;
  if (type == "Date")
    moment = Temporal::parse_date(text);
  else if (type == "DateTime" || type == "Instant")
    moment = Temporal::parse_date_time(text);
  else if (type == "Time")
    moment = Temporal::parse_time(text);
  else
    return std::nullopt;
  if (!moment) fail("\"" + text.substr(0, 80) + "\" is no " + std::string(type), "constant");
  return moment;
}

fhirpath::Collection constant_value(const Json& constant) {
  for (const auto& [name, value] : constant.members()) {
    if (!name.starts_with("value")) continue;
    fhirpath::Collection collection;
    if (value.is_bool()) collection.emplace_back(value.as_bool());
    if (value.is_string()) {
      const auto moment = constant_moment(std::string_view(name).substr(5), value.as_string());
      if (moment)
        collection.emplace_back(*moment);
      else
        collection.emplace_back(value.as_string());
    }
    if (value.is_number()) {
      const auto decimal = Decimal::parse(value.number_text());
      const bool whole = decimal && decimal->scale() == 0;
      if (whole) collection.emplace_back(value.as_int());
      if (!whole && decimal) collection.emplace_back(*decimal);
    }
    if (!collection.empty()) return collection;
  }
  fail("The constant " + constant.text("name").substr(0, 80) + " has no value", "constant");
}

Json value_of(const fhirpath::Item& item) {
  if (const auto* element = std::get_if<fhirpath::Element>(&item))
    return element->value ? *element->value : Json();
  if (const auto* truth = std::get_if<bool>(&item)) return *truth;
  if (const auto* number = std::get_if<std::int64_t>(&item)) return *number;
  if (const auto* decimal = std::get_if<Decimal>(&item)) return Json(Json::Number{decimal->text()});
  const auto text = fhirpath::text_of(item);
  return text ? Json(*text) : Json();
}

class Evaluator {
 public:
  explicit Evaluator(const fhirpath::Environment& environment) : environment_(environment) {}

  Rows rows(const ViewSelect& select, const fhirpath::Item& focus) const {
    fhirpath::Collection foci;
    if (!select.repeat.empty())
      follow(select.repeat, focus, 0, foci);
    else if (select.for_each)
      foci = fhirpath::evaluate(*select.for_each, {focus}, environment_);
    else
      foci.push_back(focus);
    if (foci.empty() && select.or_null) return {Row(names_of(select).size())};
    Rows all;
    for (const fhirpath::Item& one : foci) append(all, rows_of_focus(select, one));
    return all;
  }

 private:
  // What the paths lead to, and from there again, in the order of the document.
  void follow(const std::vector<fhirpath::Expression>& paths, const fhirpath::Item& from, int depth,
              fhirpath::Collection& reached) const {
    if (depth > kDeepestRepeat)
      throw Error(ErrorCode::too_large, "A path is repeated too often", "select.repeat");
    for (const fhirpath::Expression& path : paths)
      for (const fhirpath::Item& item : fhirpath::evaluate(path, {from}, environment_)) {
        require_few(reached.size());
        reached.push_back(item);
        follow(paths, item, depth + 1, reached);
      }
  }

  Rows rows_of_focus(const ViewSelect& select, const fhirpath::Item& focus) const {
    Row own;
    for (const ViewColumn& column : select.columns) own.push_back(value(column, focus));
    Rows all{std::move(own)};
    for (const ViewSelect& inner : select.selects) all = joined(all, rows(inner, focus));
    if (select.unions.empty()) return all;
    Rows together;
    for (const ViewSelect& part : select.unions) append(together, rows(part, focus));
    return joined(all, together);
  }

  Json value(const ViewColumn& column, const fhirpath::Item& focus) const {
    const fhirpath::Collection found = fhirpath::evaluate(column.path, {focus}, environment_);
    if (column.collection) {
      Json list = Json::array();
      for (const fhirpath::Item& item : found) list.push_back(value_of(item));
      return list;
    }
    if (found.size() > 1)
      throw Error(ErrorCode::invalid_value,
                  "The column " + column.name + " has " + std::to_string(found.size()) + " values",
                  column.name, "Choose one with first(), or make the column a collection");
    return found.empty() ? Json() : value_of(found.front());
  }

  // Each of the one with each of the other.
  static Rows joined(const Rows& left, const Rows& right) {
    Rows all;
    require_few(left.size() * right.size());
    for (const Row& one : left)
      for (const Row& other : right) {
        Row row = one;
        row.insert(row.end(), other.begin(), other.end());
        all.push_back(std::move(row));
      }
    return all;
  }

  static void append(Rows& all, Rows more) {
    require_few(all.size() + more.size());
    std::ranges::move(more, std::back_inserter(all));
  }

  static void require_few(std::size_t rows) {
    if (rows > kMostRows) throw Error(ErrorCode::too_large, "One resource gives too many rows");
  }

  const fhirpath::Environment& environment_;
};

}  // namespace

ViewDefinition::ViewDefinition(const Json& definition) : resource_(definition.text("resource")) {
  if (definition.text("resourceType") != "ViewDefinition") fail("This is no ViewDefinition", "resourceType");
  if (!is_resource_type(resource_))
    throw Error(ErrorCode::invalid_value, "R4 has no resource type \"" + resource_.substr(0, 80) + "\"",
                "ViewDefinition.resource");
  for (const Json& where : list_in(definition, "where"))
    where_.push_back(fhirpath::parse(where.text("path")));
  for (const Json& constant : list_in(definition, "constant"))
    constants_.emplace_back(constant.text("name"), constant_value(constant));
  for (const Json& select : list_in(definition, "select")) select_.selects.push_back(select_of(select, 0));
  columns_ = names_of(select_);
  if (columns_.empty()) fail("The view has no columns", "select");
  if (std::set<std::string>(columns_.begin(), columns_.end()).size() != columns_.size())
    fail("Two columns have the same name", "select.column.name");
}

std::vector<Row> ViewDefinition::rows_of(const Json& resource) const {
  fhirpath::Environment environment = fhirpath::environment_of(resource);
  environment.variable = [&](std::string_view name) -> std::optional<fhirpath::Collection> {
    const auto found = std::ranges::find(
        constants_, name, [](const auto& constant) { return std::string_view(constant.first); });
    return found == constants_.end() ? std::nullopt : std::optional(found->second);
  };
  for (const fhirpath::Expression& condition : where_)
    if (fhirpath::truth(fhirpath::evaluate(condition, environment.resource, environment)) != true) return {};
  return Evaluator(environment).rows(select_, environment.resource);
}

}  // namespace meridian::record
