// What a reader should look at first, as a key object selection.
#pragma once
#include <span>
#include <string>
#include <string_view>

#include "archive/results/result.h"

namespace meridian::archive {

// Key Object Selection Document Storage (PS3.3, A.35.4; TID 2010), titled "Of Interest", in the study of the
// first file. files: DICOM images of one study, at least one. Throws invalid_value and what parse_instance
// throws.
std::string compose_key_objects(std::span<const std::string_view> files, std::string_view description,
                                const Algorithm& algorithm, const ResultIdentity& identity);

}  // namespace meridian::archive
