#include "assistants/ecg/trusted_leads.h"

#include <algorithm>
#include <array>

#include "signal/twelve_lead_features.h"

namespace meridian::assistants::ecg {
namespace {

constexpr double kLeastGood = 0.5;  // of the time
constexpr std::array kAxisLeads{"I", "II", "aVF"};

const signal::LeadQuality* quality_of(const Analysis& analysis, std::string_view lead) {
  const auto found = std::find_if(analysis.quality.begin(), analysis.quality.end(),
                                  [&](const signal::LeadQuality& one) { return one.lead == lead; });
  return found == analysis.quality.end() ? nullptr : &*found;
}

// What the lead is for most of the time in which it is not good.
signal::Quality usual_fault(const signal::LeadQuality& lead) {
  signal::Quality usual = signal::Quality::flat;
  std::ptrdiff_t most = 0;
  for (const signal::Quality fault : {signal::Quality::flat, signal::Quality::missing,
                                      signal::Quality::saturated, signal::Quality::noisy}) {
    const auto count = std::count(lead.seconds.begin(), lead.seconds.end(), fault);
    if (count > most) usual = fault;
    most = std::max(most, count);
  }
  return usual;
}

signal::EcgMeasurements without(signal::EcgMeasurements measured, const std::vector<std::string>& leads) {
  const auto is_out = [&](std::string_view name) {
    return std::find(leads.begin(), leads.end(), name) != leads.end();
  };
  std::erase_if(measured.leads, [&](const auto& lead) { return is_out(lead.lead); });
  if (std::any_of(kAxisLeads.begin(), kAxisLeads.end(), is_out))
    measured.qrs_axis = measured.p_axis = measured.t_axis = std::nullopt;
  return measured;
}

}  // namespace

std::vector<std::string> TrustedLeads::missing() const {
  std::vector<std::string> leads;
  for (const LeftOutLead& lead : left_out) leads.push_back(lead.lead);
  if (reversal) leads.insert(leads.end(), reversal->leads.begin(), reversal->leads.end());
  return leads;
}

std::optional<TrustedLeads> trusted_leads(const Analysis& analysis) {
  if (!analysis.measured) return std::nullopt;
  TrustedLeads result;
  for (const std::string_view name : signal::kTwelveLeads) {
    const signal::LeadQuality* quality = quality_of(analysis, name);
    if (!quality) return std::nullopt;
    if (quality->good_part() < kLeastGood || !analysis.measured->lead(name))
      result.left_out.push_back({std::string(name), usual_fault(*quality)});
  }
  for (const signal::LeadQuality& more : analysis.quality)  // V7 to V9, V3R and V4R
    if (more.good_part() < kLeastGood && std::find(signal::kTwelveLeads.begin(), signal::kTwelveLeads.end(),
                                                   more.lead) == signal::kTwelveLeads.end())
      result.left_out.push_back({more.lead, usual_fault(more)});
  result.reversal = signal::find_lead_reversal(without(*analysis.measured, result.missing()));
  result.measured = without(*analysis.measured, result.missing());
  return result;
}

}  // namespace meridian::assistants::ecg
