// The report of a case: written by a person, kept as it is written, and made final by a signature.
#pragma once
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "care/case_table.h"
#include "care/context.h"

namespace meridian::care {

class Reports {
 public:
  explicit Reports(const Context& context) : context_(context) {}

  // What the page showed to who signs.
  struct Seen {
    std::vector<std::string> recordings;                       // instances
    std::vector<std::pair<std::string, std::int64_t>> drafts;  // ids with the versions that were read
  };
  struct Text {
    std::string text;
    std::vector<std::string> accepted;    // ids of findings of the case's drafts
    std::optional<std::int64_t> version;  // of the report as it was read; empty: none has been written yet
    std::optional<Seen> seen = {};        // for sign(); nothing: not known
  };
  // {version}: of the unsigned report, as text. Throws precondition_failed when somebody else has written
  // meanwhile, conflict when the case is signed or somebody else reads it, invalid_value for a finding of
  // another case.
  Json save(const trust::Principal& principal, const std::string& case_id, const Text& text) const;
  // {case}. Signs what was seen: a recording or draft that has come meanwhile is not of the signature, nor
  // are recordings whose being seen is not known. What save() throws, and forbidden unless the role may sign,
  // invalid_value for an empty text, precondition_failed when a draft was made again since it was read.
  Json sign(const trust::Principal& principal, const std::string& case_id, const Text& text) const;
  // {case}. draft: the id of its DiagnosticReport.
  Json reject(const trust::Principal& principal, const std::string& case_id, const std::string& draft,
              const std::string& reason) const;

 private:
  Context context_;
};

}  // namespace meridian::care
