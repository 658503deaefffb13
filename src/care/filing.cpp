#include "care/filing.h"

#include <span>
#include <tuple>
#include <utility>

#include "base/error.h"
#include "base/metrics.h"
#include "care/cases.h"
#include "care/patient_match.h"
#include "care/people.h"
#include "care/recordings.h"
#include "care/study.h"
#include "engine/matching.h"
#include "engine/resources.h"

namespace meridian::care {
namespace {

trust::LedgerEntry entry_of(const Taken& taken, const Origin& origin, const archive::InstanceFacts& facts) {
  trust::LedgerEntry entry;
  entry.action = "C";
  entry.kind = "dicom.store";
  entry.patient = taken.patient;
  entry.entity = taken.instance;
  entry.detail = Json::object({{"door", origin.door}, {"modality", facts.modality}, {"case", taken.case_id}});
  return entry;
}

// One instance, within one transaction.
class Filer {
 public:
  Filer(const Context& context, const Origin& origin, const Filing& filing)
      : context_(context),
        origin_(origin),
        received_(filing.received),
        recording_(filing.recording),
        known_patient_(filing.known_patient),
        damage_(filing.damage) {}

  Taken file(record::Writer& writer) {
    const archive::InstanceFacts& facts = received_.facts;
    Taken taken{facts.key.instance, facts.key.study, facts.key.series, {}, {}, false,
                recording_.flaws,   damage_};
    if (context_.archive.file(writer.transaction(), received_) == archive::Filed::duplicate) {
      const auto place = place_of(writer.transaction(), "instance", facts.key.instance);
      if (place) std::tie(taken.patient, taken.case_id) = std::tie(place->patient, place->case_id);
      taken.duplicate = true;
      return taken;
    }
    CaseRow row = place(writer);
    taken.patient = row.patient;
    taken.case_id = row.id;
    recording_.case_id = row.id;
    recording_.patient = row.patient;
    save_recording(writer.transaction(), recording_);
    if (is_first_of_study_)
      refresh_study(writer, context_.archive, facts.key.study);
    else
      refresh_study_soon(writer, facts.key.study);
    if (recording_.kind != kResultKind) row.modality = facts.modality;
    save_case(writer.transaction(), row);
    writer.audit(entry_of(taken, origin_, facts));
    if (!origin_.more_follow)
      engine::request_matching_runs(writer, context_.registry, facts,
                                    {{},
                                     facts.key.instance,
                                     {},
                                     row.patient,
                                     "Encounter/" + row.id,
                                     imaging_study_of(facts.key.study)});
    publish_case(writer.transaction(), context_.events, row);
    return taken;
  }

 private:
  CaseRow place(record::Writer& writer) {
    const archive::InstanceFacts& facts = received_.facts;
    std::optional<CaseRow> row;
    const auto study = place_of(writer.transaction(), "study", facts.key.study);
    is_first_of_study_ = !study;
    if (study)
      row = find_case(writer.transaction(), study->case_id);
    else if (!origin_.case_id.empty())
      row = named_case(writer.transaction(), origin_);
    if (row) {
      require_same_person(Json::parse(writer.read(row->patient).body), facts);
      return std::move(*row);
    }
    const std::string organization = organization_of(origin_);
    if (!known_patient_)
      throw Error(ErrorCode::busy, "The study's other instances were just removed", {},
                  "Send the instance again");
    const std::string patient =
        known_patient_->empty() ? make_patient(writer, facts, organization) : *known_patient_;
    row = find_open_case(writer.transaction(), patient, organization);
    return row ? std::move(*row)
               : make_case(writer, {patient, facts.study_description, "routine"}, organization);
  }

  const Context& context_;
  const Origin& origin_;
  const archive::Received& received_;
  RecordingRow recording_;
  const std::optional<std::string>& known_patient_;
  const std::vector<std::string>& damage_;
  bool is_first_of_study_ = false;
};

using Outcome = std::variant<Taken, Error>;

// Throws what the first that is refused throws; then none is filed.
std::vector<Taken> file_together(const Context& context, const Origin& origin,
                                 std::span<const Filing> filings) {
  std::vector<Taken> taken;
  context.record.write(acting_for(origin.principal), [&](record::Writer& writer) {
    taken.clear();  // of a try before
    for (const Filing& filing : filings) taken.push_back(Filer(context, origin, filing).file(writer));
  });
  for (const Taken& one : taken)
    count("meridian_instances_received_total",
          {{"door", origin.door}, {"result", one.duplicate ? "duplicate" : "stored"}});
  return taken;
}

// tried_with_others: one of them may be the same instance.
Outcome file_alone(const Context& context, const Origin& origin, Filing& filing, bool tried_with_others) {
  try {
    if (tried_with_others) context.archive.compare(filing.received);
    return std::move(file_together(context, origin, {&filing, 1}).front());
  } catch (const Error& error) {
    context.archive.discard(filing.received);
    return error;
  }
}

}  // namespace

std::string organization_of(const Origin& origin) {
  return origin.organization.empty() ? origin.principal.organization : origin.organization;
}

CaseRow named_case(storage::Connection& connection, const Origin& origin) {
  CaseRow row = require_case(connection, origin.principal, origin.case_id);
  if (row.status == CaseStatus::signed_off && !origin.in_time)
    throw Error(ErrorCode::conflict, "This case is already signed", "Encounter/" + row.id,
                "Open a new case for the new recording");
  return row;
}

std::optional<Place> place_of(storage::Connection& connection, const std::string& column,
                              const std::string& uid) {
  std::optional<Place> place;
  connection.query_first("SELECT patient, case_id FROM care_recording WHERE " + column + " = ? LIMIT 1",
                         {uid}, [&](const storage::Row& row) {
                           place = Place{std::string(row.text(0)), std::string(row.text(1))};
                         });
  return place;
}

std::vector<Outcome> file_received(const Context& context, const Origin& origin,
                                   std::vector<Filing> filings) {
  std::vector<Outcome> outcomes;
  const bool several = filings.size() > 1;
  if (several) {
    try {
      for (Taken& taken : file_together(context, origin, filings)) outcomes.emplace_back(std::move(taken));
      return outcomes;
    } catch (const Error&) {
      // which of them it is shows one by one
    }
  }
  for (Filing& filing : filings) outcomes.push_back(file_alone(context, origin, filing, several));
  return outcomes;
}

}  // namespace meridian::care
