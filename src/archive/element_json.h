// What one of DCMTK's elements holds: its values as DICOM JSON has them (PS3.18, F.2.2 and F.2.3), or its
// bytes. Of this room only: it includes DCMTK.
#pragma once
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>

#include <optional>
#include <string>

#include "base/json.h"

namespace meridian::archive {

// "00100010"
std::string tag_name(const DcmTagKey& tag);

// The VR of its value, as a file in explicit VR names it.
DcmEVR vr_of(DcmElement& element);

// Whether values of this VR are bytes: inline as base64, or bulk data.
bool is_binary(DcmEVR vr);

// Its value as it lies in a file of little endian, whatever its VR; nothing of a sequence or of compressed
// pixels.
std::optional<std::string> element_bytes(DcmElement& element);

// The array of an element that is no sequence and not binary; null when it has no value. Texts, read with the
// character sets of its item, are UTF-8; numbers that are none are null.
Json element_values(DcmElement& element, DcmEVR vr, const std::string& character_sets);

}  // namespace meridian::archive
