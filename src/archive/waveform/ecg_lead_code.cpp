#include "archive/waveform/ecg_lead_code.h"

#include <charconv>

namespace meridian::archive {
namespace {

struct LeadCode {
  int number;
  std::string_view name, meaning;
};

constexpr LeadCode kLeads[] = {
    {1, "I", "Lead I"},
    {2, "II", "Lead II"},
    {61, "III", "Lead III"},
    {62, "aVR", "aVR, augmented voltage, right"},
    {63, "aVL", "aVL, augmented voltage, left"},
    {64, "aVF", "aVF, augmented voltage, foot"},
    {3, "V1", "Lead V1"},
    {4, "V2", "Lead V2"},
    {5, "V3", "Lead V3"},
    {6, "V4", "Lead V4"},
    {7, "V5", "Lead V5"},
    {8, "V6", "Lead V6"},
    {9, "V7", "Lead V7"},
    {66, "V8", "Lead V8"},
    {67, "V9", "Lead V9"},
    {11, "V3R", "Lead V3R"},
    {12, "V4R", "Lead V4R"},
    {16, "VX", "Lead X"},
    {17, "VY", "Lead Y"},
    {18, "VZ", "Lead Z"},
};

constexpr std::string_view kTwelve[] = {"I",  "II", "III", "aVR", "aVL", "aVF",
                                        "V1", "V2", "V3",  "V4",  "V5",  "V6"};

std::string_view number_of_code(std::string_view scheme, std::string_view code) {
  const std::string_view prefix = scheme == "MDC" ? "2:" : scheme == "SCPECG" ? "5.6.3-9-" : "";
  return prefix.empty() || !code.starts_with(prefix) ? std::string_view() : code.substr(prefix.size());
}

}  // namespace

int ecg_lead_number(std::string_view name) {
  for (const LeadCode& lead : kLeads)
    if (lead.name == name) return lead.number;
  return kUnspecifiedLead;
}

std::string ecg_lead_name(std::string_view scheme, std::string_view code) {
  const std::string_view digits = number_of_code(scheme, code);
  int number = kUnspecifiedLead;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size()) return {};
  for (const LeadCode& lead : kLeads)
    if (lead.number == number) return std::string(lead.name);
  return {};
}

std::string ecg_lead_meaning(int number) {
  for (const LeadCode& lead : kLeads)
    if (lead.number == number) return std::string(lead.meaning);
  return "Unspecified lead";
}

std::span<const std::string_view> twelve_leads() {
  return kTwelve;
}

}  // namespace meridian::archive
