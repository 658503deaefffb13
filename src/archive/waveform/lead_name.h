// Names of ECG leads as the field writes them.
#pragma once
#include <string>
#include <string_view>

namespace meridian::archive {

// "avr" and "AVR" become "aVR", "v1" becomes "V1", "ii" becomes "II"; other names stay as they are.
std::string standard_lead_name(std::string_view name);
// False for names of pressures, respiration, plethysmograms and the like, which monitors record beside the
// ECG.
bool may_be_ecg_lead(std::string_view name);

}  // namespace meridian::archive
