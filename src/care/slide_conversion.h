// Whole slides in the formats of scanners, on their way to becoming DICOM.
#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>

#include "archive/slide/compose_slide.h"

namespace meridian::care {

// Squares of the slide that are done, and of how many.
using SlideProgress = std::function<void(std::int64_t done, std::int64_t of)>;

struct SlideConversion {
  std::filesystem::path slide;   // the scanner's file
  std::filesystem::path folder;  // an empty one, for the instances
  archive::SlideFacts facts;
  SlideProgress progress;  // may be empty
};

// Makes the DICOM instances of a slide as files in the folder, in the order of their names. What parses the
// slide meets unchecked bytes: a node gives one that works in a process of its own. Throws
// unsupported_media_type, corrupted, too_large.
using SlideConverter = std::function<void(const SlideConversion&)>;

// In this process: for that process, and for tests.
void convert_slide_here(const SlideConversion& conversion);

}  // namespace meridian::care
