// The label maps of readings as files, for programs that go on with them or score them.
#pragma once
#include <filesystem>
#include <string>
#include <utility>

#include "app/read/output_names.h"
#include "base/json.h"
#include "engine/finding.h"

namespace meridian::app {

class MaskWriter {
 public:
  explicit MaskWriter(std::filesystem::path folder) : names_(std::move(folder)) {}

  // Each map of the reading as INPUT.NAME.png: 8 bits, 255 inside, when its labels have one meaning, else 16
  // bits; with a NIfTI header as INPUT.NAME.nii.gz beside that volume. Returns [{name, file, meanings}].
  // Throws storage_full or unavailable.
  Json write(const engine::Reading& reading, const std::filesystem::path& input,
             const std::string& nifti_header);

 private:
  OutputNames names_;
};

}  // namespace meridian::app
