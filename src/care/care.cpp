#include "care/care.h"

#include "care/holds.h"
#include "care/results.h"

namespace meridian::care {

std::vector<storage::Migration> Care::migrations() {
  std::vector<storage::Migration> all;
  for (const auto migrations :
       {case_migrations(), message_migrations(), result_migrations(), workitem_migrations(),
        workitem_index_migrations(), hold_migrations(), monitor_migrations()})
    all.insert(all.end(), migrations.begin(), migrations.end());
  return all;
}

Care::Care(const Parts& parts)
    : context_{parts.database, parts.queue, parts.ledger,        parts.record,      parts.archive,
               parts.registry, events_,     parts.convert_slide, parts.work_folder, parts.owed_folder},
      events(events_),
      intake(context_),
      cases(context_),
      worklist(context_),
      consultations(context_),
      reports(context_),
      messages(context_),
      recordings(context_),
      ecg_reports(cases, recordings),
      slides(context_),
      modality_worklist(context_),
      procedure_steps(context_),
      live(context_, intake, parts.live_sources),
      monitoring(context_, intake),
      workitems(context_),
      study_updates(context_) {
  project_cases(parts.record);
  end_consultations_without_consent(parts.record, events_);
  project_holds(parts.record);
  engine::request_runs_on_write(parts.record, parts.registry);
}

void Care::listen_to(engine::Runner& runner) {
  raise_cases_on_drafts(runner, events_);
  keep_results(runner);
}

std::size_t Care::remove_expired(const std::vector<RetentionRule>& rules,
                                 const std::function<bool()>& stop) const {
  return care::remove_expired(context_, rules, now(), stop);
}

VisibleImages Care::find_images(const trust::Principal& principal, const archive::Query& query) const {
  return find_visible(context_, principal, query);
}

}  // namespace meridian::care
