// STOW-RS (PS3.18 10.5): instances in, and what became of each.
#pragma once
#include <string>

#include "doors/http/message.h"
#include "doors/http/routes.h"

namespace meridian::doors::http {

// 200 when all are stored (also those that were here already), 202 when some are, or some with a warning, 409
// when none is. Each that failed bears the reason and, where it can be read, its UIDs. Throws
// unsupported_media_type for another body, or a part, that is no DICOM file.
Response store_instances(const Services& services, Request& request);

}  // namespace meridian::doors::http
