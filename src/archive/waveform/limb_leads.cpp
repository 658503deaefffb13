#include "archive/waveform/limb_leads.h"

#include <algorithm>

#include "archive/waveform/ecg_lead_code.h"

namespace meridian::archive {
namespace {

struct Derived {
  const char* name;
  float of_i, of_ii;
};

constexpr Derived kDerived[] = {{"III", -1, 1}, {"aVR", -0.5F, -0.5F}, {"aVL", 1, -0.5F}, {"aVF", -0.5F, 1}};

const signal::Lead* find_lead(const signal::Recording& recording, std::string_view name) {
  for (const signal::Lead& lead : recording.leads)
    if (lead.name == name) return &lead;
  return nullptr;
}

std::ptrdiff_t place_of(const signal::Lead& lead) {
  const auto leads = twelve_leads();
  return std::find(leads.begin(), leads.end(), lead.name) - leads.begin();
}

}  // namespace

void add_derived_limb_leads(signal::Recording& recording) {
  for (const Derived& derived : kDerived) {
    const signal::Lead* first = find_lead(recording, "I");
    const signal::Lead* second = find_lead(recording, "II");
    if (!first || !second || find_lead(recording, derived.name)) continue;
    signal::Lead lead{derived.name, std::vector<float>(recording.length())};
    for (std::size_t i = 0; i < lead.samples.size(); ++i)
      lead.samples[i] = derived.of_i * first->samples[i] + derived.of_ii * second->samples[i];
    recording.leads.push_back(std::move(lead));
  }
  std::stable_sort(recording.leads.begin(), recording.leads.end(),
                   [](const signal::Lead& a, const signal::Lead& b) { return place_of(a) < place_of(b); });
}

}  // namespace meridian::archive
