// Live examinations: what can be looked at, and frames of it that are kept in a case.
#pragma once
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "care/intake.h"
#include "care/live_examination.h"

namespace meridian::care {

// An endoscope's tower, say: where its picture comes from is the administrator's to say (archive/video.h).
struct LiveSource {
  std::string name;     // what people call it; no two have the same
  std::string address;  // may hold a password: never said to anybody
};

class Live {
 public:
  Live(const Context& context, const Intake& intake, std::vector<LiveSource> sources)
      : context_(context), intake_(intake), sources_(std::move(sources)) {}

  // [{id, name: localized, assistant: {id, version, title: localized}}]: with the one that looks along.
  Json sources() const;
  // Throws forbidden, not_found and conflict as Intake::receive does, not_found for an unknown source,
  // unavailable when the assistant (polyp) is off or cannot work or the source does not answer, busy when too
  // many are examined already. Waits for the source; OpenCV opens one at a time.
  std::shared_ptr<LiveExamination> begin(const trust::Principal& principal, const std::string& case_id,
                                         const std::string& source);
  // Keeps a frame in the case, where the assistant drafts what it sees: the frames of an examination are one
  // series, numbered as they came. Throws not_found for a frame that was shown too long ago, conflict when
  // the case was signed meanwhile, and what Intake::receive_files throws.
  Taken keep(const trust::Principal& principal, const std::string& case_id, const std::string& source,
             const LiveExamination& examination, std::int64_t frame) const;

 private:
  class Seat;
  const LiveSource& source(const std::string& id) const;
  const engine::Assistant& assistant() const;

  const Context& context_;
  const Intake& intake_;
  const std::vector<LiveSource> sources_;
  std::mutex mutex_;
  std::vector<std::shared_ptr<LiveExamination>> running_;  // and some that have ended
  std::size_t opening_ = 0;                                // whose source has not answered yet
};

}  // namespace meridian::care
