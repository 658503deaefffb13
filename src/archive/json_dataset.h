// An instance that came as DICOM JSON with its bulk data apart (PS3.18, 10.5), made a file.
#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace meridian::archive {

struct BulkData {
  std::string_view bytes;
  std::string transfer_syntax;  // of compressed frames; empty: plain bytes, little endian
  std::vector<std::string_view> further_frames = {};  // after that in bytes, in the same transfer syntax
};

// The Part 10 file of a data set of the DICOM JSON model, its texts in UTF-8. bulk: gives what a BulkDataURI
// names, or throws. Attributes of group 0002 are left out. Native data are written as explicit VR little
// endian; pixel data with a transfer syntax are compressed frames of it. Throws invalid_structure, naming
// the attribute that is not as PS3.18, F says, and not_supported for an unknown transfer syntax.
std::string compose_from_json(const Json& dataset,
                              const std::function<BulkData(const std::string& uri)>& bulk);

}  // namespace meridian::archive
