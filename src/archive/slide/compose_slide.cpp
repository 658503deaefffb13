#include "archive/slide/compose_slide.h"

#include <dcmtk/dcmdata/dcuid.h>
#include <fmt/format.h>
#include <lcms2.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "archive/bytes.h"
#include "archive/dataset.h"
#include "archive/part10.h"
#include "archive/put_attributes.h"
#include "base/error.h"
#include "base/id.h"

namespace meridian::archive {
namespace {

constexpr std::string_view kJpegBaseline = "1.2.840.10008.1.2.4.50";
constexpr double kSectionMicrometres = 4;  // of a usual section, where nobody says how thick it is

std::string image_type(const SlideInstance& instance) {
  switch (instance.flavour) {
    case SlideFlavour::label:
      return "ORIGINAL\\PRIMARY\\LABEL\\NONE";
    case SlideFlavour::overview:
      return "ORIGINAL\\PRIMARY\\OVERVIEW\\NONE";
    case SlideFlavour::thumbnail:
      return "DERIVED\\PRIMARY\\THUMBNAIL\\RESAMPLED";
    default:
      return instance.level > 0 || instance.resampled ? "DERIVED\\PRIMARY\\VOLUME\\RESAMPLED"
                                                      : "ORIGINAL\\PRIMARY\\VOLUME\\NONE";
  }
}

bool shows_label(const SlideInstance& instance) {
  return instance.flavour == SlideFlavour::label || instance.flavour == SlideFlavour::overview;
}

void put_patient_and_study(DcmDataset& dataset, const SlideFacts& facts) {
  const std::string when = format_dicom_datetime(facts.taken);
  put(dataset, DCM_SpecificCharacterSet, "ISO_IR 192");
  put(dataset, DCM_TimezoneOffsetFromUTC, "+0000");
  put(dataset, DCM_PatientID, facts.patient_id);
  put(dataset, DCM_PatientName, facts.patient_name);
  put(dataset, DCM_PatientBirthDate, facts.birth_date);
  put(dataset, DCM_PatientSex, facts.sex);
  put(dataset, DCM_StudyInstanceUID, facts.study_uid);
  put(dataset, DCM_StudyID, "1");
  put(dataset, DCM_StudyDescription, facts.study_description);
  put(dataset, DCM_AccessionNumber, "");
  put(dataset, DCM_ReferringPhysicianName, "");
  for (const DcmTagKey& tag : {DCM_StudyDate, DCM_SeriesDate, DCM_ContentDate})
    put(dataset, tag, when.substr(0, 8));
  for (const DcmTagKey& tag : {DCM_StudyTime, DCM_SeriesTime, DCM_ContentTime})
    put(dataset, tag, when.substr(8, 6));
  put(dataset, DCM_AcquisitionDateTime, when.substr(0, 14));
}

std::string instance_uid(const SlideFacts& facts, const SlideInstance& instance) {
  return dicom_uid_of(
      fmt::format("{}/{}/{}/{}", facts.series_uid, int(instance.flavour), instance.level, instance.part));
}

void put_series(DcmDataset& dataset, const SlideFacts& facts, const SlideInstance& instance) {
  put(dataset, DCM_SOPClassUID, UID_VLWholeSlideMicroscopyImageStorage);
  put(dataset, DCM_SOPInstanceUID, instance_uid(facts, instance));
  put(dataset, DCM_SeriesInstanceUID, facts.series_uid);
  put(dataset, DCM_Modality, "SM");
  put(dataset, DCM_SeriesNumber, "1");
  put(dataset, DCM_SeriesDescription, facts.container);
  put(dataset, DCM_InstanceNumber, std::to_string(instance.number));
  put(dataset, DCM_FrameOfReferenceUID, dicom_uid_of("slide " + facts.series_uid));
  put(dataset, DCM_PositionReferenceIndicator, "SLIDE_CORNER");
  put(dataset, DCM_Manufacturer, facts.scanner.empty() ? "unknown" : facts.scanner);
  put(dataset, DCM_ManufacturerModelName, "unknown");
  put(dataset, DCM_DeviceSerialNumber, "unknown");
  put(dataset, DCM_SoftwareVersions, "Meridian");
  put(dataset, DCM_ImageType, image_type(instance));
  put(dataset, DCM_BurnedInAnnotation, shows_label(instance) ? "YES" : "NO");
  put(dataset, DCM_LossyImageCompression, "01");
  put(dataset, DCM_LossyImageCompressionMethod, "ISO_10918_1");
  put(dataset, DCM_VolumetricProperties, "VOLUME");
  check_put(dataset.insertEmptyElement(DCM_AcquisitionContextSequence));
  check_put(dataset.putAndInsertFloat64(DCM_AcquisitionDuration, 0));
}

void put_specimen(DcmDataset& dataset, const SlideFacts& facts) {
  put(dataset, DCM_ContainerIdentifier, facts.container);
  check_put(dataset.insertEmptyElement(DCM_IssuerOfTheContainerIdentifierSequence));
  put_code(dataset, DCM_ContainerTypeCodeSequence, "433466003", "SCT", "Microscope slide");
  DcmItem& specimen = new_item(dataset, DCM_SpecimenDescriptionSequence);
  put(specimen, DCM_SpecimenIdentifier, facts.container);
  put(specimen, DCM_SpecimenUID, dicom_uid_of("specimen " + facts.series_uid));
  check_put(specimen.insertEmptyElement(DCM_IssuerOfTheSpecimenIdentifierSequence));
  check_put(specimen.insertEmptyElement(DCM_SpecimenPreparationSequence));
}

// The colours of the tiles are those of screens (IEC 61966-2-1) as far as anybody knows. Without the moment
// at which it was made, so that the same slide is the same bytes.
std::string srgb_profile() {
  const std::unique_ptr<void, decltype(&cmsCloseProfile)> profile(cmsCreate_sRGBProfile(), cmsCloseProfile);
  cmsUInt32Number size = 0;
  std::string bytes;
  if (profile && cmsSaveProfileToMem(profile.get(), nullptr, &size)) bytes.resize(size);
  if (bytes.empty() || !cmsSaveProfileToMem(profile.get(), bytes.data(), &size))
    throw Error(ErrorCode::internal, "The profile of the colours cannot be made");
  constexpr std::size_t kDate = 24,
                        kDateBytes = 12;  // ICC.1:2010, 7.2.8: year, month, day, hour, minute, second
  constexpr std::string_view kFixed("\x07\xD0\0\x01\0\x01\0\0\0\0\0\0", kDateBytes);
  if (bytes.size() >= kDate + kDateBytes) bytes.replace(kDate, kDateBytes, kFixed);
  if (bytes.size() % 2) bytes += '\0';
  return bytes;
}

void put_optics(DcmDataset& dataset, const SlideFacts& facts) {
  put_long(dataset, DCM_NumberOfOpticalPaths, 1);
  put_long(dataset, DCM_TotalPixelMatrixFocalPlanes, 1);
  DcmItem& path = new_item(dataset, DCM_OpticalPathSequence);
  put(path, DCM_OpticalPathIdentifier, "1");
  put(path, DCM_OpticalPathDescription, "Brightfield");
  put_code(path, DCM_IlluminationTypeCodeSequence, "111744", "DCM", "Brightfield illumination");
  put_code(path, DCM_IlluminationColorCodeSequence, "414298005", "SCT", "Full Spectrum");
  if (facts.objective > 0) put_decimal(path, DCM_ObjectiveLensPower, facts.objective);
  static const std::string profile = srgb_profile();
  check_put(path.putAndInsertUint8Array(DCM_ICCProfile, reinterpret_cast<const Uint8*>(profile.data()),
                                        profile.size()));
  put(path, DCM_ColorSpace, "SRGB");
}

void put_frames(DcmDataset& dataset, const SlideInstance& instance) {
  DcmItem& shared = new_item(dataset, DCM_SharedFunctionalGroupsSequence);
  DcmItem& measures = new_item(shared, DCM_PixelMeasuresSequence);
  put_decimal(measures, DCM_SliceThickness, kSectionMicrometres / 1000);
  if (instance.spacing) put(measures, DCM_PixelSpacing, fmt::format("{0:.10g}\\{0:.10g}", *instance.spacing));
  put(new_item(shared, DCM_WholeSlideMicroscopyImageFrameTypeSequence), DCM_FrameType, image_type(instance));
  put(new_item(shared, DCM_OpticalPathIdentificationSequence), DCM_OpticalPathIdentifier, "1");
}

void put_dimensions(DcmDataset& dataset, const SlideFacts& facts) {
  const std::string organization = dicom_uid_of("dimensions " + facts.series_uid);
  put(dataset, DCM_DimensionOrganizationType, "TILED_FULL");
  put(new_item(dataset, DCM_DimensionOrganizationSequence), DCM_DimensionOrganizationUID, organization);
  for (const DcmTagKey& tag :
       {DCM_RowPositionInTotalImagePixelMatrix, DCM_ColumnPositionInTotalImagePixelMatrix}) {
    DcmItem& index = new_item(dataset, DCM_DimensionIndexSequence);
    put(index, DCM_DimensionOrganizationUID, organization);
    check_put(index.putAndInsertTagKey(DCM_DimensionIndexPointer, tag));
    check_put(index.putAndInsertTagKey(DCM_FunctionalGroupPointer, DCM_PlanePositionSlideSequence));
  }
}

void put_slide(DcmDataset& dataset, const SlideInstance& instance) {
  const double spacing = instance.spacing.value_or(0.001);
  check_put(dataset.putAndInsertFloat32(DCM_ImagedVolumeWidth,
                                        static_cast<Float32>(spacing * double(instance.width))));
  check_put(dataset.putAndInsertFloat32(DCM_ImagedVolumeHeight,
                                        static_cast<Float32>(spacing * double(instance.height))));
  check_put(dataset.putAndInsertFloat32(DCM_ImagedVolumeDepth, static_cast<Float32>(kSectionMicrometres)));
  put_long(dataset, DCM_TotalPixelMatrixColumns, static_cast<std::uint64_t>(instance.width));
  put_long(dataset, DCM_TotalPixelMatrixRows, static_cast<std::uint64_t>(instance.height));
  DcmItem& origin = new_item(dataset, DCM_TotalPixelMatrixOriginSequence);
  put(origin, DCM_XOffsetInSlideCoordinateSystem, "0");
  put(origin, DCM_YOffsetInSlideCoordinateSystem, "0");
  put(dataset, DCM_ImageOrientationSlide, "0\\-1\\0\\-1\\0\\0");
  if (instance.flavour == SlideFlavour::label) {  // what stands on it, nobody has read
    put(dataset, DCM_BarcodeValue, "");
    put(dataset, DCM_LabelText, "");
  }
  put(dataset, DCM_SpecimenLabelInImage, shows_label(instance) ? "YES" : "NO");
  put(dataset, DCM_FocusMethod, "AUTO");
  put(dataset, DCM_ExtendedDepthOfField, "NO");
}

void put_concatenation(DcmDataset& dataset, const SlideFacts& facts, const SlideInstance& instance) {
  if (!instance.in_parts) return;
  const std::string whole = fmt::format("{}/level {}", facts.series_uid, instance.level);
  put(dataset, DCM_ConcatenationUID, dicom_uid_of(whole));
  put(dataset, DCM_SOPInstanceUIDOfConcatenationSource, dicom_uid_of(whole + " undivided"));
  put(dataset, DCM_InConcatenationNumber, instance.part + 1);
  put_long(dataset, DCM_ConcatenationFrameOffsetNumber, instance.first_tile);
}

void put_format(DcmDataset& dataset, const SlideInstance& instance, std::size_t frames, std::size_t bytes) {
  describe_pixels(dataset, {.rows = instance.tile_height,
                            .columns = instance.tile_width,
                            .samples = 3,
                            .bits_allocated = 8,
                            .bits_stored = 8,
                            .photometric = instance.is_rgb ? "RGB" : "YBR_FULL_422"});
  put(dataset, DCM_NumberOfFrames, std::to_string(frames));
  const double decoded = 3.0 * instance.tile_width * instance.tile_height * static_cast<double>(frames);
  put_decimal(dataset, DCM_LossyImageCompressionRatio,
              std::max(1.0, std::round(decoded / static_cast<double>(std::max<std::size_t>(1, bytes)))));
}

// Encapsulated pixel data (PS3.5 A.4): an offset table, a fragment a frame.
void append_pixels(std::string& out, const std::vector<std::string>& jpegs) {
  const auto header = [&out](std::uint16_t group, std::uint16_t element) {
    append_u16(out, group);
    append_u16(out, element);
  };
  const auto padded = [](const std::string& jpeg) {
    return static_cast<std::uint32_t>(jpeg.size() + jpeg.size() % 2);
  };
  header(0x7FE0, 0x0010);
  out.append("OB\0\0", 4);
  append_u32(out, 0xFFFFFFFF);
  header(0xFFFE, 0xE000);
  append_u32(out, static_cast<std::uint32_t>(jpegs.size() * 4));
  std::uint32_t offset = 0;
  for (const std::string& jpeg : jpegs) {
    append_u32(out, offset);
    offset += 8 + padded(jpeg);
  }
  for (const std::string& jpeg : jpegs) {
    header(0xFFFE, 0xE000);
    append_u32(out, padded(jpeg));
    out.append(jpeg);
    out.append(jpeg.size() % 2, '\0');
  }
  header(0xFFFE, 0xE0DD);
  append_u32(out, 0);
}

}  // namespace

std::string compose_slide(const SlideFacts& facts, const SlideInstance& instance,
                          const std::vector<std::string>& jpegs) {
  if (jpegs.empty()) throw Error(ErrorCode::invalid_value, "An instance of a slide has at least one square");
  use_dcmtk();
  std::size_t bytes = 0;
  for (const std::string& jpeg : jpegs) bytes += jpeg.size();
  DcmDataset dataset;
  put_patient_and_study(dataset, facts);
  put_series(dataset, facts, instance);
  put_specimen(dataset, facts);
  put_optics(dataset, facts);
  put_frames(dataset, instance);
  put_dimensions(dataset, facts);
  put_slide(dataset, instance);
  put_concatenation(dataset, facts, instance);
  put_format(dataset, instance, jpegs.size(), bytes);
  std::string out = write_dataset(dataset, *find_transfer_syntax(kExplicitLittleEndian));
  out.reserve(out.size() + bytes + jpegs.size() * 16 + 64);
  append_pixels(out, jpegs);
  return make_part10(out, UID_VLWholeSlideMicroscopyImageStorage, instance_uid(facts, instance),
                     kJpegBaseline);
}

}  // namespace meridian::archive
