// The one way in for recordings of any format that the project reads.
#pragma once
#include <filesystem>
#include <span>

#include "archive/waveform/file_source.h"
#include "signal/recording.h"

namespace meridian::archive {

// Reads the recording that a file holds or belongs to: a WFDB header (.hea; for any other file of a WFDB
// record its header is looked for beside it) or a DICOM waveform. Throws unsupported_media_type when it is
// neither, and what read_wfdb and read_dicom_ecg throw.
signal::Recording read_recording(const std::filesystem::path& path);

// The same from what was uploaded together: one DICOM file, or a WFDB record's .hea with the files it names.
signal::Recording read_recording(std::span<const NamedBytes> files);

}  // namespace meridian::archive
