#include "archive/compose.h"

#include <dcmtk/dcmdata/dcuid.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "archive/dataset.h"
#include "base/error.h"
#include "base/id.h"

namespace meridian::archive {
namespace {

constexpr int kBits = 12;
constexpr float kWhite = (1 << kBits) - 1;
constexpr int kLongestSide = 65535;
constexpr double kUnknownSpacing =
    0.14;  // mm: a 43 cm detector over 3072 pixels, where the picture does not say

void check(const OFCondition& condition) {
  if (condition.bad())
    throw Error(ErrorCode::invalid_value, std::string("The film cannot be composed: ") + condition.text());
}

void put(DcmItem& item, const DcmTagKey& tag, const std::string& value) {
  check(item.putAndInsertString(tag, value.c_str()));
}
void put(DcmItem& item, const DcmTagKey& tag, int value) {
  check(item.putAndInsertUint16(tag, static_cast<Uint16>(value)));
}

DcmItem& new_item(DcmItem& parent, const DcmTagKey& sequence) {
  DcmItem* item = nullptr;
  check(parent.findOrCreateSequenceItem(sequence, item, -2));
  return *item;
}

DcmItem& put_code(DcmItem& parent, const DcmTagKey& sequence, const char* value, const char* scheme,
                  const char* meaning) {
  DcmItem& code = new_item(parent, sequence);
  put(code, DCM_CodeValue, value);
  put(code, DCM_CodingSchemeDesignator, scheme);
  put(code, DCM_CodeMeaning, meaning);
  return code;
}

std::string uid_or_new(const std::string& uid) {
  return uid.empty() ? new_dicom_uid() : uid;
}

void put_patient_and_study(DcmDataset& dataset, const PictureFacts& facts) {
  const std::string when = format_dicom_datetime(facts.taken), date = when.substr(0, 8),
                    time = when.substr(8, 6);
  put(dataset, DCM_SpecificCharacterSet, "ISO_IR 192");
  put(dataset, DCM_TimezoneOffsetFromUTC, "+0000");
  put(dataset, DCM_PatientID, facts.patient_id);
  put(dataset, DCM_PatientName, facts.patient_name);
  put(dataset, DCM_PatientBirthDate, facts.birth_date);
  put(dataset, DCM_PatientSex, facts.sex);
  put(dataset, DCM_StudyInstanceUID, uid_or_new(facts.study_uid));
  put(dataset, DCM_StudyID, "1");
  put(dataset, DCM_StudyDescription, facts.study_description);
  put(dataset, DCM_AccessionNumber, facts.accession_number);
  put(dataset, DCM_ReferringPhysicianName, "");
  for (const DcmTagKey& tag : {DCM_StudyDate, DCM_SeriesDate, DCM_ContentDate, DCM_AcquisitionDate})
    put(dataset, tag, date);
  for (const DcmTagKey& tag : {DCM_StudyTime, DCM_SeriesTime, DCM_ContentTime, DCM_AcquisitionTime})
    put(dataset, tag, time);
}

void put_series(DcmDataset& dataset, const char* sop_class, const std::string& modality,
                const PictureFacts& facts) {
  put(dataset, DCM_SOPClassUID, sop_class);
  put(dataset, DCM_SOPInstanceUID, uid_or_new(facts.instance_uid));
  put(dataset, DCM_SeriesInstanceUID, uid_or_new(facts.series_uid));
  put(dataset, DCM_Modality, modality);
  put(dataset, DCM_SeriesNumber, "1");
  put(dataset, DCM_InstanceNumber, "1");
  put(dataset, DCM_Manufacturer, "Meridian");
  if (!facts.institution.empty()) put(dataset, DCM_InstitutionName, facts.institution);
  put(dataset, DCM_ImageType, "DERIVED\\PRIMARY");
  put(dataset, DCM_AcquisitionNumber, "1");
}

void put_anatomy(DcmDataset& dataset, const FilmFacts& facts) {
  const bool lateral = facts.view_position == "LL" || facts.view_position == "RL";
  put(dataset, DCM_BodyPartExamined, "CHEST");
  put(dataset, DCM_ViewPosition, facts.view_position);
  put(dataset, DCM_ImageLaterality, "U");
  put(dataset, DCM_PatientOrientation, lateral ? "A\\F" : "L\\F");
  put_code(dataset, DCM_AnatomicRegionSequence, "51185008", "SCT", "Chest");
  if (lateral)
    put_code(dataset, DCM_ViewCodeSequence, "399198007", "SCT", "right lateral");
  else if (facts.view_position == "AP")
    put_code(dataset, DCM_ViewCodeSequence, "399348003", "SCT", "antero-posterior");
  else
    put_code(dataset, DCM_ViewCodeSequence, "272479007", "SCT", "postero-anterior");
  check(dataset.insertEmptyElement(DCM_AcquisitionContextSequence));
}

void put_detector(DcmDataset& dataset, const vision::GreyImage& image) {
  const double side = image.spacing.value_or(kUnknownSpacing);
  const std::string spacing = fmt::format("{:.6g}\\{:.6g}", side, side);
  put(dataset, DCM_ImagerPixelSpacing, spacing);
  if (image.spacing) put(dataset, DCM_PixelSpacing, spacing);
  put(dataset, DCM_DetectorType, "");
  put(dataset, DCM_PositionerType, "");
  put(dataset, DCM_PixelIntensityRelationship, "LOG");
  check(dataset.putAndInsertSint16(DCM_PixelIntensityRelationshipSign, -1));
  put(dataset, DCM_BurnedInAnnotation, "NO");
  put(dataset, DCM_LossyImageCompression, "00");
}

void put_display(DcmDataset& dataset) {
  put(dataset, DCM_RescaleIntercept, "0");
  put(dataset, DCM_RescaleSlope, "1");
  put(dataset, DCM_RescaleType, "US");
  put(dataset, DCM_PresentationLUTShape, "IDENTITY");
  put(dataset, DCM_WindowCenter, fmt::format("{}", 1 << (kBits - 1)));
  put(dataset, DCM_WindowWidth, fmt::format("{}", 1 << kBits));
}

void put_pixels(DcmDataset& dataset, const vision::GreyImage& image) {
  put(dataset, DCM_SamplesPerPixel, 1);
  put(dataset, DCM_PhotometricInterpretation, "MONOCHROME2");
  put(dataset, DCM_Rows, image.height);
  put(dataset, DCM_Columns, image.width);
  put(dataset, DCM_BitsAllocated, 16);
  put(dataset, DCM_BitsStored, kBits);
  put(dataset, DCM_HighBit, kBits - 1);
  put(dataset, DCM_PixelRepresentation, 0);
  std::vector<Uint16> samples(image.pixels.size());
  std::ranges::transform(image.pixels, samples.begin(), [](float grey) {
    return static_cast<Uint16>(std::lround(std::clamp(grey, 0.0f, 1.0f) * kWhite));
  });
  check(dataset.putAndInsertUint16Array(DcmTag(DCM_PixelData, EVR_OW), samples.data(), samples.size()));
}

template <class Image>
void require_sound(const Image& image, std::size_t channels) {
  const bool sound = image.width > 0 && image.height > 0 && image.width <= kLongestSide &&
                     image.height <= kLongestSide &&
                     image.pixels.size() == channels * static_cast<std::size_t>(image.width) * image.height;
  if (!sound)
    throw Error(ErrorCode::invalid_value, "The picture is empty, too large, or not as large as it says");
}

// A code of PS3.3 C.7.3.1.1.1: two to sixteen capitals, digits and _.
void require_modality(const std::string& modality) {
  const auto is_allowed = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; };
  if (modality.size() < 2 || modality.size() > 16 || !std::ranges::all_of(modality, is_allowed))
    throw Error(ErrorCode::invalid_value, "\"" + modality.substr(0, 20) + "\" is no modality", "modality",
                "Write a code of DICOM: ES, OP, US, ...");
}

void put_pixels(DcmDataset& dataset, const vision::ColourImage& image) {
  put(dataset, DCM_SamplesPerPixel, 3);
  put(dataset, DCM_PhotometricInterpretation, "RGB");
  put(dataset, DCM_PlanarConfiguration, 0);
  put(dataset, DCM_Rows, image.height);
  put(dataset, DCM_Columns, image.width);
  put(dataset, DCM_BitsAllocated, 8);
  put(dataset, DCM_BitsStored, 8);
  put(dataset, DCM_HighBit, 7);
  put(dataset, DCM_PixelRepresentation, 0);
  check(dataset.putAndInsertUint8Array(DcmTag(DCM_PixelData, EVR_OB), image.pixels.data(),
                                       image.pixels.size()));
}

}  // namespace

std::string compose_film(const vision::GreyImage& image, const FilmFacts& facts) {
  require_sound(image, 1);
  use_dcmtk();
  DcmDataset dataset;
  put_patient_and_study(dataset, facts);
  put_series(dataset, UID_DigitalXRayImageStorageForPresentation, "DX", facts);
  put(dataset, DCM_PresentationIntentType, "FOR PRESENTATION");
  put_anatomy(dataset, facts);
  put_detector(dataset, image);
  put_display(dataset);
  put_pixels(dataset, image);
  return write_part10(dataset);
}

std::string compose_capture(const vision::ColourImage& image, const std::string& modality,
                            const PictureFacts& facts) {
  require_sound(image, 3);
  require_modality(modality);
  use_dcmtk();
  DcmDataset dataset;
  put_patient_and_study(dataset, facts);
  put_series(dataset, UID_SecondaryCaptureImageStorage, modality, facts);
  put(dataset, DCM_ConversionType, "DI");
  put(dataset, DCM_PatientOrientation, "");
  if (image.spacing) put(dataset, DCM_PixelSpacing, fmt::format("{0:.6g}\\{0:.6g}", *image.spacing));
  put_pixels(dataset, image);
  return write_part10(dataset);
}

}  // namespace meridian::archive
