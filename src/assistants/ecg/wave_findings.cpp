#include "assistants/ecg/wave_findings.h"

#include <cmath>
#include <span>

#include "assistants/ecg/wording.h"

namespace meridian::assistants::ecg {
namespace {

using engine::Coding;
using engine::Finding;
using engine::Measurement;
using signal::EcgMeasurements;
using signal::LeadMeasurements;

void add_wave(const char* name, const signal::Wave& wave, const std::string& lead, Json& waves) {
  waves.push_back(Json::object({{"lead", lead.empty() ? Json() : Json(lead)},
                                {"wave", name},
                                {"onset", wave.onset},
                                {"peak", wave.peak},
                                {"offset", wave.offset}}));
}

void add_waves(const signal::LeadWaves& lead, Json& waves) {
  for (const signal::BeatWaves& beat : lead.beats) {
    if (beat.p) add_wave("P", *beat.p, lead.lead, waves);
    add_wave("QRS", beat.qrs, lead.lead, waves);
    if (beat.t) add_wave("T", *beat.t, lead.lead, waves);
  }
}

Json waves_json(std::span<const signal::LeadWaves> leads) {
  Json waves = Json::array();
  for (const signal::LeadWaves& lead : leads) add_waves(lead, waves);
  return waves;
}

double millivolts(double value) {
  return std::round(value * 1000) / 1000;
}

double milliseconds(double seconds) {
  return std::round(seconds * 1000);
}

Json lead_json(const LeadMeasurements& lead) {
  const signal::QrsParts& qrs = lead.qrs;
  return Json::object({{"lead", lead.lead},
                       {"p_mv", millivolts(lead.p)},
                       {"q_mv", millivolts(qrs.q)},
                       {"q_ms", milliseconds(qrs.q_duration)},
                       {"r_mv", millivolts(qrs.r)},
                       {"r_ms", milliseconds(qrs.r_duration)},
                       {"s_mv", millivolts(qrs.s)},
                       {"s_ms", milliseconds(qrs.s_duration)},
                       {"r_prime_mv", millivolts(qrs.r_prime)},
                       {"r_prime_ms", milliseconds(qrs.r_prime_duration)},
                       {"r_peak_ms", milliseconds(qrs.r_peak_time)},
                       {"j_mv", millivolts(lead.j)},
                       {"st60_mv", millivolts(lead.st60)},
                       {"st80_mv", millivolts(lead.st80)},
                       {"st_slope_mv_s", millivolts(lead.st_slope)},
                       {"t_mv", millivolts(lead.t)},
                       {"u_mv", millivolts(lead.u)}});
}

Json leads_json(const EcgMeasurements& measured) {
  Json leads = Json::array();
  for (const LeadMeasurements& lead : measured.leads) leads.push_back(lead_json(lead));
  return leads;
}

class Measurements {
 public:
  void add_time(const Coding& code, const char* name_zh, std::optional<double> seconds) {
    if (!seconds) return;
    const double value = milliseconds(*seconds);
    list_.push_back({code, name_zh, value, "ms", print("%.0f ms", value)});
  }
  void add_axis(const Coding& code, const char* name_zh, std::optional<double> degrees) {
    if (!degrees) return;
    const double value = std::round(*degrees);
    list_.push_back({code, name_zh, value, "deg", print("%.0f°", value)});
  }
  std::vector<Measurement> list() && { return std::move(list_); }

 private:
  std::vector<Measurement> list_;
};

std::vector<Measurement> measurements_of(const EcgMeasurements& measured, double rr) {
  const signal::EcgIntervals& intervals = measured.intervals;
  Measurements list;
  list.add_time({kOwn, "p-duration", "P wave duration"}, "P波时限", intervals.p);
  list.add_time({kLoinc, "8625-6", "P-R Interval"}, "PR间期", intervals.pr);
  list.add_time({kLoinc, "8633-0", "QRS duration"}, "QRS时限", intervals.qrs);
  list.add_time({kLoinc, "8634-8", "Q-T interval"}, "QT间期", intervals.qt);
  if (intervals.qt && rr > 0) {
    const signal::CorrectedQt corrected = signal::correct_qt(*intervals.qt, rr);
    list.add_time({kOwn, "qtc-bazett", "QTc by Bazett"}, "QTc（Bazett）", corrected.bazett);
    list.add_time({kOwn, "qtc-fridericia", "QTc by Fridericia"}, "QTc（Fridericia）", corrected.fridericia);
    list.add_time({kOwn, "qtc-framingham", "QTc by Framingham"}, "QTc（Framingham）", corrected.framingham);
    list.add_time({kOwn, "qtc-hodges", "QTc by Hodges"}, "QTc（Hodges）", corrected.hodges);
  }
  list.add_axis({kOwn, "p-axis", "P wave axis"}, "P波电轴", measured.p_axis);
  list.add_axis({kLoinc, "8632-2", "QRS axis"}, "QRS电轴", measured.qrs_axis);
  list.add_axis({kOwn, "t-axis", "T wave axis"}, "T波电轴", measured.t_axis);
  return std::move(list).list();
}

std::string in_milliseconds(std::optional<double> seconds) {
  return seconds ? print("%.0f", milliseconds(*seconds)) : "-";
}

}  // namespace

Finding wave_finding(const Analysis& analysis) {
  const EcgMeasurements& measured = *analysis.measured;
  const std::string pr = in_milliseconds(measured.intervals.pr),
                    qrs = in_milliseconds(measured.intervals.qrs),
                    qt = in_milliseconds(measured.intervals.qt);
  Finding finding;
  finding.code = {kOwn, "intervals", "ECG intervals, axes and amplitudes"};
  finding.text = {print("PR %s ms, QRS %s ms, QT %s ms (medians of %zu beats).", pr.c_str(), qrs.c_str(),
                        qt.c_str(), measured.beats),
                  print("PR %s毫秒，QRS %s毫秒，QT %s毫秒（%zu次心搏的中位数）。", pr.c_str(), qrs.c_str(),
                        qt.c_str(), measured.beats)};
  finding.measurements = measurements_of(measured, analysis.rr.mean);
  finding.evidence = Json::object({{"delineation", waves_json(analysis.waves->leads)},
                                   {"global_delineation", waves_json(std::span(&analysis.waves->global, 1))},
                                   {"lead_measurements", leads_json(measured)}});
  return finding;
}

}  // namespace meridian::assistants::ecg
