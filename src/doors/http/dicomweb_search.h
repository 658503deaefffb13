// QIDO-RS (PS3.18, 10.6): studies, series and instances found in the archive's index, as DICOM JSON.
#pragma once
#include "archive/query.h"
#include "doors/http/message.h"
#include "doors/http/routes.h"

namespace meridian::doors::http {

// The query that a request asks at this level: its address names the study and the series, as far as it goes;
// attributes are named by keyword or tag. Throws invalid_request for an attribute that is none, that the
// index does not hold or that belongs to a lower level, for one that is asked twice, and for a page that is
// none.
archive::Query search_query(const Request& request, archive::QueryLevel level);

// Only what the principal may see: 200 with a page of matches, 204 when there are none. A Warning
// says when there are more, X-Total-Count how many there are where that was counted. Throws
// invalid_request, not_acceptable, and what care::find_visible throws.
Response search(const Services& services, const Request& request, archive::QueryLevel level);

}  // namespace meridian::doors::http
