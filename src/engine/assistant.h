// The contract of an assistant. It sees only what it is given, already allowed by policy and consent; it
// knows no database, no network and no other assistant. Everything that must hold for all of them is the
// engine's.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/time.h"
#include "engine/card.h"
#include "engine/finding.h"
#include "engine/long_run.h"
#include "signal/recording.h"
#include "vision/image.h"
#include "vision/slide.h"

namespace meridian::engine {

struct Subject {
  std::string sex;  // FHIR administrative gender, empty when unknown
  std::optional<double> age_years;
};

// DICOM attributes that tell a film from something else.
struct ImageFacts {
  std::string modality, body_part, view_position, sop_class;
};

struct Input {
  Subject subject;
  std::optional<signal::Recording> recording;
  std::optional<vision::GreyImage> image;
  std::optional<vision::ColourImage> colour;    // beside image, when it is in colour
  std::optional<vision::GreyImage> hounsfield;  // beside image, when it is a CT of known units
  std::optional<vision::Volume> volume;         // a whole series
  std::shared_ptr<const vision::Slide> slide;   // a whole slide, which is read in parts
  LongRun* long_run = nullptr;                  // to be told by readers that take minutes; may be null
  ImageFacts image_facts;
  std::vector<Json> resources;  // FHIR, as the card asked
  std::string encounter;        // the case, "Encounter/…"; may be empty
  Instant taken_at = now();     // when the picture or recording was made
  Instant read_at = now();      // to which the age of what the resources say is counted
};

class Assistant {
 public:
  virtual ~Assistant() = default;
  virtual const Card& card() const = 0;
  // Safe from several threads. A wrong input is a refusal, not an exception; it throws unavailable when it
  // cannot work at all (its model is missing).
  virtual Reading run(const Input& input) const = 0;
  // Why it cannot work on this machine (no inference library, say), beside models that are missing, which the
  // registry sees for itself. Empty when it can.
  virtual std::optional<LocalizedText> unavailable() const { return std::nullopt; }
};

}  // namespace meridian::engine
