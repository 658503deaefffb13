// A presentation state's geometry and drawings, on a picture. Of this room only: it includes OpenCV.
#pragma once
#include "archive/presentation/presentation.h"
#include "archive/presentation/sheet.h"

namespace meridian::archive {

// Covers what the shutter hides, then shows the displayed area, turned and flipped. Of an area that lies
// outside the picture nothing is cut. sheet: the whole image, as it is stored.
void arrange(Sheet& sheet, const Presentation& presentation);

// Marks and texts in white with a dark edge, where the image, which had this size, has come to lie.
void draw_marks(Sheet& sheet, const Presentation& presentation, const cv::Size& image);

}  // namespace meridian::archive
