#include "archive/waveform/format.h"

#include <fstream>
#include <string>

#include "archive/waveform/aecg_reader.h"
#include "archive/waveform/csv_reader.h"
#include "archive/waveform/dicom_ecg_reader.h"
#include "archive/waveform/edf_reader.h"
#include "archive/waveform/file_source.h"
#include "archive/waveform/muse_reader.h"
#include "archive/waveform/philips_reader.h"
#include "archive/waveform/scp_file.h"
#include "archive/waveform/scp_reader.h"
#include "archive/waveform/xml.h"

namespace meridian::archive {
namespace {

constexpr std::size_t kBeginning = 16384;

bool is_dicom(std::string_view bytes) {
  return bytes.size() > 132 && bytes.substr(128, 4) == "DICM";
}

bool is_edf(std::string_view bytes) {
  return bytes.size() >= 256 && (bytes.starts_with("0       ") || bytes.starts_with("\xff"
                                                                                    "BIOSEMI"));
}

const RecordingFormat kFormats[] = {
    {"DICOM", is_dicom, [](std::string_view bytes) { return read_dicom_ecg(std::string(bytes)); }},
    {"SCP-ECG", is_scp, read_scp},
    {"EDF", is_edf, read_edf},
    {"HL7 aECG", [](std::string_view bytes) { return xml_root_name(bytes) == "AnnotatedECG"; }, read_aecg},
    {"MUSE", [](std::string_view bytes) { return xml_root_name(bytes) == "RestingECG"; }, read_muse},
    {"Philips", [](std::string_view bytes) { return xml_root_name(bytes) == "restingecgdata"; },
     read_philips},
    {"CSV", is_csv_with_layout, [](std::string_view bytes) { return read_csv_ecg(bytes, {}); }},
};

}  // namespace

const RecordingFormat* recording_format(std::string_view bytes) {
  for (const RecordingFormat& format : kFormats)
    if (format.holds(bytes)) return &format;
  return nullptr;
}

const RecordingFormat* recording_format_of(const std::filesystem::path& file) {
  std::string beginning(kBeginning, '\0');
  std::ifstream stream(file, std::ios::binary);
  stream.read(beginning.data(), static_cast<std::streamsize>(beginning.size()));
  beginning.resize(static_cast<std::size_t>(stream.gcount()));
  return recording_format(beginning);
}

bool needs_csv_sidecar(const std::filesystem::path& file) {
  return is_same_file_name(file.extension().string(), ".csv") && !recording_format_of(file);
}

}  // namespace meridian::archive
