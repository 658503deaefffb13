// Pictures of DICOM images: for people, and for the assistants that look at films.
#pragma once
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vision/image.h"

namespace meridian::archive {

// As which pictures are made; the first where nobody asks for one.
inline constexpr std::array<std::string_view, 3> kPictureTypes{"image/jpeg", "image/png", "image/gif"};

enum class WindowFunction { linear, linear_exact, sigmoid };  // PS3.3, C.11.2.1.2 and C.11.2.1.3

// A part of the picture, in its pixels; what reaches beyond it is left out.
struct RenderRegion {
  double left = 0, top = 0, width = 0, height = 0;
  bool mirrored = false, upside_down = false;
};

struct RenderOptions {
  int frame = 1;                        // counts from 1
  std::optional<double> center, width;  // VOI window; else the file's own, else the range of its values
  WindowFunction function = WindowFunction::linear;  // of that window
  std::optional<RenderRegion> region;                // else all of it
  int max_width = 0,
      max_height = 0;  // viewport: the picture is made smaller to fit it, never larger; 0: as it is
  bool invert = false;
  std::string presentation_state;                     // that is applied: its SOP Instance UID; or none
  bool show_patient = false, show_technique = false;  // written on it: whom it shows, how it was made
  std::string media_type = "image/jpeg";              // of kPictureTypes
  int quality = 90;                                   // of JPEG, 1 to 100
};

// What a presentation state refers to.
struct ShownImage {
  std::string instance;
  std::vector<int> frames;  // from 1; none: all of them
};

// Whether presentation states of the SOP class can be applied here: grayscale and colour softcopy ones.
bool is_presentation_state(std::string_view sop_class);

// One frame as an assistant takes it.
struct FrameImage {
  vision::GreyImage grey;  // modality and VOI LUT applied, MONOCHROME1 inverted; of colours their luminance
  std::optional<vision::ColourImage> colour;    // of an image in colour
  std::optional<vision::GreyImage> hounsfield;  // of a CT: its values in Hounsfield units, without a window
};

// Only this frame of the DICOM file is decoded. Throws what parsing a file throws; not_acceptable when it has
// no pixels, not_found when there is no such frame, corrupted when its pixels cannot be decoded,
// not_supported when no decoder knows its transfer syntax.
FrameImage read_frame(std::string_view dicom_bytes, int frame);

}  // namespace meridian::archive
