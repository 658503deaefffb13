// Where an instance's frames lie in its file, so that one is read without the others.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "archive/scan.h"

namespace meridian::archive {

struct PixelLayout {
  std::uint32_t tag = 0;  // of the pixel data element, 0 when there is none
  bool encapsulated = false;
  std::uint64_t dataset_offset = 0;  // in the file
  std::uint64_t header_size = 0;     // of the data set before its pixel data; all of it when it has none
  Span value;                        // of native pixel data, from the start of the data set
  // Encapsulated: frame i is fragments [first_fragment[i], first_fragment[i + 1]) one after another.
  std::vector<Span> fragments;
  std::vector<std::uint32_t> first_fragment;

  // A short text and back, for the index. from_text throws corrupted.
  std::string to_text() const;
  static PixelLayout from_text(std::string_view text);
};

// Assigns fragments to frames: by the extended or the basic offset table where one is right, else one
// fragment a frame, else by the start markers of JPEG code streams. What was wrong with a table is added to
// flaws. When fragments cannot be assigned, first_fragment stays empty: the instance is kept and its frames
// are corrupted.
PixelLayout lay_out_pixels(std::string_view dataset, std::uint64_t dataset_offset, const Scan& scan,
                           int frames, std::vector<std::string>& flaws);

}  // namespace meridian::archive
