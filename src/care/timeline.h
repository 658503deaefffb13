// What happened to a patient, newest first.
#pragma once
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/json.h"
#include "care/case_table.h"
#include "record/record.h"

namespace meridian::care {

class Timeline {
 public:
  explicit Timeline(record::Record& record) : record_(record) {}  // which knows what organizations are called
  void add_case(const CaseRow& row);
  void add_recording(const RecordingRow& recording);  // images of one series are one entry: the first's
  void add_draft(const Json& report);
  void add_report(const Json& report);
  void add_request(const Json& request);
  void add_message(const Json& communication);
  // [{at, kind, title, by, target, case}]; by: who did it, localized, or null
  Json json() const;

 private:
  struct Entry {
    std::string at, kind;
    engine::LocalizedText title, by;
    std::string target, case_id;
  };
  void add(Entry entry);
  record::Record& record_;
  std::vector<Entry> entries_;
  std::set<std::pair<std::string, std::string>> image_series_;  // with their cases
};

}  // namespace meridian::care
