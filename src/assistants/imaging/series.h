// The readings of a series' slices as one.
#pragma once
#include <map>
#include <optional>
#include <string>

#include "assistants/imaging/network.h"
#include "engine/finding.h"
#include "vision/image.h"

namespace meridian::assistants::imaging {

// A slice of a volume, with the spacing of its rows.
vision::GreyImage slice_of(const vision::Volume& volume, int index);

class SeriesReading {
 public:
  // classes: those of which the slices' findings are; they outlive this.
  explicit SeriesReading(const std::vector<Class>& classes) : classes_(classes) {}

  // The next slice's, from the first on.
  void add(engine::Reading slice);
  // Each class as probable as on the slice that shows it best, and for each finding that slice with its
  // evidence and number: never as present, and without a threshold. A threshold measured on single slices
  // says nothing of the highest of many, which reaches it in most series of the healthy. Slices that were
  // refused are passed over; when all were, the middle one's refusal.
  engine::Reading finish() const;

 private:
  struct Seen {
    engine::Finding finding;
    int slice = 0;  // counted from 1
  };
  engine::Finding pointer_to(const Seen& seen) const;

  const std::vector<Class>& classes_;
  int slices_ = 0;
  engine::Reading reading_;
  std::map<std::string, Seen> best_;  // by the finding's code
  std::vector<engine::Reading> refused_;
};

}  // namespace meridian::assistants::imaging
