// Which part of what is found is asked for (PS3.18, 8.3.4.4).
#pragma once
#include <cstdint>

#include "doors/http/message.h"

namespace meridian::doors::http {

struct Page {
  std::int64_t offset = 0, limit = 0;
};

// By offset and limit: 100 from the first unless the request says otherwise, 1,000 at most. Throws
// invalid_request.
Page page_of(const Request& request);

// Says that there are more than were given.
void warn_of_more(Response& response);

}  // namespace meridian::doors::http
