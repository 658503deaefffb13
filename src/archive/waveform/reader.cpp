#include "archive/waveform/reader.h"

#include <algorithm>

#include "archive/character_set.h"
#include "archive/waveform/csv_reader.h"
#include "archive/waveform/format.h"
#include "archive/waveform/wfdb.h"
#include "base/error.h"
#include "base/file.h"
#include "base/file_name.h"

namespace meridian::archive {
namespace {

constexpr std::size_t kLargestSidecar = 1u << 20;
// Hz. What is slower shows no heartbeat, and is as long as years: what is resampled from it fills the memory.
constexpr double kSlowest = 10, kFastest = 1e6;

bool has_extension(const std::string& name, const std::string& extension) {
  return name.size() > extension.size() &&
         is_same_file_name(name.substr(name.size() - extension.size()), extension);
}

[[noreturn]] void fail_unknown(const std::string& where) {
  throw Error(ErrorCode::unsupported_media_type, "This is no recording of a format that is read", where,
              "Give a DICOM ECG, a WFDB .hea file with the files it names, EDF, SCP-ECG, HL7 aECG, MUSE or "
              "Philips XML, or CSV with a declared layout");
}

signal::Recording read_path(const std::filesystem::path& path) {
  const std::string name = path.filename().string(), stem = path.stem().string();
  if (!has_extension(name, ".hea")) {
    const std::string bytes = read_file(path);
    if (const RecordingFormat* format = recording_format(bytes)) return format->read(bytes);
    const auto sidecar = find_in_folder(path.parent_path(), stem + ".json");
    if (has_extension(name, ".csv") && sidecar)
      return read_csv_ecg(bytes, read_file(*sidecar, kLargestSidecar));
    if (!find_in_folder(path.parent_path(), stem + ".hea")) fail_unknown(name);
  }
  return read_wfdb(files_of_folder(path.parent_path()), stem);
}

// The one file of that extension; of several the one with the shortest name: of a record in segments all
// headers are sent, and the master is the one that is not named by another.
const NamedBytes* file_with_extension(std::span<const NamedBytes> files, const std::string& extension) {
  const NamedBytes* found = nullptr;
  for (const NamedBytes& file : files)
    if (has_extension(file.name, extension) && (!found || file.name.size() < found->name.size()))
      found = &file;
  return found;
}

signal::Recording read_files(std::span<const NamedBytes> files) {
  if (const NamedBytes* header = file_with_extension(files, ".hea"))
    return read_wfdb(files_of_upload(files), stem_of(header->name));
  if (files.size() == 1)
    if (const RecordingFormat* format = recording_format(files[0].bytes)) return format->read(files[0].bytes);
  const NamedBytes* table = file_with_extension(files, ".csv");
  const NamedBytes* sidecar = file_with_extension(files, ".json");
  if (files.size() != 2 || !table || !sidecar)
    fail_unknown(files.empty() ? "nothing was sent" : files.front().name);
  return read_csv_ecg(table->bytes, sidecar->bytes);
}

void clean(std::string& text) {
  text = clean_utf8(text);
}

void require_possible_rate(const signal::Recording& recording) {
  const double frequency = recording.sampling_frequency;
  if (!(frequency >= kSlowest && frequency <= kFastest))
    throw Error(ErrorCode::invalid_structure, "The recording's sampling frequency is not possible",
                recording.source, "Check what the file says of its sampling rate");
}

// Texts of any code become UTF-8: they go on into DICOM and JSON.
signal::Recording checked(signal::Recording recording) {
  require_possible_rate(recording);
  for (signal::Lead& lead : recording.leads) clean(lead.name);
  for (std::string& text : recording.unread) clean(text);
  for (std::string& text : recording.doubts) clean(text);
  clean(recording.subject.id);
  clean(recording.subject.name);
  return recording;
}

}  // namespace

signal::Recording read_recording(const std::filesystem::path& path) {
  return checked(read_path(path));
}

signal::Recording read_recording(std::span<const NamedBytes> files) {
  return checked(read_files(files));
}

}  // namespace meridian::archive
