// Instances of VL Whole Slide Microscopy Image Storage (PS3.3 A.32.8), made of squares of JPEG.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "archive/slide/slide_frames.h"
#include "base/time.h"

namespace meridian::archive {

// Whose slide it is, and what it is filed under. Texts are UTF-8.
struct SlideFacts {
  std::string patient_id, patient_name, birth_date, sex;  // DICOM's forms, as in FilmFacts
  std::string study_uid, series_uid;                      // the UIDs of the instances follow from the series'
  std::string container;                                  // what the slide is called
  std::string study_description = "Whole slide";
  std::string scanner;   // its maker
  double objective = 0;  // power of its lens; 0: unknown
  Instant taken{};
};

// One level, or a part of one: a concatenation (PS3.3 C.7.6.16.2.2.4) where it is more than one instance.
struct SlideInstance {
  SlideFlavour flavour = SlideFlavour::volume;
  bool resampled = false;              // made from a larger level
  int level = 0, number = 1;           // number: of the instance in its series
  int part = 0;                        // counts from 0
  bool in_parts = false;               // whether there are others of the level
  std::int64_t width = 0, height = 0;  // pixels of the whole level
  int tile_width = 0, tile_height = 0;
  std::uint64_t first_tile = 0;   // of all of the level
  std::optional<double> spacing;  // mm a pixel
  bool is_rgb = false;            // the JPEG's colours; else YCbCr
};

// A Part 10 file in JPEG baseline. Throws invalid_value when there is no square, or a text cannot be kept.
std::string compose_slide(const SlideFacts& facts, const SlideInstance& instance,
                          const std::vector<std::string>& jpegs);

}  // namespace meridian::archive
