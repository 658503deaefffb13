// A reading as DICOM objects in the study of what was read. Of an image as IHE AI Results has them: a
// segmentation of its regions and where its heat map is hot, the heat map as a parametric map, a TID 1500
// report of its findings, and a key object selection where it found something. Of an ECG: a TID 3700 report.
// Unverified until somebody signs.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "archive/archive.h"
#include "archive/results/reported.h"
#include "engine/finding.h"
#include "engine/matching.h"

namespace meridian::engine {

// The files, whose UIDs follow from the reading's assistant, version and input. reading: as
// docs/reading.schema.json says, with a finding; title: how the assistant is called. Throws what the
// composers throw, and invalid_value for evidence that is not as the schema says.
// file: the DICOM image or ECG that was read.
std::vector<std::string> compose_results(const Json& reading, const std::string& title, std::string_view file,
                                         Instant made);

// The report once more, verified, of the findings of these positions: it follows the unverified one.
std::string compose_verified_report(const Json& reading, const std::string& title, std::string_view file,
                                    std::string_view segmentation_file,
                                    const std::vector<std::size_t>& accepted,
                                    const archive::Verification& verification);

// The SOP Instance UID of the reading's segmentation, whether it has one or not.
std::string segmentation_uid(const Json& reading);

// The objects of a run, received by the archive and not filed yet. What is not filed is discarded. A reading
// without a DICOM instance or a finding has none; one whose objects cannot be made has none either, which is
// logged: its draft stands without them.
class ReceivedResults {
 public:
  ReceivedResults(const archive::Archive& archive, const Card& card, const RunRequest& request,
                  const Reading& reading);
  ~ReceivedResults();
  ReceivedResults(const ReceivedResults&) = delete;
  ReceivedResults& operator=(const ReceivedResults&) = delete;

  // In the transaction that writes the draft.
  std::vector<archive::InstanceFacts> file(storage::Transaction& transaction);

 private:
  const archive::Archive& archive_;
  std::vector<archive::Received> received_;
  bool filed_ = false;
};

}  // namespace meridian::engine
