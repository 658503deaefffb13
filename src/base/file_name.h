// Names of files, without their folders.
#pragma once
#include <string>
#include <string_view>

namespace meridian {

// Up to the last dot: "100" of "100.hea", "volume.nii" of "volume.nii.gz"; all of a name that has none.
inline std::string stem_of(std::string_view name) {
  return std::string(name.substr(0, name.rfind('.')));
}

}  // namespace meridian
