// The worklist: the cases of an organization and those it was asked about, in the order in which they should
// be read.
//
// Order. A case's urgency is the highest of its request's priority and the urgencies of its drafts' positive
// findings (engine::Urgency). Waiting raises it: a routine case becomes one of today after 24 hours. Nothing
// becomes an emergency by waiting, because an emergency interrupts. Then, longest wait first:
//   rank(case) = urgency, or today when urgency is routine and now - since > 24 h;  ORDER BY rank DESC, since
//   ASC.
// Signed cases stand by the time of their signature, newest first.
#pragma once
#include <string>
#include <vector>

#include "care/case_table.h"
#include "care/context.h"

namespace meridian::care {

inline constexpr std::chrono::hours kRoutineBecomesToday{24};

struct WorklistFilter {
  std::string queue = "waiting";  // waiting (not signed), urgent (of these, today or emergency), mine
                                  // (claimed by the principal), signed
  std::string search;             // words, all of which a name or identifier contains
  std::string modality;           // exact; empty: any
  std::string organization;       // id of the organization that has the case; empty: any
  int offset = 0, limit = 50;     // at most 500
};

class Worklist {
 public:
  explicit Worklist(const Context& context) : context_(context) {}

  // {counts: {waiting, urgent, mine, signedToday}, total, rows}. Throws invalid_value.
  Json list(const trust::Principal& principal, const WorklistFilter& filter) const;
  // Rows of the principal's own organization that were opened since then, newest first.
  Json rows_since(const trust::Principal& principal, Instant since) const;

 private:
  Context context_;
};

// Urgency as it stands after having waited until now.
engine::Urgency urgency_at(const CaseRow& row, Instant now);
// {en, zh}: why it is urgent, or null.
Json urgency_reason_at(const CaseRow& row, Instant now);
Json worklist_row(const CaseRow& row, Instant now);

}  // namespace meridian::care
