// The services of this room, put together: what doors and commands call.
#pragma once
#include "care/case_projection.h"
#include "care/cases.h"
#include "care/consultation.h"
#include "care/context.h"
#include "care/ecg_reports.h"
#include "care/events.h"
#include "care/intake.h"
#include "care/live.h"
#include "care/messages.h"
#include "care/modality_worklist.h"
#include "care/monitoring.h"
#include "care/procedure_steps.h"
#include "care/recordings.h"
#include "care/reports.h"
#include "care/retention.h"
#include "care/slides.h"
#include "care/study_updates.h"
#include "care/visible_studies.h"
#include "care/workitems.h"
#include "care/worklist.h"
#include "engine/runner.h"

namespace meridian::care {

class Care {
 public:
  static std::vector<storage::Migration> migrations();

  struct Parts {
    storage::Database& database;
    storage::Queue& queue;
    trust::Ledger& ledger;
    record::Record& record;
    archive::Archive& archive;
    engine::Registry& registry;
    std::vector<LiveSource> live_sources = {};
    SlideConverter convert_slide = {};       // as in Context
    std::filesystem::path work_folder = {};  // likewise
    std::filesystem::path owed_folder = {};  // likewise
  };
  // Has the record tell of cases: make it before the record's first write. All parts must outlive it.
  explicit Care(const Parts& parts);
  // Has drafts raise their cases; before the runner starts.
  void listen_to(engine::Runner& runner);

 private:
  Events events_;
  Context context_;

 public:
  Events& events;
  const Intake intake;
  const Cases cases;
  const Worklist worklist;
  const Consultations consultations;
  const Reports reports;
  const Messages messages;
  const Recordings recordings;
  const EcgReports ecg_reports;
  const Slides slides;
  const ModalityWorklist modality_worklist;
  const ProcedureSteps procedure_steps;
  Live live;
  Monitoring monitoring;
  const Workitems workitems;
  StudyUpdates study_updates;

  // The archive's index as the principal may see it; see visible_studies.h.
  VisibleImages find_images(const trust::Principal& principal, const archive::Query& query) const;
  // The images whose time is over; see retention.h.
  std::size_t remove_expired(const std::vector<RetentionRule>& rules,
                             const std::function<bool()>& stop) const;
};

}  // namespace meridian::care
