#include "archive/query_conditions.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "archive/index.h"
#include "archive/request_attributes.h"
#include "base/error.h"

namespace meridian::archive {
namespace {

constexpr std::size_t kMostValues = 1000;

bool has_wildcard(const std::string& value) {
  return value.find_first_of("*?") != std::string::npos;
}

std::string like_pattern(const std::string& value) {
  std::string pattern;
  for (const char c : value) {
    if (c == '%' || c == '_' || c == '!') pattern += '!';
    pattern += c == '*' ? '%' : c == '?' ? '_' : c;
  }
  return pattern;
}

// DA and TM with their separators before 1993, and wildcards.
void check_date_or_time(const std::string& value) {
  if (value.find_first_not_of("0123456789.:*?") == std::string::npos) return;
  throw Error(ErrorCode::invalid_value, "This is not a date or time: " + value.substr(0, 32), {},
              "Write YYYYMMDD or HHMMSS, or a range of two with - between");
}

std::vector<std::string> split_words(const std::string& text) {
  std::vector<std::string> words;
  for (std::size_t at = 0; (at = text.find_first_not_of(" ^=,", at)) != std::string::npos;) {
    const auto end = std::min(text.find_first_of(" ^=,", at), text.size());
    words.push_back(text.substr(at, end - at));
    at = end;
  }
  return words;
}

}  // namespace

QueryConditions::QueryConditions(const Query& query) {
  for (const QueryKey& key : query.keys) {
    if (key.value.empty() || key.value == "*") continue;
    const auto level = query_level_of(key.tag);
    if (key.sequence || !level || *level > query.level || key.tag == kRequestAttributes) continue;
    const QueryAttribute* attribute = find_query_attribute(key.tag);
    if (!attribute)
      add_modalities(key.value);
    else if (attribute->kind == MatchKind::name && query.fuzzy_names)
      add_fuzzy_name(key.value);
    else
      add(*attribute, key.value);
  }
  add_request_attributes(query);
}

std::vector<storage::Value> QueryConditions::parameters() const {
  std::vector<storage::Value> parameters;
  for (const std::string& value : values_) parameters.emplace_back(std::string_view(value));
  return parameters;
}

void QueryConditions::add(const QueryAttribute& attribute, const std::string& value) {
  switch (attribute.kind) {
    case MatchKind::uid:
      begin();
      sql_ += in_list(attribute.column, value);
      return;
    case MatchKind::date_or_time:
      return add_range(attribute.column, value);
    case MatchKind::name:
      return add_name(value);
    case MatchKind::number:
      return add_number(attribute.column, value);
    case MatchKind::returned:
      return;
    case MatchKind::text:
      return add_text(attribute.column, value);
  }
}

void QueryConditions::begin() {
  sql_ += sql_.empty() ? " WHERE " : " AND ";
}

void QueryConditions::compare(const std::string& condition, std::string value) {
  begin();
  sql_ += condition;
  values_.push_back(std::move(value));
}

void QueryConditions::add_modalities(const std::string& value) {
  begin();
  sql_ += "EXISTS (SELECT 1 FROM archive_series x WHERE x.study_uid = st.study_uid AND ";
  if (has_wildcard(value)) {
    sql_ += "x.modality LIKE ? ESCAPE '!')";
    values_.push_back(like_pattern(value));
    return;
  }
  sql_ += in_list("x.modality", value) + ")";
}

void QueryConditions::add_request_attributes(const Query& query) {
  std::string in_item;
  for (const QueryKey& key : query.keys) {
    const char* column = key.sequence == kRequestAttributes ? request_column(key.tag) : nullptr;
    if (!column || key.value.empty() || key.value == "*" || query.level < QueryLevel::series) continue;
    in_item += in_item.empty() ? " WHERE r." : " AND r.";
    if (key.tag == 0x0020000D) {
      in_item += in_list(column, key.value);
    } else {
      const bool pattern = has_wildcard(key.value);
      in_item.append(column).append(pattern ? " LIKE ? ESCAPE '!'" : " = ?");
      values_.push_back(pattern ? like_pattern(key.value) : key.value);
    }
  }
  if (in_item.empty()) return;
  begin();
  sql_ += "se.series_uid IN (SELECT r.series_uid FROM archive_request r" + in_item + ")";
}

void QueryConditions::add_text(const char* column, const std::string& value) {
  if (has_wildcard(value))
    compare(fmt::format("{} LIKE ? ESCAPE '!'", column), like_pattern(value));
  else
    compare(fmt::format("{} = ?", column), value);
}

void QueryConditions::add_number(const char* column, const std::string& value) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  const bool whole = error == std::errc() && end == value.data() + value.size();
  begin();
  sql_ += whole ? fmt::format("{} = {}", column, number) : "1 = 0";
}

void QueryConditions::add_any_of(const std::string& column, const std::vector<std::string>& patterns) {
  begin();
  sql_ += "(";
  for (const std::string& pattern : patterns) {
    sql_ += (&pattern == &patterns.front() ? "" : " OR ") + column + " LIKE ? ESCAPE '!'";
    values_.push_back(like_pattern(pattern));
  }
  sql_ += ")";
}

// One component group, or all of them, must match.
void QueryConditions::add_name(const std::string& value) {
  std::vector<std::string> patterns;
  for (const std::string& key : name_patterns(value))
    for (const char* after : {"", "=*"})
      for (const char* before : {"", "*="}) patterns.push_back(before + key + after);
  add_any_of("p.name_key", patterns);
}

// Each word must begin a component of the name, in whatever order; names that are written without a space
// between their components (王秀英) are compared without their carets.
void QueryConditions::add_fuzzy_name(const std::string& value) {
  for (const std::string& word : split_words(name_key(value)))
    add_any_of(
        "('^' || REPLACE(REPLACE(p.name_key, '=', '^'), ' ', '^') || '=' || REPLACE(p.name_key, '^', ''))",
        {"*^" + word + "*", "*=" + word + "*"});
}

void QueryConditions::add_range(const char* column, const std::string& value) {
  const auto dash = value.find('-');
  if (dash == std::string::npos) {
    check_date_or_time(value);
    return add_text(column, value);
  }
  const std::string from = value.substr(0, dash), to = value.substr(dash + 1);
  check_date_or_time(from);
  check_date_or_time(to);
  if (!from.empty()) compare(fmt::format("{} >= ?", column), from);
  // A time's fraction, and its missing seconds, lie within the second or minute that ends the range.
  if (!to.empty()) compare(fmt::format("{} <= ?", column), to + "~");
  if (from.empty()) compare(fmt::format("{} <> ?", column), "");
}

std::string QueryConditions::in_list(const std::string& column, const std::string& value) {
  std::string list;
  std::size_t count = 0;
  for (std::size_t begin_at = 0; begin_at <= value.size();) {
    const auto end = std::min(value.find_first_of("\\,", begin_at), value.size());
    if (++count > kMostValues)
      throw Error(ErrorCode::invalid_value, fmt::format("A list has at most {} values", kMostValues));
    list += list.empty() ? "?" : ", ?";
    values_.push_back(value.substr(begin_at, end - begin_at));
    begin_at = end + 1;
  }
  return fmt::format("{} IN ({})", column, list);
}

}  // namespace meridian::archive
