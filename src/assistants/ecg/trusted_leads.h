// Which leads of a short 12-lead ECG its statements may rest on.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "assistants/ecg/analysis.h"
#include "signal/lead_reversal.h"

namespace meridian::assistants::ecg {

struct LeftOutLead {
  std::string lead;
  signal::Quality reason = signal::Quality::flat;
};

struct TrustedLeads {
  signal::EcgMeasurements measured;              // of the leads that are left; no axis without its leads
  std::vector<LeftOutLead> left_out;             // without a usable signal for half of the time or more
  std::optional<signal::LeadReversal> reversal;  // whose leads are left out too
  std::vector<std::string> missing() const;      // all that are left out
};

// Nothing of a recording that is too long to be measured, or that has not all of the twelve leads.
std::optional<TrustedLeads> trusted_leads(const Analysis& analysis);

}  // namespace meridian::assistants::ecg
