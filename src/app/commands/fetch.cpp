#include <cstdio>
#include <vector>

#include "app/commands/commands.h"
#include "app/core.h"
#include "app/dicom_callers.h"
#include "app/dicom_options.h"
#include "app/progress.h"
#include "base/error.h"

namespace meridian::app {
namespace {

using doors::dimse::DimsePeer;
using doors::dimse::PeerStudy;
using doors::dimse::SubOperations;

void require_filter(const doors::dimse::StudyFilter& filter) {
  for (const std::string* key :
       {&filter.study, &filter.patient_id, &filter.patient_name, &filter.accession, &filter.date})
    if (!key->empty()) return;
  throw Error(ErrorCode::usage, "All studies of a peer are not fetched at once", {},
              "Name a study, a patient, an accession number or dates");
}

void print(const PeerStudy& study) {
  std::printf("%s  %s  %s  %s  %s  %s  %lld\n", study.study.c_str(), study.patient_id.c_str(),
              study.patient_name.c_str(), study.date.c_str(), study.modalities.c_str(),
              study.description.c_str(), static_cast<long long>(study.instances));
}

// What came of all studies, with a bar that shows it.
class Tally {
 public:
  void watch(const SubOperations& now) {
    of_this_ = now;
    const std::int64_t done = now.completed + now.failed + now.warned;
    progress_.show(before_ + done, before_ + done + now.remaining);
  }
  void add(const SubOperations& last) {
    before_ += last.completed + last.failed + last.warned;
    came_ += last.completed + last.warned;
    failed_ += last.failed;
    of_this_ = {};
    ++studies_;
  }
  // of: how many studies were to come. The last of them may have come in part.
  void print(std::size_t of) {
    progress_.end();
    const long long instances = came_ + of_this_.completed + of_this_.warned;
    std::printf("%lld instances of %zu studies fetched\n", instances, studies_);
    if (studies_ < of) std::printf("%zu studies did not come, or not whole\n", of - studies_);
  }
  void finish() const {
    if (failed_)
      throw Error(ErrorCode::refused, std::to_string(failed_) + " instances could not be fetched", {},
                  "The peer's log, or this node's, says which");
  }

 private:
  Progress progress_{"Fetching", "instances"};
  std::int64_t before_ = 0, came_ = 0, failed_ = 0;
  SubOperations of_this_;  // of the study that is coming
  std::size_t studies_ = 0;
};

// Into the data folder of a node that does not run.
void get_all(const Configuration& configuration, const DimsePeer& peer, const std::vector<PeerStudy>& studies,
             Tally& tally) {
  Core core(configuration, "/fhir");
  const std::string organization =
      dicom_callers_of(configuration.dicom_callers).at(peer.ae_title).organization;
  const care::Origin origin{trust::Principal::system(), "fetch", organization, ""};
  const auto store = [&](std::string file, const doors::dimse::PeerFacts&) {
    core.care.intake.receive(std::move(file), origin);
    return std::uint16_t{0};
  };
  const std::uint64_t largest = std::uint64_t(configuration.dicom_largest_instance_megabytes) << 20;
  for (const PeerStudy& study : studies)
    tally.add(doors::dimse::get_study(peer, study.study, store, largest,
                                      [&](const SubOperations& now) { tally.watch(now); }));
  core.care.study_updates.run_all();
}

void move_all(const doors::dimse::DimseOptions& dicom, const DimsePeer& peer,
              const std::vector<PeerStudy>& studies, Tally& tally) {
  for (const PeerStudy& study : studies)
    tally.add(doors::dimse::move_study(peer, study.study, dicom.ae_title,
                                       [&](const SubOperations& now) { tally.watch(now); }));
}

}  // namespace

void fetch(const Configuration& configuration, const FetchOptions& options) {
  require_filter(options.filter);
  const doors::dimse::DimseOptions dicom =
      dimse_options(configuration, NodeFolder(configuration.data_folder));
  const DimsePeer peer = peer_of(dicom, options.peer);
  const std::vector<PeerStudy> studies = doors::dimse::find_studies(peer, options.filter);
  if (options.list) {
    for (const PeerStudy& study : studies) print(study);
    return;
  }
  if (studies.empty()) throw Error(ErrorCode::not_found, "The peer has no such study", options.peer);
  Tally tally;
  try {
    if (options.move)
      move_all(dicom, peer, studies, tally);
    else
      get_all(configuration, peer, studies, tally);
  } catch (const Error&) {
    tally.print(studies.size());
    throw;
  }
  tally.print(studies.size());
  tally.finish();
}

}  // namespace meridian::app
