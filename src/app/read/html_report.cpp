#include <cstdio>

#include "app/read/ecg_svg.h"
#include "app/read/report.h"
#include "base/encoding.h"
#include "base/markup.h"
#include "vision/picture.h"

namespace meridian::app {
namespace {

constexpr const char* kStyle = R"(
body { font: 14px/1.5 system-ui, "Noto Sans SC", "PingFang SC", "Microsoft YaHei", sans-serif; margin: 24px auto;
       max-width: 1100px; color: #1f2328; font-variant-numeric: tabular-nums; }
h1 { font-size: 20px; } h2 { font-size: 16px; margin: 32px 0 4px; overflow-wrap: anywhere; }
.draft { border-left: 2px dashed #7a3ff2; padding-left: 12px; } .draft b { color: #6a2fe0; }
.refused { color: #57606a; } table { border-collapse: collapse; margin: 4px 0 12px; }
td { padding: 2px 16px 2px 0; } td + td { text-align: right; }
svg.ecg { display: block; max-width: 100%; background: #fff8f6; } .fine { stroke: #f7d7d2; stroke-width: .08; }
.bold { stroke: #eeb0a8; stroke-width: .15; } .trace { fill: none; stroke: #111; stroke-width: .3; }
svg.ecg text { font-size: 4px; } .beat { fill: #1668dc; }
.film { position: relative; display: inline-block; background: #000; } .film img { display: block; max-width: 100%; }
.film img + img { position: absolute; inset: 0; width: 100%; height: 100%; opacity: .4; mix-blend-mode: screen; }
footer { margin-top: 32px; color: #57606a; } @media print { body { margin: 0; } section { break-inside: avoid; } }
)";

std::string in_language(const engine::LocalizedText& text, bool chinese) {
  return escaped(chinese && !text.zh.empty() ? text.zh : text.en);
}

std::string picture(const ReadInput& input) {
  if (!input.input) return {};
  if (input.input->recording) return ecg_svg(*input.input->recording, evidence(input.reading, "beats"));
  if (!input.input->image) return {};
  std::string out = "<div class=\"film\"><img alt=\"\" src=\"data:image/png;base64," +
                    to_base64(vision::encode_png(*input.input->image)) + "\">";
  const std::string heat = evidence(input.reading, "heat_map").text("png");
  if (!heat.empty()) out += "<img alt=\"\" src=\"data:image/png;base64," + escaped(heat) + "\">";
  return out + "</div>";
}

std::string probability(const engine::Finding& finding) {
  if (!finding.probability) return {};
  char text[64];
  if (finding.threshold)
    std::snprintf(text, sizeof text, " %.2f / %.2f", *finding.probability, *finding.threshold);
  else
    std::snprintf(text, sizeof text, " %.2f", *finding.probability);
  return text;
}

std::string finding_html(const engine::Finding& finding, bool chinese) {
  std::string out = "<p>" + std::string(finding.positive ? "<b>" : "") + in_language(finding.text, chinese) +
                    (finding.positive ? "</b>" : "") + probability(finding) + "</p>";
  if (finding.measurements.empty()) return out;
  out += "<table>";
  for (const engine::Measurement& measurement : finding.measurements)
    out += "<tr><td>" + in_language({measurement.code.display, measurement.name_zh}, chinese) + "</td><td>" +
           escaped(measurement.display) + "</td></tr>";
  return out + "</table>";
}

std::string section(const ReadInput& input, bool chinese) {
  std::string out = "<section><h2>" + escaped(input.name) + "</h2>";
  if (!input.card)
    return out + "<p class=\"refused\">" +
           (chinese ? "没有辅助程序能读此类文件" : "No assistant reads such a file") + "</p></section>";
  out += "<p>" + in_language(input.card->title, chinese) + " " + escaped(input.card->version) + "</p>";
  if (input.reading.refused)
    out += "<p class=\"refused\">" + in_language(input.reading.refused->text, chinese) + "</p>";
  out += "<div class=\"draft\">";
  for (const engine::Finding& finding : input.reading.findings) out += finding_html(finding, chinese);
  return out + "</div>" + picture(input) + "</section>";
}

}  // namespace

std::string html_report(const std::vector<ReadInput>& inputs, bool chinese) {
  const std::string title = chinese ? "Meridian 读图草稿" : "Readings by Meridian, drafts";
  std::string out =
      "<!doctype html><html lang=\"" + std::string(chinese ? "zh" : "en") +
      "\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>" + title +
      "</title><style>" + kStyle + "</style><h1>" + title + "</h1>";
  for (const ReadInput& input : inputs) out += section(input, chinese);
  return out + "<footer>" +
         (chinese ? "概率 / 阈值。草稿未经医生签名不是最终结论。"
                  : "Probability / threshold. A draft is not final before a clinician has signed it.") +
         "</footer></html>\n";
}

}  // namespace meridian::app
