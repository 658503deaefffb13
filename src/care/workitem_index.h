// By what work items are searched: what a search must match, and a table of the values that worklists ask
// for, so that a search reads the items that may match and no others.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "base/json.h"
#include "storage/database.h"

namespace meridian::care {

// What an attribute must match, by the rules of archive::QueryKey; path: tags, of sequences and, last, of an
// attribute in any of their items.
struct WorkitemKey {
  std::vector<std::string> path;  // "00404018", "00080100"
  std::string value;
};

std::span<const storage::Migration> workitem_index_migrations();

bool matches(const Json& dataset, const std::vector<WorkitemKey>& keys);

// Replaces what the index holds of the work item.
void index_workitem(storage::Transaction& transaction, const std::string& uid, const Json& dataset);
// The items from before there was an index.
void index_earlier_workitems(storage::Database& database);

// Conditions that all items which match the keys fulfil; others may.
struct WorkitemConditions {
  std::string sql;  // empty, or " WHERE …"
  std::vector<std::string> values;
  std::vector<storage::Value> parameters() const { return {values.begin(), values.end()}; }

  void add(const std::string& condition, std::string value);
};
WorkitemConditions workitem_conditions(const std::vector<WorkitemKey>& keys);

}  // namespace meridian::care
