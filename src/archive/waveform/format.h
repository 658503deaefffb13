// The formats of recordings that are one file, told apart by what they hold.
#pragma once
#include <filesystem>
#include <string_view>

#include "signal/recording.h"

namespace meridian::archive {

struct RecordingFormat {
  const char* name;
  bool (*holds)(std::string_view bytes);  // whether the bytes are of this format, by their beginning
  signal::Recording (*read)(std::string_view bytes);
};

// The format of these bytes, or nullptr when it is none that is read.
const RecordingFormat* recording_format(std::string_view bytes);
// The same of a file, by its first 16 KiB.
const RecordingFormat* recording_format_of(const std::filesystem::path& file);
// Whether the file is a CSV that leaves it to a JSON of the same name to declare its layout.
bool needs_csv_sidecar(const std::filesystem::path& file);

}  // namespace meridian::archive
