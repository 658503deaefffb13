// What an assistant of images is for, beyond what its card says to people: what it refuses before it looks.
#pragma once
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "engine/assistant.h"

namespace meridian::assistants::imaging {

// In Hounsfield units.
struct Window {
  double center = 0, width = 0;
};

// What volumes of the kind look like in plain numbers; limits that are not named do not hold.
struct VolumeKind {
  int smallest_side = 1, largest_side = 4096;     // voxels
  double finest = 0, coarsest = 1e6;              // mm a voxel
  double least_filled = 0;                        // as vision::VolumeAppearance
  double least_likeness = -1, most_likeness = 1;  // its neighbours'
  double least_variation = 0, most_variation = 1e6;
};

// Limits that are not named do not hold.
struct Purpose {
  engine::LocalizedText input;                // "a breast ultrasound image"
  std::vector<std::string_view> modalities;   // DICOM PS3.3 C.7.3.1.1.1; an input that says none is looked at
  std::vector<std::string_view> body_parts;   // words of Body Part Examined; empty: any
  std::vector<std::string_view> other_views;  // View Position that it is not for
  double youngest = 0, oldest = 200;          // years; unknown ages are looked at
  int smallest_side = 64;                     // pixels
  double most_white = 0.5;                    // share of white pixels: more is overexposed
  std::optional<double> brightest_edge;       // vision::edge_brightness: more is black and white exchanged
  std::optional<double> least_stain;          // vision::stain_share: what is hardly coloured has none
  std::optional<VolumeKind> volume;
  std::optional<Window> window;  // in which a CT is looked at, whatever the file's own; none: the file's own
};

// How the input's pixels must come.
enum class Wanted { grey, colour, volume };

// Why it is not read, as the attributes and plain numbers of the pixels tell; nothing when they tell nothing
// against it.
std::optional<engine::Refusal> refusal_before_looking(const engine::Input& input, const Purpose& purpose,
                                                      Wanted wanted);
// The network has seen nothing like it.
engine::Refusal strange(const Purpose& purpose);

}  // namespace meridian::assistants::imaging
