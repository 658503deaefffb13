// Volumes as NIfTI-1 files (https://nifti.nimh.nih.gov/nifti-1): .nii and .nii.gz, either byte order.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "vision/image.h"

namespace meridian::archive {

inline constexpr std::int64_t kMostVoxels = std::int64_t(1) << 26;

struct Nifti {
  vision::Volume volume;  // scaled by the header's slope and intercept; values that are no numbers are 0
  std::string header;     // the first 348 bytes in the machine's order, which say where the volume lies
};

// Whether the bytes begin as such a file, compressed or not.
bool is_nifti(std::string_view bytes);
// One volume. Throws unsupported_media_type when it is none; not_supported for several volumes, colours or
// numbers that are not real; too_large over kMostVoxels (before anything is inflated further than the
// header); invalid_syntax when it is shorter than it says.
Nifti read_nifti(std::string_view bytes);
// A label for each voxel, lying where the volume of the header lies, compressed. Throws invalid_value when
// there are not as many labels as voxels.
std::string compose_nifti_labels(const std::string& header, std::span<const std::uint8_t> labels);

}  // namespace meridian::archive
