#include <cstdio>

#include "app/read/report.h"

namespace meridian::app {
namespace {

std::string in_language(const engine::LocalizedText& text, bool chinese) {
  return chinese && !text.zh.empty() ? text.zh : text.en;
}

// "0.91 (threshold 0.62)", or nothing.
std::string probability(const engine::Finding& finding, bool chinese) {
  if (!finding.probability) return {};
  char text[80];
  if (finding.threshold)
    std::snprintf(text, sizeof text,
                  chinese ? " 概率 %.2f（阈值 %.2f）" : "  probability %.2f (threshold %.2f)",
                  *finding.probability, *finding.threshold);
  else
    std::snprintf(text, sizeof text, chinese ? " 概率 %.2f" : "  probability %.2f", *finding.probability);
  return text;
}

}  // namespace

std::string terminal_report(const ReadInput& input, bool chinese) {
  std::string out = input.name + "\n";
  if (!input.card)
    return out + (chinese ? "  没有辅助程序能读此类文件\n" : "  No assistant reads such a file\n");
  out += "  " + in_language(input.card->title, chinese) + " " + input.card->version + "\n";
  if (input.reading.refused) return out + "  " + in_language(input.reading.refused->text, chinese) + "\n";
  for (const engine::Finding& finding : input.reading.findings) {
    out += "  " + std::string(finding.positive ? "* " : "- ") + in_language(finding.text, chinese) +
           probability(finding, chinese) + "\n";
    for (const engine::Measurement& measurement : finding.measurements)
      out += "      " + in_language({measurement.code.display, measurement.name_zh}, chinese) + ": " +
             measurement.display + "\n";
  }
  return out;
}

}  // namespace meridian::app
