#include "record/graphql/graph_budget.h"

#include "base/error.h"

namespace meridian::record {
namespace {

constexpr std::size_t kMostReadings = 10'000;
constexpr std::size_t kMostBytes = 32u << 20;
constexpr std::size_t kBytesOfField = 16;  // beside its name and text: that it was looked for

}  // namespace

void GraphBudget::spend_reading() {
  if (++readings_ > kMostReadings)
    throw Error(ErrorCode::too_large, "The query reads too many resources", "query");
}

void GraphBudget::spend_field(std::size_t bytes) {
  bytes_ += kBytesOfField + bytes;
  if (bytes_ > kMostBytes)
    throw Error(ErrorCode::too_large, "The answer would be too large", "query", "Ask for less at a time");
}

}  // namespace meridian::record
