// The DICOM objects that assistants' drafts are kept as beside their images: whose they are, who may see
// them, and what becomes of them when a draft is signed or thrown out.
#pragma once
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "care/context.h"
#include "engine/runner.h"

namespace meridian::care {

std::span<const storage::Migration> result_migrations();

// Has the runner's drafts note their objects; before it starts.
void keep_results(engine::Runner& runner);

// The patient of such an object, "Patient/…"; empty when there is none, or when it is of an unsigned draft
// and the principal is its patient (as with the draft itself).
std::string patient_of_result(storage::Connection& connection, const trust::Principal& principal,
                              const std::string& instance);

// The series of a study that hold unsigned results, when they are kept from the principal, with how many
// instances each has.
struct HiddenSeries {
  std::map<std::string, std::int64_t> instances;
  std::set<std::string> modalities;  // that no other series of the study has
  bool empty() const { return instances.empty(); }
  bool contains(const std::string& series) const { return instances.contains(series); }
};
HiddenSeries hidden_series(storage::Connection& connection, const trust::Principal& principal,
                           const std::string& study);
// Takes them from the counts and modalities of a study's match.
void hide_series(Json& study, const HiddenSeries& hidden);

// Takes the instances of such series from those of one study.
void erase_hidden(storage::Connection& connection, const trust::Principal& principal,
                  std::vector<archive::InstanceFacts>& instances);

// The objects of a draft go with it. report: "DiagnosticReport/…".
void remove_results(record::Writer& writer, const archive::Archive& archive, const std::string& report);

// What a signature makes of drafts' objects: those with an accepted finding are released to the patient,
// their ImagingStudy lists them, and a verified report of the accepted findings follows the unverified one.
// Objects without one stay as they are.
class VerifiedResults {
 public:
  // Before the transaction: makes the reports and their bytes durable. drafts: DiagnosticReports; accepted:
  // ids of Observations. A report that cannot be made is left out and logged: the signature stands without
  // it.
  VerifiedResults(const Context& context, const trust::Principal& principal, const std::vector<Json>& drafts,
                  const std::vector<std::string>& accepted);
  ~VerifiedResults();
  VerifiedResults(const VerifiedResults&) = delete;
  VerifiedResults& operator=(const VerifiedResults&) = delete;

  // In the transaction of the signature.
  void file(record::Writer& writer);

 private:
  struct Signed {
    std::string report;  // the draft's
    std::vector<archive::Received> verified;
  };
  void verify(const trust::Principal& principal, const Json& draft, const std::vector<std::size_t>& accepted);

  const Context& context_;
  std::vector<Signed> signed_;
  bool filed_ = false;
};

}  // namespace meridian::care
