// How one frame is to be shown, as a softcopy presentation state says (PS3.3, A.33). Of this room only: it
// includes DCMTK.
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "archive/dataset.h"

namespace meridian::archive {

struct PlanePoint {
  double x = 0, y = 0;
};

enum class MarkUnits {
  pixels,   // of the image, from the upper left corner of its first pixel
  display,  // shares of what is displayed, from its upper left corner once it is turned
};

// Graphic Annotation (PS3.3, C.10.5): a line, round figures as lines of many points; of one point: that
// point.
struct Mark {
  MarkUnits units = MarkUnits::pixels;
  std::vector<PlanePoint> line;
  bool filled = false;
};

struct MarkText {
  MarkUnits units = MarkUnits::pixels;
  PlanePoint at;     // its upper left corner
  std::string text;  // UTF-8, lines with LF between
};

// Display Shutter (PS3.3, C.7.6.11): what lies outside any of its shapes is covered.
struct Shutter {
  struct Circle {
    PlanePoint center;
    double radius = 0;
  };
  std::optional<std::pair<PlanePoint, PlanePoint>> rectangle;  // upper left and lower right corner
  std::optional<Circle> circle;
  std::vector<PlanePoint> polygon;
  double grey = 0;  // of the cover: 0 black to 1 white
};

struct Presentation {
  // Modality LUT, VOI LUT and Presentation LUT in place of the image's own; those that are absent change
  // nothing.
  std::shared_ptr<DcmDataset> tables;
  bool inverse = false;                                   // of the greys that come out
  std::optional<std::pair<PlanePoint, PlanePoint>> area;  // displayed: upper left and lower right corner
  int quarter_turns = 0;                                  // clockwise, 0 to 3
  bool flipped = false;                                   // then left and right are exchanged
  Shutter shutter;
  std::vector<Mark> marks;
  std::vector<MarkText> texts;
};

}  // namespace meridian::archive
