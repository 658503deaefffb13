// Whose an SCP-ECG is and when it was recorded (section 1).
#pragma once
#include <string_view>

#include "signal/recording.h"

namespace meridian::archive {

// Sets the recording's subject and start as far as the section's fields say; texts that are not UTF-8 are
// taken as Latin-1. Throws invalid_structure when a field is cut.
void read_scp_subject(std::string_view section, signal::Recording& recording);

}  // namespace meridian::archive
