// The names of DICOM's attributes (PS3.6).
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace meridian::archive {

// "PatientID" or "00100020": the attribute's tag; nothing when the standard has none of this name. Tags that
// are no attribute of the standard, such as private ones, are taken as they are.
std::optional<std::uint32_t> find_tag(const std::string& name);

// "PatientID"; empty for what the standard does not name.
std::string keyword_of(std::uint32_t tag);

}  // namespace meridian::archive
