#include "care/timeline.h"

#include <algorithm>

#include "base/time.h"
#include "care/people.h"
#include "engine/resources.h"

namespace meridian::care {
namespace {

std::string case_of(const Json& resource) {
  return id_of(resource.text("encounter.reference"));
}

// People are called the same in every language.
engine::LocalizedText person(const Json& resource, const std::string& member) {
  const std::string name = resource.text(member + ".display");
  return {name, name};
}

engine::LocalizedText performer(record::Record& record, const Json& request) {
  const std::string reference = request.text("performer.reference");
  return reference.starts_with("Organization/") ? name_of_organization(record, reference)
                                                : person(request, "performer");
}

}  // namespace

void Timeline::add(Entry entry) {
  if (!entry.at.empty()) entries_.push_back(std::move(entry));
}

void Timeline::add_case(const CaseRow& row) {
  add({format_instant(row.since),
       "encounter",
       {"Case opened", "开立病例"},
       name_of_organization(record_, row.organization),
       row.id,
       row.id});
}

void Timeline::add_recording(const RecordingRow& recording) {
  const bool in_series = recording.kind == "image" || recording.kind == "slide";
  if (in_series && !image_series_.emplace(recording.case_id, recording.series).second) return;
  engine::LocalizedText title{"Film", "影像"};
  if (recording.kind == "ecg") title = {"ECG", "心电图"};
  if (recording.kind == "slide") title = {"Slide", "切片"};
  if (recording.kind == kResultKind) title = {"Marked on images", "影像标注"};
  if (!recording.title.empty())
    title = {title.en + ": " + recording.title, title.zh + "：" + recording.title};
  add({format_instant(recording.at),
       recording.kind,
       std::move(title),
       {},
       recording.instance,
       recording.case_id});
}

void Timeline::add_draft(const Json& report) {
  add({report.text("issued"),
       "draft",
       engine::localized(report, "conclusion"),
       {},
       report.text("id"),
       case_of(report)});
}

void Timeline::add_report(const Json& report) {
  const bool is_final = report.text("status") == "final";
  const std::string text = report.text("conclusion");
  engine::LocalizedText title = is_final ? engine::LocalizedText{"Report: " + text, "报告：" + text}
                                         : engine::LocalizedText{"Report being written", "报告撰写中"};
  add({report.text("issued"), "report", std::move(title), person(report, "resultsInterpreter"),
       report.text("id"), case_of(report)});
}

void Timeline::add_request(const Json& request) {
  const engine::LocalizedText to = performer(record_, request);
  const std::string question = request.text("reasonCode.text");
  add({request.text("authoredOn"),
       "request",
       {"Opinion asked of " + to.en + ": " + question, "请" + to.zh + "会诊：" + question},
       person(request, "requester"),
       request.text("id"),
       case_of(request)});
}

void Timeline::add_message(const Json& communication) {
  const Json& payload = communication.get("payload");
  if (payload.empty()) return;
  add({communication.text("sent"), "message", engine::localized(payload.at(0), "contentString"),
       person(communication, "sender"), communication.text("id"), case_of(communication)});
}

Json Timeline::json() const {
  std::vector<Entry> sorted = entries_;
  std::stable_sort(sorted.begin(), sorted.end(), [](const Entry& a, const Entry& b) { return a.at > b.at; });
  Json list = Json::array();
  for (const Entry& entry : sorted)
    list.push_back(Json::object({{"at", entry.at},
                                 {"kind", entry.kind},
                                 {"title", engine::to_json(entry.title)},
                                 {"by", entry.by.en.empty() ? Json() : engine::to_json(entry.by)},
                                 {"target", entry.target},
                                 {"case", engine::text_or_null(entry.case_id)}}));
  return list;
}

}  // namespace meridian::care
