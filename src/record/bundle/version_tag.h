// Entity tags of versions, as If-Match, If-None-Match and Bundle.entry.request have them.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace meridian::record {

// "W/"3"".
std::string version_tag(std::int64_t number);
// Of W/"3", "3" or 3; throws invalid_request, which names the header.
std::int64_t parse_version_tag(std::string_view text, const char* header);
// Of an address, digits only: Patient/1/_history/3. Throws not_found.
std::int64_t parse_version_number(std::string_view text);
// Whether a list of tags has the version; * has every one. Tags of something else name none.
bool names_version(std::string_view tags, std::int64_t number);

}  // namespace meridian::record
