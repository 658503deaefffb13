// Codes of ECG leads in DICOM (PS3.16 CID 3001): the number of a lead is the same in SCP-ECG (EN
// 1064, 5.6.3-9-n) and in ISO/IEEE 11073-10102 (MDC, 2:n).
#pragma once
#include <span>
#include <string>
#include <string_view>

namespace meridian::archive {

inline constexpr int kUnspecifiedLead = 0;

// The number of the standard lead of that name, or kUnspecifiedLead.
int ecg_lead_number(std::string_view name);
// The name for a coded lead, empty when the code or its scheme ("MDC", "SCPECG") is not one of a known lead.
std::string ecg_lead_name(std::string_view scheme, std::string_view code);
// "Lead I", "aVR, augmented voltage, right", "Unspecified lead".
std::string ecg_lead_meaning(int number);
// The twelve leads of the standard ECG, in their usual order.
std::span<const std::string_view> twelve_leads();

}  // namespace meridian::archive
