// What an assistant is given: the recording or film, facts about the subject, and the resources that its card
// asks.
#pragma once
#include <string>
#include <vector>

#include "archive/archive.h"
#include "archive/pixels.h"
#include "engine/assistant.h"
#include "engine/matching.h"
#include "record/record.h"

namespace meridian::engine {

struct LoadedInput {
  Input input;
  std::vector<std::string> slices;  // of a series: the SOP Instance UIDs of the volume's slices
  std::string base;                 // of a whole slide: the instance on which its reading rests
};

class InputLoader {
 public:
  InputLoader(record::Record& record, const archive::Archive& archive);
  // Throws not_found when the instance or resource is gone, and what the readers of recordings and pixels
  // throw.
  LoadedInput load(const Card& card, const RunRequest& request) const;

 private:
  void load_instance(LoadedInput& loaded, const archive::InstanceFacts& facts,
                     const RunRequest& request) const;

  record::Record& record_;
  const archive::Archive& archive_;
};

// The instance on which a reading rests: of a series the slice that its first finding names (evidence
// "slice"), of a whole slide its base, else the request's.
std::string instance_of(const RunRequest& request, const LoadedInput& loaded, const Reading& reading);
// As image, colour and hounsfield of the input.
void put_pixels(Input& input, archive::FrameImage frame);
// Waveform SOP classes (PS3.4 B.5: 1.2.840.10008.5.1.4.1.1.9.…).
bool is_waveform(const archive::InstanceFacts& facts);
// Years between the date of birth (FHIR date, as exact as it is) and the moment; empty when the date cannot
// be read.
std::optional<double> age_years(const std::string& birth_date, Instant at);

}  // namespace meridian::engine
