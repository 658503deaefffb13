// A person's name (PS3.5, 6.2.1.1) in DICOM JSON.
#pragma once
#include <string_view>

#include "base/json.h"

namespace meridian::archive {

// "Wang^Xiuying=王^秀英" as {"Alphabetic": ..., "Ideographic": ..., "Phonetic": ...}, without the groups that
// are empty (PS3.18, F.2.2).
Json person_name_json(std::string_view name);

}  // namespace meridian::archive
