// How text is compared when the way it is written should not matter.
#pragma once
#include <string>
#include <string_view>

namespace meridian::record {

// Lower case, without accents and punctuation, each run of white space one blank: what a FHIR string search
// compares. Bytes that are no UTF-8 become replacement characters.
std::string fold(std::string_view text);

}  // namespace meridian::record
