#include "signal/twelve_lead_features.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace meridian::signal {
namespace {

struct Feature {
  std::string name;
  double value;
};

double angle_between(std::optional<double> a, std::optional<double> b) {
  if (!a || !b) return 0;
  const double difference = std::fabs(*a - *b);
  return std::min(difference, 360 - difference);
}

void add_global(const EcgMeasurements& measured, double rr, double irregularity,
                std::vector<Feature>& features) {
  const EcgIntervals& intervals = measured.intervals;
  const double qt = intervals.qt.value_or(0);
  features.push_back({"p", intervals.p.value_or(0)});
  features.push_back({"pr", intervals.pr.value_or(0)});
  features.push_back({"qrs", intervals.qrs.value_or(0)});
  features.push_back({"qtc", rr > 0 && qt > 0 ? correct_qt(qt, rr).fridericia : 0});
  features.push_back({"rr", rr});
  features.push_back({"irregularity", irregularity});
  features.push_back({"p_axis", measured.p_axis.value_or(0)});
  features.push_back({"qrs_axis", measured.qrs_axis.value_or(0)});
  features.push_back({"t_axis", measured.t_axis.value_or(0)});
  features.push_back({"qrs_t_angle", angle_between(measured.qrs_axis, measured.t_axis)});
}

void add_lead(const LeadMeasurements& lead, std::vector<Feature>& features) {
  const QrsParts& qrs = lead.qrs;
  const std::pair<const char*, double> parts[] = {{"p", lead.p},
                                                  {"q", qrs.q},
                                                  {"q_duration", qrs.q_duration},
                                                  {"r", qrs.r},
                                                  {"s", qrs.s},
                                                  {"s_duration", qrs.s_duration},
                                                  {"r_prime", qrs.r_prime},
                                                  {"r_peak_time", qrs.r_peak_time},
                                                  {"net", lead.qrs_net()},
                                                  {"j", lead.j},
                                                  {"st80", lead.st80},
                                                  {"st_slope", lead.st_slope},
                                                  {"t", lead.t}};
  for (const auto& [name, value] : parts) features.push_back({std::string(name) + "." + lead.lead, value});
}

// Sokolow and Lyon 1949; Casale 1985 (Cornell); the largest QRS complex and the flattest T wave.
void add_sums(const EcgMeasurements& measured, std::vector<Feature>& features) {
  const auto qrs = [&](const char* lead) -> const QrsParts& { return measured.lead(lead)->qrs; };
  const auto depth = [&](const char* lead) { return -std::min(qrs(lead).s, qrs(lead).q); };
  features.push_back({"sokolow_lyon", depth("V1") + std::max(qrs("V5").r, qrs("V6").r)});
  features.push_back({"cornell", qrs("aVL").r + depth("V3")});
  double largest = 0, lowest_t = 0;
  for (const char* lead : {"I", "II", "V4", "V5", "V6"}) {
    largest = std::max(largest, qrs(lead).r);
    lowest_t += std::min(0.0, measured.lead(lead)->t);
  }
  features.push_back({"largest_r", largest});
  features.push_back({"inverted_t", lowest_t});
}

std::vector<Feature> features_of(const EcgMeasurements& measured, double rr, double irregularity) {
  std::vector<Feature> features;
  add_global(measured, rr, irregularity, features);
  for (const std::string_view name : kTwelveLeads) add_lead(*measured.lead(name), features);
  add_sums(measured, features);
  return features;
}

std::vector<std::string> names_of_features() {
  EcgMeasurements empty;
  for (const std::string_view name : kTwelveLeads) empty.leads.emplace_back().lead = name;
  std::vector<std::string> names;
  for (const Feature& feature : features_of(empty, 1, 0)) names.push_back(feature.name);
  return names;
}

}  // namespace

std::span<const std::string> twelve_lead_feature_names() {
  static const std::vector<std::string> names = names_of_features();
  return names;
}

std::vector<double> twelve_lead_features(const EcgMeasurements& measured, double rr, double irregularity) {
  for (const std::string_view name : kTwelveLeads)
    if (!measured.lead(name)) return {};
  std::vector<double> values;
  for (const Feature& feature : features_of(measured, rr, irregularity)) values.push_back(feature.value);
  return values;
}

}  // namespace meridian::signal
