// The readings of a series' slices as one.
#pragma once
#include <map>
#include <optional>
#include <string>

#include "engine/finding.h"
#include "vision/image.h"

namespace meridian::assistants::imaging {

// A slice of a volume, with the spacing of its rows.
vision::GreyImage slice_of(const vision::Volume& volume, int index);

class SeriesReading {
 public:
  // The next slice's, from the first on.
  void add(engine::Reading slice);
  // Each class as probable as on the slice that shows it best, each finding with that slice's evidence and
  // number; those that are present come first. Slices that were refused are passed over; when all were, the
  // middle one's refusal.
  engine::Reading finish() const;

 private:
  struct Seen {
    engine::Finding finding;
    int slice = 0;  // counted from 1
  };

  int slices_ = 0;
  engine::Reading reading_;
  std::map<std::string, Seen> best_;  // by the finding's code
  std::vector<engine::Reading> refused_;
};

}  // namespace meridian::assistants::imaging
