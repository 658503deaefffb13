#include "record/store/index_rows.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include "base/encoding.h"
#include "record/store/schema.h"
#include "record/store/stored_fields.h"
#include "record/store/word_rows.h"
#include "record/values/fold.h"

namespace meridian::record {
namespace {

constexpr std::size_t kLongestText = 1000;  // bytes

double finite(double number) {
  return std::clamp(number, std::numeric_limits<double>::lowest(), std::numeric_limits<double>::max());
}

class RowMaker {
 public:
  RowMaker(std::string_view type, std::string_view base_url) : type_(type), base_url_(base_url) {}

  void add(const IndexEntry& entry) {
    // These two are columns of the resource itself.
    if (entry.parameter->code == "_id" || entry.parameter->code == "_lastUpdated") return;
    if (!has_own_rows(type_, *entry.parameter)) return;
    field_ = field_of(type_, *entry.parameter);
    std::visit([this](const auto& key) { add(key); }, entry.key);
  }
  IndexRows finish() {
    keep_one_of_each(rows_.strings);
    keep_one_of_each(rows_.tokens);
    keep_one_of_each(rows_.references);
    keep_one_of_each(rows_.dates);
    keep_one_of_each(rows_.numbers);
    keep_one_of_each(rows_.quantities);
    keep_one_of_each(rows_.uris);
    return std::move(rows_);
  }

 private:
  void add(const StringKey& key) {
    rows_.strings.push_back({field_, indexed_text(key.folded), indexed_text(key.exact)});
  }
  // Its text is found by :text, as a string of the same field.
  void add(const TokenKey& key) {
    rows_.tokens.push_back({field_, key.code, key.any_case ? kAnyCase : hash_of_system(key.system)});
    if (!key.display.empty()) rows_.strings.push_back({field_, indexed_text(fold(key.display)), {}});
  }
  // A logical reference is found by its identifier: a token of the same field.
  void add(const ReferenceKey& key) {
    if (!key.identifier_value.empty())
      rows_.tokens.push_back({field_, key.identifier_value, hash_of_system(key.identifier_system)});
    ReferenceTarget target = target_of(key, base_url_);
    if (!target.id.empty())
      rows_.references.push_back({field_, std::move(target.id), std::move(target.type)});
  }
  void add(const DateKey& key) { rows_.dates.push_back({field_, key.low, key.high}); }
  void add(const NumberKey& key) { rows_.numbers.push_back({field_, finite(key.low), finite(key.high)}); }
  // Also by its unit where that is not the code: 5||milligram finds either (FHIR R4, 3.1.1.4.12).
  void add(const QuantityKey& key) {
    const auto add_row = [&](const std::string& code, std::int64_t system, const NumberKey& number) {
      rows_.quantities.push_back({field_, code, system, finite(number.low), finite(number.high)});
    };
    add_row(key.code, hash_of_system(key.system), key.number);
    if (!key.unit.empty() && key.unit != key.code) add_row(key.unit, hash_of_system({}), key.number);
    if (!key.canonical_unit.empty()) add_row(key.canonical_unit, kCanonicalUnits, key.canonical);
  }
  void add(const UriKey& key) { rows_.uris.push_back({field_, key.uri}); }
  void add(const CompositeKey& key);

  template <class Row>
  static void keep_one_of_each(std::vector<Row>& rows) {
    std::sort(rows.begin(), rows.end());
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  }

