// Softcopy presentation states, grayscale and colour (PS3.3, A.33.1 and A.33.2): what they refer to, and how
// they want it shown. Of this room only: it includes DCMTK.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "archive/pixels.h"
#include "archive/presentation/presentation.h"

namespace meridian::archive {

class PresentationState {
 public:
  // Throws as parse_instance does; not_acceptable for an instance that is no presentation state or one of
  // another kind (pseudo-colour, blending), corrupted where DCMTK cannot read it.
  explicit PresentationState(std::string_view file);

  // All that it refers to, in its order. Of the same study, the standard says; whoever asks checks.
  std::vector<ShownImage> images() const;
  // How it wants a frame to be shown. Bitmap shutters, overlays and the aspect of pixels that are not square
  // are left out. Throws not_found when it does not refer to that frame.
  Presentation of(const std::string& instance, int frame) const;

 private:
  std::unique_ptr<DcmDataset> dataset_;
};

}  // namespace meridian::archive
