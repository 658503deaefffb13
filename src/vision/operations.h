// What is done to a film before a network sees it. Each step is OpenCV's function of that name, as in
// training/.
#pragma once
#include "vision/image.h"

namespace meridian::vision {

struct Box {
  int left = 0, top = 0, right = 0, bottom = 0;  // pixels; right and bottom just outside
  int width() const { return right - left; }
  int height() const { return bottom - top; }
};

// The part in the box, which must lie inside the image and hold a pixel; throws invalid_value.
GreyImage crop(const GreyImage& image, const Box& box);
// To another size by the mean of the pixels that a new one covers. Throws invalid_value for an empty image or
// size.
GreyImage resize(const GreyImage& image, int width, int height);
// Grey values from one percentile to the other to 0 to 1, the rest clipped. Shares from 0 to 1.
GreyImage stretch(const GreyImage& image, double low_share, double high_share);
// Contrast-limited adaptive histogram equalisation (Zuiderveld 1994; clip limit 2, 8 x 8 tiles) in 8 bits,
// then a flat histogram: two films of one chest look alike whatever their exposure, window and borders.
GreyImage equalise(const GreyImage& image);
// Values (Hounsfield units) to grey: a linear window (DICOM PS3.3 C.11.2.1.2), the rest clipped to 0 and 1.
// Throws invalid_value for a width of 1 or less.
GreyImage apply_window(const GreyImage& values, double center, double width);
GreyImage mirror(const GreyImage& image);  // left to right
double mean(const GreyImage& image);
double deviation(const GreyImage& image);  // standard deviation

}  // namespace meridian::vision
