// A whole slide of a scanner made DICOM: a series of levels, with its label and its overview.
#pragma once
#include <cstdint>
#include <functional>
#include <string>

#include "archive/slide/compose_slide.h"
#include "archive/slide/slide_file.h"

namespace meridian::archive {

struct SlideConversion {
  std::uint64_t part_bytes = std::uint64_t(48) << 20;  // of compressed squares in one instance
  std::uint64_t part_frames = 2048;                    // in one instance
  int quality = 90;                                    // of squares that are compressed anew
  int threads = 2;
  // Of what a file may become: it says how large it is, and nobody has checked that.
  std::int64_t most_squares = 4'000'000;              // of all levels together
  std::uint64_t most_bytes = std::uint64_t(1) << 30;  // of all instances together
};

// What a slide of so many bytes may become at most: eight times as much, and at least 1 GiB.
std::uint64_t most_converted_bytes(std::uint64_t slide_bytes);

// What is in the file about the slide, where it says something: its maker, lens, day, and what it is called.
SlideFacts described_by(const SlideFile& slide, SlideFacts facts);

// Each instance is given to the sink once it is whole, the smallest levels first; a gigapixel slide takes as
// much memory as one instance and the squares in work. Squares that are kept as baseline JPEG are taken over
// as they are; levels are added until the smallest has at most 1,024 pixels a side. progress: squares done,
// and of how many. Throws what SlideFile throws, too_large when it passes a limit (of squares before anything
// is made), and what the sink throws.
void convert_slide(const SlideFile& slide, const SlideFacts& facts, const SlideConversion& how,
                   const std::function<void(std::string file)>& sink,
                   const std::function<void(std::int64_t done, std::int64_t of)>& progress);

}  // namespace meridian::archive
