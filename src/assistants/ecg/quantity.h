// A quantity of a 12-lead ECG by its name in knowledge/ecg_criteria.csv.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "signal/ecg_measurements.h"

namespace meridian::assistants::ecg {

// Of several leads the highest value (or the lowest) counts. Nothing where a lead or a wave was not measured.
// Throws corrupted for a name that is none.
std::optional<double> quantity_of(std::string_view quantity, const signal::EcgMeasurements& measured,
                                  double rr, bool highest);
// Whether it cannot be measured without these leads.
bool needs_one_of(std::string_view quantity, std::span<const std::string> leads);
// "mV", "ms", "deg", of a ratio "1", of a number of leads "{leads}".
std::string_view unit_of(std::string_view quantity);

}  // namespace meridian::assistants::ecg
