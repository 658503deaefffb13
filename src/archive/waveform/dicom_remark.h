// What is said of a recording, kept in its DICOM: Waveform Annotations (PS3.3 C.10.10) of unformatted text
// whose beginning tells which they are.
#pragma once
#include <string_view>

namespace meridian::archive {

inline constexpr std::string_view kDoubtMark = "Doubt: ", kUnreadMark = "Not read: ";

}  // namespace meridian::archive
