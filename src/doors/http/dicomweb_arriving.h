// The instances of a STOW-RS request (PS3.18, 10.5): as files, or as metadata with their bulk data apart.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/json.h"
#include "doors/http/message.h"

namespace meridian::doors::http {

struct Arriving {
  std::string bytes;             // a DICOM file
  Json named = Json::object();   // the SOP class and instance, where they are known before the file is parsed
  std::optional<Error> refused;  // why it could not be made a file; then there are no bytes
};

// Takes the body; a part of a kind that is not taken is a refused one. Throws unsupported_media_type where
// the whole is of such a kind, invalid_request where there is no instance, and what parse_multipart throws.
// Bulk data are looked for among the parts of the request and nowhere else.
std::vector<Arriving> arriving_instances(Request& request);

}  // namespace meridian::doors::http
