// Verification as a user (PS3.4, A).
#pragma once
#include "doors/dimse/peer.h"

namespace meridian::doors::dimse {

// Throws unavailable when the peer cannot be reached, rejects the association or does not answer with
// success.
void echo(const DimsePeer& peer);

}  // namespace meridian::doors::dimse