  std::string_view type_, base_url_;
  std::int64_t field_ = 0;
  IndexRows rows_;
};

void set_first(IndexRows::Composite& row, const SearchKey& key, std::string_view base_url) {
  if (const auto* token = std::get_if<TokenKey>(&key)) {
    row.code1 = token->code;
    row.system1 = hash_of_system(token->system);
  } else if (const auto* reference = std::get_if<ReferenceKey>(&key)) {
    const ReferenceTarget target = target_of(*reference, base_url);
    row.code1 = target.type.empty() ? target.id : target.type + "/" + target.id;
  }
}

void set_second(IndexRows::Composite& row, const SearchKey& key) {
  if (const auto* token = std::get_if<TokenKey>(&key)) {
    row.code2 = token->code;
    row.system2 = hash_of_system(token->system);
  } else if (const auto* string = std::get_if<StringKey>(&key)) {
    row.code2 = indexed_text(string->folded);
  } else if (const auto* date = std::get_if<DateKey>(&key)) {
    row.low2 = static_cast<double>(date->low), row.high2 = static_cast<double>(date->high);
  } else if (const auto* number = std::get_if<NumberKey>(&key)) {
    row.low2 = finite(number->low), row.high2 = finite(number->high);
  } else if (const auto* quantity = std::get_if<QuantityKey>(&key)) {
    row.code2 = quantity->code;
    row.system2 = hash_of_system(quantity->system);
    row.low2 = finite(quantity->number.low), row.high2 = finite(quantity->number.high);
  }
}

void RowMaker::add(const CompositeKey& key) {
  if (key.components.size() < 2) return;
  IndexRows::Composite row{field_, {}, 0, {}, 0, {}, {}, {}, {}};
  if (const auto* latitude = std::get_if<NumberKey>(&key.components[0])) {
    const auto& longitude = std::get<NumberKey>(key.components[1]);
    row.low2 = row.high2 = latitude->value;
    row.low3 = row.high3 = longitude.value;
    rows_.composites.push_back(row);
    return;
  }
  set_first(row, key.components[0], base_url_);
  set_second(row, key.components[1]);
  if (key.components.size() > 2)
    if (const auto* number = std::get_if<NumberKey>(&key.components[2]))
      row.low3 = finite(number->low), row.high3 = finite(number->high);
  rows_.composites.push_back(row);
  const auto* quantity = std::get_if<QuantityKey>(&key.components[1]);
  if (!quantity || quantity->canonical_unit.empty()) return;
  row.code2 = quantity->canonical_unit;
  row.system2 = kCanonicalUnits;
  row.low2 = finite(quantity->canonical.low), row.high2 = finite(quantity->canonical.high);
  rows_.composites.push_back(std::move(row));
}

}  // namespace

std::int64_t hash_of_system(std::string_view system) {
  if (system.empty()) return 0;
  std::int64_t hash;
  std::memcpy(&hash, sha256(system).data(), sizeof(hash));
  return hash;
}

ReferenceTarget target_of(const ReferenceKey& key, std::string_view base_url) {
  if (!key.id.empty()) return {key.type, key.id};
  const std::string& url = key.url;
  if (!url.starts_with(base_url) || url.size() <= base_url.size() + 1 || url[base_url.size()] != '/')
    return {{}, url};
  const std::string relative = url.substr(base_url.size() + 1);
  const auto slash = relative.find('/');
  if (slash == std::string::npos || !is_resource_type(relative.substr(0, slash))) return {{}, url};
  return {relative.substr(0, slash), relative.substr(slash + 1, relative.find('/', slash + 1) - slash - 1)};
}

IndexRows index_rows_of(const Json& resource, std::span<const IndexEntry> entries,
                        std::string_view base_url) {
  const std::string type = resource.text("resourceType");
  RowMaker maker(type, base_url);
  for (const IndexEntry& entry : entries) maker.add(entry);
  IndexRows rows = maker.finish();
  rows.words = written_words(resource);
  return rows;
}

std::string indexed_text(std::string text) {
  if (text.size() <= kLongestText) return text;
  std::size_t size = kLongestText;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) --size;  // within a character
  text.resize(size);
  return text;
}

void erase_index_rows(storage::Transaction& transaction, std::int64_t resource, const std::string& body) {
  for (const std::string_view table : index_tables())
    transaction.send("DELETE FROM " + std::string(table) + " WHERE resource = ?", {resource});
  if (body.empty()) return;
  const WrittenWords words = written_words(Json::parse(body));
  if (words.empty()) return;
  send_words(transaction, resource, words, true);
}

}  // namespace meridian::record
