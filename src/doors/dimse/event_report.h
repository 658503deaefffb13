// N-EVENT-REPORT of storage commitment (PS3.4, J.3.3): as it is sent, and as it is received.
#pragma once
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmnet/assoc.h>
#include <dcmtk/dcmnet/dimse.h>

#include <chrono>
#include <cstdint>

#include "base/json.h"
#include "doors/dimse/commitment.h"
#include "doors/dimse/peer.h"

namespace meridian::doors::dimse {

// On an association that is open, in its context; waits for the answer. Throws unavailable when the peer is
// gone, refused when it answers something else.
void send_event_report(T_ASC_Association* association, T_ASC_PresentationContextID context,
                       const CommitmentReport& report, std::chrono::seconds at_most);
// On an association of its own to the peer, in the provider's role. Throws the same.
void send_event_report(const DimsePeer& peer, const CommitmentReport& report, std::chrono::seconds at_most);

// What a report says that has been received, as DICOM JSON.
CommitmentReport read_event_report(const Json& attributes);
// status: 0 when it was taken. Throws unavailable when the peer is gone.
void answer_event_report(T_ASC_Association* association, T_ASC_PresentationContextID context,
                         const T_DIMSE_N_EventReportRQ& request, std::uint16_t status);

}  // namespace meridian::doors::dimse
