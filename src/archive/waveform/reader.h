// The one way in for recordings of any format that the project reads (docs/recordings.md lists them).
#pragma once
#include <filesystem>
#include <span>

#include "archive/waveform/file_source.h"
#include "signal/recording.h"

namespace meridian::archive {

// Reads the recording that a file holds or belongs to: a WFDB header (.hea; for any other file of a WFDB
// record its header is looked for beside it), a CSV with its layout in NAME.json beside it, or a file whose
// content is of another format, whatever its name. Throws unsupported_media_type when it is none, and what
// the readers throw.
signal::Recording read_recording(const std::filesystem::path& path);

// The same from what was uploaded together: one file, a CSV with its JSON, or a WFDB record's .hea with the
// files it names.
signal::Recording read_recording(std::span<const NamedBytes> files);

}  // namespace meridian::archive
