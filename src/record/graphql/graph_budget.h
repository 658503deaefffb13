// What one query may take, counted while its answer is made: the length of a query says nothing of it.
#pragma once
#include <cstddef>

namespace meridian::record {

// All throw too_large when it is more.
class GraphBudget {
 public:
  // Of a resource that is read, and of a search.
  void spend_reading();
  // Of a field, whether it has a value or not; bytes: of its name and text in the answer.
  void spend_field(std::size_t bytes);

 private:
  std::size_t readings_ = 0, bytes_ = 0;
};

}  // namespace meridian::record
