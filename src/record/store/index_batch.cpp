#include "record/store/index_batch.h"

#include <algorithm>
#include <array>
#include <map>
#include <tuple>
#include <vector>

#include "record/store/word_rows.h"
#include "storage/rows.h"

namespace meridian::record {
namespace {

using storage::ColumnKind;
using storage::Value;
using Batch = std::unordered_map<std::int64_t, std::shared_ptr<const IndexRows>>;

template <class Row>
struct Placed {
  std::int64_t resource;
  std::int64_t number;  // of the row among the resource's
  const Row* row;
};

bool before(const IndexRows::Token& a, const IndexRows::Token& b) {
  return std::tie(a.field, a.code) < std::tie(b.field, b.code);
}
bool before(const IndexRows::Reference& a, const IndexRows::Reference& b) {
  return std::tie(a.field, a.target_id) < std::tie(b.field, b.target_id);
}
bool before(const IndexRows::Composite& a, const IndexRows::Composite& b) {
  return std::tie(a.field, a.code1, a.system1) < std::tie(b.field, b.code1, b.system1);
}
template <class Row>
bool before(const Row& a, const Row& b) {
  return a < b;
}

// Rows of one kind, in the order of the tree that searches them.
template <class Row>
std::vector<Placed<Row>> sorted(const Batch& batch, std::vector<Row> IndexRows::*kind) {
  std::vector<Placed<Row>> placed;
  for (const auto& [resource, rows] : batch) {
    std::int64_t number = 0;
    for (const Row& row : (*rows).*kind) placed.push_back({resource, number++, &row});
  }
  std::sort(placed.begin(), placed.end(), [](const Placed<Row>& a, const Placed<Row>& b) {
    if (before(*a.row, *b.row)) return true;
    return !before(*b.row, *a.row) && a.resource < b.resource;
  });
  return placed;
}

constexpr ColumnKind kInteger = ColumnKind::integer, kReal = ColumnKind::real, kText = ColumnKind::text;

Value value_of(const std::optional<double>& number) {
  return number ? Value(*number) : Value(nullptr);
}

// Rows of one kind into their table, whose columns are those of migrations 2 and 5 of the record.
template <class Row, std::size_t columns, class Function>
void insert_rows(storage::Transaction& transaction, std::string_view table, const Batch& batch,
                 std::vector<Row> IndexRows::*kind, const std::array<ColumnKind, columns>& kinds,
                 Function values_of) {
  std::vector<Value> values;
  for (const Placed<Row>& placed : sorted(batch, kind)) {
    const std::array<Value, columns> row = values_of(placed, *placed.row);
    values.insert(values.end(), row.begin(), row.end());
  }
  storage::send_rows(transaction, {table, kinds, values});
}

}  // namespace

void IndexBatch::insert(storage::Transaction& transaction) {
  if (rows_.empty()) return;
  insert_rows(transaction, "string_index", rows_, &IndexRows::strings,
              std::array{kInteger, kInteger, kText, kText}, [](const auto& at, const auto& row) {
                return std::array<Value, 4>{at.resource, row.field, row.folded, row.exact};
              });
  insert_rows(transaction, "token_index", rows_, &IndexRows::tokens,
              std::array{kInteger, kInteger, kText, kInteger}, [](const auto& at, const auto& row) {
                return std::array<Value, 4>{at.resource, row.field, row.code, row.system};
              });
  insert_rows(transaction, "reference_index", rows_, &IndexRows::references,
              std::array{kInteger, kInteger, kText, kText}, [](const auto& at, const auto& row) {
                return std::array<Value, 4>{at.resource, row.field, row.target_id, row.target_type};
              });
  insert_rows(transaction, "date_index", rows_, &IndexRows::dates,
              std::array{kInteger, kInteger, kInteger, kInteger}, [](const auto& at, const auto& row) {
                return std::array<Value, 4>{at.resource, row.field, row.low, row.high};
              });
  insert_rows(transaction, "number_index", rows_, &IndexRows::numbers,
              std::array{kInteger, kInteger, kReal, kReal}, [](const auto& at, const auto& row) {
                return std::array<Value, 4>{at.resource, row.field, row.low, row.high};
              });
  insert_rows(transaction, "quantity_index", rows_, &IndexRows::quantities,
              std::array{kInteger, kInteger, kText, kInteger, kReal, kReal},
              [](const auto& at, const auto& row) {
                return std::array<Value, 6>{at.resource, row.field, row.code, row.system, row.low, row.high};
              });
  insert_rows(transaction, "uri_index", rows_, &IndexRows::uris, std::array{kInteger, kInteger, kText},
              [](const auto& at, const auto& row) {
                return std::array<Value, 3>{at.resource, row.field, row.uri};
              });
  insert_rows(
      transaction, "composite_index", rows_, &IndexRows::composites,
      std::array{kInteger, kInteger, kInteger, kText, kInteger, kText, kInteger, kReal, kReal, kReal, kReal},
      [](const auto& at, const auto& row) {
        return std::array<Value, 11>{at.resource,        row.field,          at.number,
                                     row.code1,          row.system1,        row.code2,
                                     row.system2,        value_of(row.low2), value_of(row.high2),
                                     value_of(row.low3), value_of(row.high3)};
      });
  std::map<std::int64_t, const WrittenWords*> words;  // in the order of resources, as they are kept
  for (const auto& [resource, rows] : rows_)
    if (!rows->words.empty()) words.emplace(resource, &rows->words);
  for (const auto& [resource, written] : words) send_words(transaction, resource, *written, false);
  rows_.clear();
}

}  // namespace meridian::record
