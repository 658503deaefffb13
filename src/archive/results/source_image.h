// The image or recording that a result is about, and DCMTK's forms of what results are made of. Of this room
// only: it includes DCMTK.
#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "archive/dataset.h"
#include "archive/results/result.h"

namespace meridian::archive {

// Throws invalid_value, saying what could not be made.
void check_made(const OFCondition& condition, const char* what);

// A file's data set without its pixel data or waveforms, its texts in UTF-8. Throws what parse_instance
// throws, and not_supported when its texts cannot be converted.
std::unique_ptr<DcmDataset> load_header(std::string_view file);

std::string text_of(DcmItem& item, const DcmTagKey& tag);
// At most 64 characters, as LO and Code Meaning allow.
std::string short_text(std::string_view utf8);

// Files the object: series and instance, when it was made, and its series' number and description.
void put_identity(DcmDataset& object, const ResultIdentity& identity);

}  // namespace meridian::archive
