#include "archive/waveform/lead_name.h"

#include <algorithm>
#include <cctype>

namespace meridian::archive {
namespace {

std::string upper_case(std::string_view text) {
  std::string upper(text);
  std::transform(upper.begin(), upper.end(), upper.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return upper;
}

constexpr std::string_view kStandardLeads[] = {"I",  "II", "III", "aVR", "aVL", "aVF", "V1",
                                               "V2", "V3", "V4",  "V5",  "V6",  "V7",  "V8",
                                               "V9", "VX", "VY",  "VZ",  "V3R", "V4R"};

constexpr std::string_view kOtherSignals[] = {"ABP", "ART",  "PAP",   "CVP",  "ICP", "BP",
                                              "NBP", "RESP", "PLETH", "SPO2", "CO2", "EEG",
                                              "EMG", "EOG",  "UAP",   "RAP",  "LAP", "SCG"};

}  // namespace

std::string standard_lead_name(std::string_view name) {
  const std::string upper = upper_case(name);
  for (const std::string_view lead : kStandardLeads)
    if (upper_case(lead) == upper) return std::string(lead);
  return std::string(name);
}

bool may_be_ecg_lead(std::string_view name) {
  const std::string upper = upper_case(name);
  return std::none_of(std::begin(kOtherSignals), std::end(kOtherSignals),
                      [&](std::string_view other) { return upper.starts_with(other); });
}

}  // namespace meridian::archive
