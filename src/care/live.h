// Live examinations: what can be looked at, and frames of it that are kept in a case.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "care/intake.h"
#include "care/live_examination.h"

namespace meridian::care {

// An endoscope's tower, say: where its picture comes from is the administrator's to say (archive/video.h).
struct LiveSource {
  std::string id, name, address;
  std::string modality = "ES", assistant = "polyp";
};

class Live {
 public:
  Live(const Context& context, const Intake& intake, std::vector<LiveSource> sources)
      : context_(context), intake_(intake), sources_(std::move(sources)) {}

  Json sources() const;  // [{id, name: localized}]
  // Throws forbidden and not_found as Intake::receive does, not_found for an unknown source, unavailable when
  // the assistant is off or cannot work or the source does not answer, busy when too many are examined
  // already.
  std::shared_ptr<LiveExamination> begin(const trust::Principal& principal, const std::string& case_id,
                                         const std::string& source);
  // Keeps a frame in the case, where the assistant drafts what it sees. Throws not_found for a frame that was
  // shown too long ago, and what Intake::receive_files throws.
  Taken keep(const trust::Principal& principal, const std::string& case_id, const std::string& source,
             const LiveExamination& examination, std::int64_t frame) const;

 private:
  const LiveSource& source(const std::string& id) const;

  const Context& context_;
  const Intake& intake_;
  const std::vector<LiveSource> sources_;
  std::mutex mutex_;
  std::vector<std::shared_ptr<LiveExamination>> running_;  // and some that have ended
};

}  // namespace meridian::care
