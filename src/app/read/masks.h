// The label maps of readings as files, for programs that go on with them or score them.
#pragma once
#include <filesystem>
#include <set>
#include <string>

#include "base/json.h"
#include "engine/finding.h"

namespace meridian::app {

class MaskWriter {
 public:
  // Makes the folder when it is missing.
  explicit MaskWriter(std::filesystem::path folder);

  // Each map of the reading as INPUT.NAME.png: 8 bits, 255 inside, when its labels have one meaning, else 16
  // bits; with a NIfTI header as INPUT.NAME.nii.gz beside that volume. Inputs of one name get a number.
  // Returns
  // [{name, file, meanings}]. Throws storage_full or unavailable.
  Json write(const engine::Reading& reading, const std::filesystem::path& input,
             const std::string& nifti_header);

 private:
  std::filesystem::path folder_;
  std::set<std::string> stems_;  // taken by inputs so far
};

}  // namespace meridian::app
