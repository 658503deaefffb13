// Index rows of many resources, inserted together in the order of the trees that search them: neighbours
// share pages, so that a bundle costs far less than its resources one by one.
#pragma once
#include <cstdint>
#include <memory>
#include <unordered_map>

#include "record/store/index_rows.h"
#include "storage/database.h"

namespace meridian::record {

class IndexBatch {
 public:
  // The resource has no rows in the tables nor here.
  void add(std::int64_t resource, std::shared_ptr<const IndexRows> rows) {
    rows_.emplace(resource, std::move(rows));
  }
  bool holds(std::int64_t resource) const { return rows_.contains(resource); }
  // Leaves it empty.
  void insert(storage::Transaction& transaction);

 private:
  std::unordered_map<std::int64_t, std::shared_ptr<const IndexRows>> rows_;
};

}  // namespace meridian::record
