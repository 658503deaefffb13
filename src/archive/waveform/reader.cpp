#include "archive/waveform/reader.h"

#include <algorithm>

#include "archive/waveform/dicom_ecg_reader.h"
#include "archive/waveform/wfdb.h"
#include "base/error.h"
#include "base/file.h"

namespace meridian::archive {
namespace {

bool ends_with_hea(const std::string& name) {
  return name.size() > 4 && name.ends_with(".hea");
}

bool is_dicom(std::string_view bytes) {
  return bytes.size() > 132 && bytes.substr(128, 4) == "DICM";
}

[[noreturn]] void fail_unknown(const std::string& where) {
  throw Error(ErrorCode::unsupported_media_type, "This is neither a WFDB record nor a DICOM waveform", where,
              "Give a .hea file with the files it names, or a DICOM ECG");
}

}  // namespace

signal::Recording read_recording(const std::filesystem::path& path) {
  auto header = path;
  header.replace_extension(".hea");
  const bool wfdb = path.extension() == ".hea" || std::filesystem::exists(header);
  if (wfdb) return read_wfdb(files_of_folder(path.parent_path()), path.stem().string());
  const std::string bytes = read_file(path);
  if (!is_dicom(bytes)) fail_unknown(path.filename().string());
  return read_dicom_ecg(bytes);
}

signal::Recording read_recording(std::span<const NamedBytes> files) {
  if (files.size() == 1 && is_dicom(files.front().bytes)) return read_dicom_ecg(files.front().bytes);
  // Of a record in segments all headers are sent; the master is the one that is not named by another: the
  // shortest.
  const NamedBytes* header = nullptr;
  for (const NamedBytes& file : files)
    if (ends_with_hea(file.name) && (!header || file.name.size() < header->name.size())) header = &file;
  if (!header) fail_unknown(files.empty() ? "nothing was sent" : files.front().name);
  return read_wfdb(files_of_upload(files), header->name.substr(0, header->name.size() - 4));
}

}  // namespace meridian::archive
