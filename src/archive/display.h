// A frame as DCMTK's display pipeline takes it: modality LUT, VOI, palettes and colour spaces are DCMTK's
// work. Of this room only: it includes DCMTK.
#pragma once
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmimgle/dcmimage.h>

#include <memory>

#include "archive/dataset.h"
#include "archive/pixels.h"
#include "archive/presentation/presentation.h"
#include "archive/stored_image.h"

namespace meridian::archive {

struct DisplayFrame {
  std::unique_ptr<DcmDataset> dataset;  // of this one frame; the image refers to it, as to these tables
  std::unique_ptr<DcmUnsignedShort> presentation_table, presentation_table_size;
  std::unique_ptr<DicomImage> image;  // its window set

  int width() const { return static_cast<int>(image->getWidth()); }
  int height() const { return static_cast<int>(image->getHeight()); }
};

// Only frame, center, width, function and invert of the options are looked at. presentation: whose tables
// take the place of the image's own, or none. Throws as StoredImage::decoded_frame does.
DisplayFrame display_frame(const StoredImage& image, const RenderOptions& options,
                           const Presentation* presentation = nullptr);

}  // namespace meridian::archive
