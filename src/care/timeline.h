// What happened to a patient, newest first.
#pragma once
#include <string>
#include <vector>

#include "base/json.h"
#include "care/case_table.h"
#include "record/record.h"

namespace meridian::care {

class Timeline {
 public:
  explicit Timeline(record::Record& record) : record_(record) {}  // which knows what organizations are called
  void add_case(const CaseRow& row);
  void add_recording(const RecordingRow& recording);
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
};

}  // namespace meridian::care
