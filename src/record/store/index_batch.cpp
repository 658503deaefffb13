#include "record/store/index_batch.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <vector>

namespace meridian::record {
namespace {

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

}  // namespace

// Row by row: for a statement of several rows SQLite keeps a journal of the pages that it touches.
void IndexBatch::insert(storage::Transaction& transaction) {
  for (const auto& [resource, number, row] : sorted(rows_, &IndexRows::strings))
    transaction.send("INSERT INTO string_index VALUES (?, ?, ?, ?)",
                     {resource, row->field, row->folded, row->exact});
  for (const auto& [resource, number, row] : sorted(rows_, &IndexRows::tokens))
    transaction.send("INSERT INTO token_index VALUES (?, ?, ?, ?)",
                     {resource, row->field, row->code, row->system});
  for (const auto& [resource, number, row] : sorted(rows_, &IndexRows::references))
    transaction.send("INSERT INTO reference_index VALUES (?, ?, ?, ?)",
                     {resource, row->field, row->target_id, row->target_type});
  for (const auto& [resource, number, row] : sorted(rows_, &IndexRows::dates))
    transaction.send("INSERT INTO date_index VALUES (?, ?, ?, ?)",
                     {resource, row->field, row->low, row->high});
  for (const auto& [resource, number, row] : sorted(rows_, &IndexRows::numbers))
    transaction.send("INSERT INTO number_index VALUES (?, ?, ?)", {resource, row->field, row->value});
  for (const auto& [resource, number, row] : sorted(rows_, &IndexRows::quantities))
    transaction.send("INSERT INTO quantity_index VALUES (?, ?, ?, ?, ?)",
                     {resource, row->field, row->code, row->system, row->value});
  for (const auto& [resource, number, row] : sorted(rows_, &IndexRows::uris))
    transaction.send("INSERT INTO uri_index VALUES (?, ?, ?)", {resource, row->field, row->uri});
  for (const auto& [resource, number, row] : sorted(rows_, &IndexRows::composites))
    transaction.send("INSERT INTO composite_index VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                     {resource, row->field, number, row->code1, row->system1, row->code2, row->system2,
                      row->low2, row->high2, row->low3, row->high3});
  std::map<std::int64_t, const WrittenWords*> words;  // in the order of resources, as they are kept
  for (const auto& [resource, rows] : rows_)
    if (!rows->words.empty()) words.emplace(resource, &rows->words);
  for (const auto& [resource, written] : words)
    transaction.send(
        "INSERT INTO word_index (rowid, narrative, other)"
        " VALUES (?, to_tsvector('simple', ?), to_tsvector('simple', ?))",
        {resource, written->narrative, written->other});
  rows_.clear();
}

}  // namespace meridian::record
