#include "assistants/ecg/quantity.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "base/error.h"
#include "base/text.h"
#include "signal/twelve_lead_features.h"

namespace meridian::assistants::ecg {
namespace {

using signal::EcgMeasurements;
using signal::LeadMeasurements;

double depth_if_long(const LeadMeasurements& lead, double shortest) {
  return lead.qrs.q_duration >= shortest ? -lead.qrs.q : 0;
}

// Whether the QRS complex points one way (sign) by half of its largest deflection at least.
bool is_mostly(const LeadMeasurements& lead, double sign) {
  const signal::QrsParts& qrs = lead.qrs;
  const double largest = std::max({qrs.r, qrs.r_prime, -qrs.s, -qrs.q});
  return sign * lead.qrs_net() > largest / 2;
}

constexpr double kSmallestT = 0.02;                   // mV, of a wave to be compared with
constexpr double kElevated = 0.1, kDepressed = -0.1;  // mV, at the J point

using LeadQuantity = double (*)(const LeadMeasurements&);
constexpr std::array<std::pair<std::string_view, LeadQuantity>, 17> kLeadQuantities{{
    {"j", [](const LeadMeasurements& lead) { return lead.j; }},
    {"st60", [](const LeadMeasurements& lead) { return lead.st60; }},
    {"t", [](const LeadMeasurements& lead) { return lead.t; }},
    {"u", [](const LeadMeasurements& lead) { return lead.u; }},
    {"u_over_t", [](const LeadMeasurements& lead) { return lead.u / std::max(kSmallestT, lead.t); }},
    {"j_with_r", [](const LeadMeasurements& lead) { return is_mostly(lead, 1) ? lead.j : 0; }},
    {"j_with_s", [](const LeadMeasurements& lead) { return is_mostly(lead, -1) ? lead.j : 0; }},
    {"j_over_s",
     [](const LeadMeasurements& lead) {
       const double depth = -std::min(lead.qrs.s, lead.qrs.q);
       return lead.qrs_net() < 0 && lead.j >= kElevated ? lead.j / depth : 0;
     }},
    {"net", [](const LeadMeasurements& lead) { return lead.qrs_net(); }},
    {"r", [](const LeadMeasurements& lead) { return lead.qrs.r; }},
    {"r_prime", [](const LeadMeasurements& lead) { return lead.qrs.r_prime; }},
    {"q_depth", [](const LeadMeasurements& lead) { return -lead.qrs.q; }},
    {"s_depth", [](const LeadMeasurements& lead) { return -std::min(lead.qrs.s, lead.qrs.q); }},
    {"q_depth20", [](const LeadMeasurements& lead) { return depth_if_long(lead, 0.02); }},
    {"q_depth30", [](const LeadMeasurements& lead) { return depth_if_long(lead, 0.03); }},
    {"s_ms", [](const LeadMeasurements& lead) { return 1000 * lead.qrs.s_duration; }},
    {"r_peak_ms", [](const LeadMeasurements& lead) { return 1000 * lead.qrs.r_peak_time; }},
}};

std::optional<double> in_milliseconds(std::optional<double> seconds) {
  return seconds ? std::optional(1000 * *seconds) : std::nullopt;
}

[[noreturn]] void fail(std::string_view name) {
  throw Error(ErrorCode::corrupted, "The table of criteria names a quantity that there is not",
              std::string(name), "Restore knowledge/ecg_criteria.csv");
}

std::optional<double> of_all_leads(std::string_view name, const EcgMeasurements& measured, double rr) {
  const signal::EcgIntervals& intervals = measured.intervals;
  if (name == "pr_ms") return in_milliseconds(intervals.pr);
  if (name == "qrs_ms") return in_milliseconds(intervals.qrs);
  if (name == "axis_deg") return measured.qrs_axis;
  if (name == "depressed_leads")
    return static_cast<double>(
        std::count_if(signal::kTwelveLeads.begin(), signal::kTwelveLeads.end(), [&](std::string_view one) {
          const LeadMeasurements* lead = measured.lead(std::string(one));
          return lead && lead->j <= kDepressed;
        }));
  if (name == "st_ms") return in_milliseconds(intervals.st);
  if (name == "t_ms") return in_milliseconds(intervals.t);
  if (!(rr > 0)) return std::nullopt;
  if (name == "qotc_ms" && intervals.q_to_t_onset)
    return 1000 * signal::correct_qt(*intervals.q_to_t_onset, rr).bazett;
  if (name == "qatc_ms" && intervals.q_to_t_peak)
    return 1000 * signal::correct_qt(*intervals.q_to_t_peak, rr).bazett;
  if (name == "qtc_ms" && intervals.qt) return 1000 * signal::correct_qt(*intervals.qt, rr).fridericia;
  if (name != "qtc_ms" && name != "qotc_ms" && name != "qatc_ms") fail(name);
  return std::nullopt;
}

std::optional<double> of_term(std::string_view term, const EcgMeasurements& measured, double rr,
                              bool highest) {
  const auto colon = term.find(':');
  if (colon == std::string_view::npos) return of_all_leads(term, measured, rr);
  const std::string_view name = term.substr(0, colon);
  const auto found = std::find_if(kLeadQuantities.begin(), kLeadQuantities.end(),
                                  [&](const auto& entry) { return entry.first == name; });
  if (found == kLeadQuantities.end()) fail(name);
  std::optional<double> best;
  for (const std::string& lead_name : split(term.substr(colon + 1), '/')) {
    const LeadMeasurements* lead = measured.lead(lead_name);
    if (!lead) continue;
    const double value = found->second(*lead);
    if (!best || (highest ? value > *best : value < *best)) best = value;
  }
  return best;
}

}  // namespace

std::optional<double> quantity_of(std::string_view quantity, const EcgMeasurements& measured, double rr,
                                  bool highest) {
  std::optional<double> sum = 0;
  for (const std::string& term : split(quantity, '+')) {
    const auto value = of_term(term, measured, rr, highest);
    sum = sum && value ? std::optional(*sum + *value) : std::nullopt;
  }
  return sum;
}

bool needs_one_of(std::string_view quantity, std::span<const std::string> leads) {
  const auto is_named = [&](const std::string& lead) {
    return std::find(leads.begin(), leads.end(), lead) != leads.end();
  };
  const std::vector<std::string> terms = split(quantity, '+');
  return std::any_of(terms.begin(), terms.end(), [&](const std::string& term) {
    const auto colon = term.find(':');
    if (colon == std::string::npos)
      return (term == "axis_deg" && (is_named("I") || is_named("II") || is_named("aVF"))) ||
             (term == "depressed_leads" && !leads.empty());
    const std::vector<std::string> of = split(std::string_view(term).substr(colon + 1), '/');
    return std::all_of(of.begin(), of.end(), is_named);
  });
}

std::string_view unit_of(std::string_view quantity) {
  const std::string_view name = quantity.substr(0, quantity.find(':'));
  if (name.ends_with("_ms")) return "ms";
  if (name.find("_over_") != std::string_view::npos) return "1";
  if (name == "depressed_leads") return "{leads}";
  return name.ends_with("_deg") ? "deg" : "mV";
}

}  // namespace meridian::assistants::ecg
