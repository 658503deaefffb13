#include "app/bench/scan_copies.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcostrmb.h>
#include <dcmtk/dcmdata/dctk.h>
#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <cmath>
#include <cstring>
#include <utility>
#include <vector>

#include "archive/part10.h"
#include "archive/transfer_syntax.h"
#include "base/error.h"

namespace meridian::app {
namespace {

constexpr const char* kMultiFrame = "1.2.840.10008.5.1.4.1.1.7.3";
enum Kind { study = 1, series, instance, patient };

// Of one length, so that one can stand in another's place; new in every run.
std::string numbered(int kind) {
  static const auto run = std::chrono::system_clock::now().time_since_epoch().count();
  static std::atomic<std::int64_t> number{1};
  return fmt::format("2.25.{}{:019}{:016}", kind, run, number++);
}

// Among the first bytes only: looking through the pixels would cost a load as much as it costs a peer to take
// them.
void replace_all(std::string& bytes, std::size_t among, const std::string& from, const std::string& to) {
  const std::string_view header(bytes.data(), among);
  for (auto at = header.find(from); at != std::string_view::npos; at = header.find(from, at + to.size()))
    bytes.replace(at, to.size(), to);
}

std::vector<Uint16> drawn(const ScanSize& size) {
  std::vector<Uint16> samples;
  samples.reserve(std::size_t(size.side) * size.side * size.frames);
  for (int frame = 0; frame < size.frames; ++frame)
    for (int row = 0; row < size.side; ++row)
      for (int column = 0; column < size.side; ++column)
        samples.push_back(static_cast<Uint16>(2048 + 1800 * std::sin(float(column + frame) / 40) *
                                                         std::cos(float(row) / 60)));
  return samples;
}

std::string dataset_bytes(DcmDataset& dataset) {
  const E_TransferSyntax syntax = EXS_LittleEndianExplicit;
  std::string bytes(dataset.calcElementLength(syntax, EET_ExplicitLength), '\0');
  DcmOutputBufferStream stream(bytes.data(), static_cast<offile_off_t>(bytes.size()));
  dataset.transferInit();
  if (dataset.write(stream, syntax, EET_ExplicitLength, nullptr).bad())
    throw Error(ErrorCode::internal, "The bench's image cannot be written");
  dataset.transferEnd();
  bytes.resize(static_cast<std::size_t>(stream.tell()));
  return bytes;
}

}  // namespace

ScanCopies::ScanCopies(const ScanSize& size)
    : size_(size),
      patient_(numbered(patient)),
      study_(numbered(study)),
      series_(numbered(series)),
      instance_(numbered(instance)) {
  const char* sop_class = size.frames == 1 ? kCtImageStorage : kMultiFrame;
  DcmDataset scan;
  const auto text = [&](const DcmTagKey& tag, const std::string& value) {
    scan.putAndInsertString(tag, value.c_str());
  };
  text(DCM_SOPClassUID, sop_class);
  text(DCM_SOPInstanceUID, instance_);
  text(DCM_StudyDate, "20260105");
  text(DCM_StudyTime, "101500");
  text(DCM_AccessionNumber, "BENCH");
  text(DCM_Modality, "CT");
  text(DCM_StudyDescription, "Drawn by the bench");
  text(DCM_PatientName, "Bench^Drawn");
  text(DCM_PatientID, patient_);
  text(DCM_BodyPartExamined, "KNEE");  // that no assistant reads
  text(DCM_StudyInstanceUID, study_);
  text(DCM_SeriesInstanceUID, series_);
  text(DCM_SeriesNumber, "1");
  text(DCM_InstanceNumber, "1");
  if (size.frames > 1) text(DCM_NumberOfFrames, std::to_string(size.frames));
  text(DCM_PhotometricInterpretation, "MONOCHROME2");
  text(DCM_PixelSpacing, "0.5\\0.5");
  text(DCM_RescaleIntercept, "-1024");
  text(DCM_RescaleSlope, "1");
  for (const auto& [tag, value] : {std::pair{DCM_SamplesPerPixel, 1},
                                   {DCM_Rows, size.side},
                                   {DCM_Columns, size.side},
                                   {DCM_BitsAllocated, 16},
                                   {DCM_BitsStored, 16},
                                   {DCM_HighBit, 15},
                                   {DCM_PixelRepresentation, 0}})
    scan.putAndInsertUint16(tag, static_cast<Uint16>(value));
  const std::vector<Uint16> samples = drawn(size);
  scan.putAndInsertUint16Array(DCM_PixelData, samples.data(), samples.size());
  file_ = archive::make_part10(dataset_bytes(scan), sop_class, instance_,
                               std::string(archive::kExplicitLittleEndian));
  header_bytes_ = file_.size() - samples.size() * sizeof(Uint16);  // the pixels are its end
}

void ScanCopies::renew(std::string& uid, int kind) {
  std::string made = numbered(kind);
  replace_all(file_, header_bytes_, uid, made);
  uid = std::move(made);
}

const std::string& ScanCopies::next() {
  if (made_ % size_.per_study == 0) {
    renew(patient_, patient);
    renew(study_, study);
  }
  if (made_ % size_.per_study % size_.per_series == 0) renew(series_, series);
  renew(instance_, instance);
  ++made_;
  return file_;
}

}  // namespace meridian::app
