#include <algorithm>

#include "app/read/report.h"
#include "base/error.h"
#include "care/print/ecg_report.h"

namespace meridian::app {
namespace {

care::PrintedFinding printed(const engine::Finding& finding) {
  care::PrintedFinding result{finding.text, finding.probability, finding.threshold, finding.positive, {},
                              false,        finding.code.token()};
  for (const engine::Measurement& measurement : finding.measurements)
    result.measurements.push_back({{measurement.code.display, measurement.name_zh}, measurement.display});
  return result;
}

void mark_beats(const engine::Reading& reading, care::EcgReport& report) {
  const Json& beats = evidence(reading, "beats");
  if (!beats.is_array()) return;
  for (const Json& beat : beats.items()) {
    const std::string name = beat.text("aami_class", "N");
    if (name == "N") continue;
    report.beats.push_back({beat.get("sample").as_int(), name.front()});
  }
}

}  // namespace

std::string pdf_report(const std::vector<ReadInput>& inputs, bool chinese) {
  const auto is_ecg = [](const ReadInput& input) { return input.input && input.input->recording; };
  if (std::ranges::count_if(inputs, is_ecg) != 1)
    throw Error(ErrorCode::usage, "A PDF is written of one ECG", "--pdf",
                "Name one recording that can be read");
  const ReadInput& input = *std::ranges::find_if(inputs, is_ecg);
  const signal::Recording& recording = *input.input->recording;
  care::EcgReport report{.chinese = chinese};
  report.patient = recording.subject.name;
  if (!recording.subject.id.empty())
    report.patient += (report.patient.empty() ? "" : "  ") + recording.subject.id;
  report.recorded = recording.start;
  if (input.card)
    report.assistant = (chinese ? input.card->title.zh : input.card->title.en) + " " + input.card->version;
  if (input.reading.refused)
    report.findings.push_back({input.reading.refused->text, std::nullopt, std::nullopt, true, {}, false});
  for (const engine::Finding& finding : input.reading.findings) {
    report.findings.push_back(printed(finding));
    care::add_evidence(finding.code.token(), finding.evidence, false, report.course);
  }
  mark_beats(input.reading, report);
  return care::ecg_pdf(report, recording);
}

}  // namespace meridian::app
