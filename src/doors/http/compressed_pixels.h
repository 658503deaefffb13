// The bulk data that the metadata of a compressed image name as its pixels (PS3.18, 10.4): decoded as one
// value, or as stored, each frame a part.
#pragma once
#include <string>

#include "archive/instance.h"
#include "doors/http/routes.h"

namespace meridian::doors::http {

// Whether the path of bulk data is that of pixels that are stored compressed.
bool is_compressed_pixels(const archive::InstanceFacts& facts, const std::string& path);
// Throws not_acceptable.
Response retrieve_compressed_pixels(const Services& services, const Request& request,
                                    const archive::InstanceFacts& facts, const std::string& path);

}  // namespace meridian::doors::http
