// The answer to a request for an operation that is not done here (PS3.7, C.5.24).
#pragma once
#include "doors/dimse/association.h"

namespace meridian::doors::dimse {

// Takes the request's data set, if it has one, and answers with 0211H. Throws not_supported for a message
// that is no request, unavailable when the peer is gone.
void answer_unrecognized(Association& association, const T_DIMSE_Message& message,
                         T_ASC_PresentationContextID context, std::chrono::seconds at_most);

}  // namespace meridian::doors::dimse
