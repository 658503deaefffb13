// What can be looked at live on this node, as its configuration says.
#pragma once
#include <string_view>
#include <vector>

#include "care/live.h"

namespace meridian::app {

// text: "Endoscopy 1=rtsp://192.0.2.9/stream, Endoscopy 2=/dev/video0"; empty: none. The name before the sign
// is what people see. Throws invalid_configuration for an entry without a name or address, and for a name
// that is an address or stands twice; the error tells the entry's number, since an address may hold a
// password.
std::vector<care::LiveSource> live_sources_of(std::string_view text);

}  // namespace meridian::app
