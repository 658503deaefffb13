// The samples of an ECG as the console draws them.
#pragma once
#include <optional>
#include <string>

#include "care/context.h"
#include "signal/recording.h"

namespace meridian::care {

class Recordings {
 public:
  explicit Recordings(const Context& context) : context_(context) {}

  struct Window {
    double from = 0, seconds = 10;  // from the recording's start; cut at its end
    double rate = 0;                // samples a second asked for; 0 or more than there are: all
  };
  // Throws not_found (no such instance, or none that the principal may see), not_acceptable (no waveform).
  signal::Recording read(const trust::Principal& principal, const std::string& instance) const;
  // When it came here; nothing for what the archive does not have.
  std::optional<Instant> arrived(const std::string& instance) const;
  // {samplingFrequency, from, seconds, total, leads: [{name, unit: "uV", samples}]}; null where the recording
  // has no value. Throws what read throws, and invalid_value.
  Json samples(const trust::Principal& principal, const std::string& instance, const Window& window) const;

 private:
  Context context_;
};

// The patient of an instance, "Patient/…". Throws not_found: no such instance, or none that the principal may
// see.
std::string visible_patient(storage::Connection& connection, const trust::Principal& principal,
                            const std::string& instance);

// What samples() gives, without a node: of spans of whole samples, each gives its extreme (the value farthest
// from the mean of its span), so that no R peak is lost when fewer samples are asked for.
Json samples_json(const signal::Recording& recording, const Recordings::Window& window);

}  // namespace meridian::care
