// N-EVENT-REPORT of storage commitment as its sender (PS3.4, J.3.3).
#pragma once
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmnet/assoc.h>

#include <chrono>

#include "doors/dimse/commitment.h"
#include "doors/dimse/peer.h"

namespace meridian::doors::dimse {

// On an association that is open, in its context; waits for the answer. Throws unavailable when the peer is
// gone, refused when it answers something else.
void send_event_report(T_ASC_Association* association, T_ASC_PresentationContextID context,
                       const CommitmentReport& report, std::chrono::seconds at_most);
// On an association of its own to the peer, in the provider's role. Throws the same.
void send_event_report(const DimsePeer& peer, const CommitmentReport& report, std::chrono::seconds at_most);

}  // namespace meridian::doors::dimse
