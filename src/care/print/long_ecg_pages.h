// The first pages of a printed long recording: a summary, and the stretches that tell most.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "care/print/report_pages.h"

namespace meridian::care {

// More than two minutes, of which something is told that has its place there.
bool is_printed_as_long(const EcgReport& report, const signal::Recording& recording);
// Whether the summary shows what the finding measured.
bool is_in_summary(const PrintedFinding& finding);
// Names and values of what they measured, each once.
std::vector<std::pair<std::string, std::string>> measurement_rows(
    const std::vector<const PrintedFinding*>& findings, const ReportPages& pages);

// The hours with their rates, ectopic beats, pauses and atrial fibrillation; what was measured of the whole;
// then ten seconds of each telling stretch, of two leads.
void print_long_ecg(ReportPages& pages);

}  // namespace meridian::care
