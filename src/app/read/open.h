// Files of recordings and films, opened for an assistant without a node.
#pragma once
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

#include "archive/instance.h"
#include "engine/assistant.h"

namespace meridian::app {

struct OpenedInput {
  std::shared_ptr<const engine::Input> input;  // with a recording, an image, a volume or a slide
  archive::InstanceFacts
      facts;                 // by which cards match it; of other formats than DICOM, what they would be in it
  std::string nifti_header;  // of a NIfTI volume, for label maps that lie where it lies; else empty
};

// A DICOM file (waveform, image or level of a slide), a WFDB header, a PNG or JPEG picture, a NIfTI volume, a
// whole slide of a scanner. Throws
// unsupported_media_type for others, and what their readers throw.
OpenedInput open_input(const std::filesystem::path& file);
// The files named, and for a folder those below it that may be inputs, sorted.
std::vector<std::filesystem::path> inputs_below(std::span<const std::filesystem::path> named);

}  // namespace meridian::app
