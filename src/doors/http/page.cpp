#include "doors/http/page.h"

#include <algorithm>
#include <limits>

namespace meridian::doors::http {
namespace {

constexpr std::int64_t kDefault = 100, kLargest = 1000, kLargestOffset = 1'000'000;

}  // namespace

Page page_of(const Request& request) {
  return {.offset = request.number("offset", 0, 0, kLargestOffset),
          .limit = std::min(request.number("limit", kDefault, 1, std::numeric_limits<std::int64_t>::max()),
                            kLargest)};
}

void warn_of_more(Response& response) {
  response.headers.add("Warning",
                       "299 meridian \"The number of results exceeded the maximum supported by the server. "
                       "Additional results can be requested.\"");
}

}  // namespace meridian::doors::http
