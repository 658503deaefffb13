// Whether two pictures show the same from the same side, so that readings of them can be compared.
#pragma once
#include <optional>
#include <string>

#include "archive/archive.h"

namespace meridian::care {

// As DICOM names them, empty where the instance does not say it.
struct Shown {
  std::string modality, body_part;
  std::string side;  // Image Laterality, else Laterality: R, L, B (both), U (of an unpaired part)
  std::string view;  // View Position, else the code of the View Code Sequence
};

// Nothing of what is no longer in the archive, or cannot be read.
std::optional<Shown> shown_in(const archive::Archive& archive, const std::string& instance);

// Of one modality, body part, side and view. What shows a part of which people have two (breasts, eyes,
// limbs), or may, must say the side: two pictures that say none may be of different ones.
bool are_comparable(const Shown& one, const Shown& other);

}  // namespace meridian::care
