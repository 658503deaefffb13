// Pictures with what was found on them drawn over them, as files for people.
#pragma once
#include <filesystem>
#include <utility>

#include "app/read/output_names.h"
#include "app/read/report.h"

namespace meridian::app {

class PictureWriter {
 public:
  explicit PictureWriter(std::filesystem::path folder) : names_(std::move(folder)) {}

  // The input's picture with the heat maps and outlines of the findings, at most 480 pixels a side, as
  // INPUT.ASSISTANT.jpg. Nothing of what has no picture (a recording, a volume, a whole slide) or was not
  // read. Throws storage_full or unavailable.
  void write(const ReadInput& read);

 private:
  OutputNames names_;
};

}  // namespace meridian::app
