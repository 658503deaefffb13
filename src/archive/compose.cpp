#include "archive/compose.h"

#include <dcmtk/dcmdata/dcuid.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "archive/dataset.h"
#include "archive/put_attributes.h"
#include "base/error.h"
#include "base/id.h"

namespace meridian::archive {
namespace {

constexpr int kBits = 12;
constexpr float kWhite = (1 << kBits) - 1;
constexpr int kLongestSide = 65535;
constexpr double kUnknownSpacing =
    0.14;  // mm: a 43 cm detector over 3072 pixels, where the picture does not say

std::string uid_or_new(const std::string& uid) {
  return uid.empty() ? new_dicom_uid() : uid;
}

void put_patient_and_study(DcmDataset& dataset, const FilmFacts& facts) {
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

void put_series(DcmDataset& dataset, const FilmFacts& facts) {
  put(dataset, DCM_SOPClassUID, UID_DigitalXRayImageStorageForPresentation);
  put(dataset, DCM_SOPInstanceUID, uid_or_new(facts.instance_uid));
  put(dataset, DCM_SeriesInstanceUID, uid_or_new(facts.series_uid));
  put(dataset, DCM_Modality, "DX");
  put(dataset, DCM_PresentationIntentType, "FOR PRESENTATION");
  put(dataset, DCM_SeriesNumber, "1");
  put(dataset, DCM_InstanceNumber, std::to_string(facts.instance_number));
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
  check_put(dataset.insertEmptyElement(DCM_AcquisitionContextSequence));
}

void put_detector(DcmDataset& dataset, const vision::GreyImage& image) {
  const double side = image.spacing.value_or(kUnknownSpacing);
  const std::string spacing = fmt::format("{:.6g}\\{:.6g}", side, side);
  put(dataset, DCM_ImagerPixelSpacing, spacing);
  if (image.spacing) put(dataset, DCM_PixelSpacing, spacing);
  put(dataset, DCM_DetectorType, "");
  put(dataset, DCM_PositionerType, "");
  put(dataset, DCM_PixelIntensityRelationship, "LOG");
  check_put(dataset.putAndInsertSint16(DCM_PixelIntensityRelationshipSign, -1));
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
  check_put(dataset.putAndInsertUint16Array(DcmTag(DCM_PixelData, EVR_OW), samples.data(), samples.size()));
}

struct ModalityClass {
  std::string_view modality;
  const char* sop_class;
};
constexpr std::array<ModalityClass, 5> kClasses{{{"US", UID_UltrasoundImageStorage},
                                                 {"OP", UID_OphthalmicPhotography8BitImageStorage},
                                                 {"ES", UID_VLEndoscopicImageStorage},
                                                 {"GM", UID_VLMicroscopicImageStorage},
                                                 {"XC", UID_VLPhotographicImageStorage}}};

bool is_code_string(const std::string& text) {
  return text.size() <= 16 && std::ranges::all_of(text, [](char c) {
           return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ' ' || c == '_';
         });
}

void put_declared(DcmDataset& dataset, const FilmFacts& facts, const std::string& modality,
                  const std::string& body_part) {
  const auto known = std::ranges::find(kClasses, modality, &ModalityClass::modality);
  put(dataset, DCM_SOPClassUID,
      known == kClasses.end() ? UID_SecondaryCaptureImageStorage : known->sop_class);
  put(dataset, DCM_SOPInstanceUID, uid_or_new(facts.instance_uid));
  put(dataset, DCM_SeriesInstanceUID, uid_or_new(facts.series_uid));
  put(dataset, DCM_Modality, modality);
  if (!body_part.empty()) put(dataset, DCM_BodyPartExamined, body_part);
  put(dataset, DCM_ConversionType, "WSD");
  put(dataset, DCM_SeriesNumber, "1");
  put(dataset, DCM_InstanceNumber, std::to_string(facts.instance_number));
  put(dataset, DCM_Manufacturer, "Meridian");
  put(dataset, DCM_ImageType, "DERIVED\\PRIMARY");
}

void put_bytes(DcmDataset& dataset, const vision::Picture& picture) {
  std::vector<Uint8> grey;
  for (const float value : picture.colour ? std::vector<float>() : picture.grey.pixels)
    grey.push_back(static_cast<Uint8>(std::lround(std::clamp(value, 0.0f, 1.0f) * 255)));
  const std::vector<Uint8>& samples = picture.colour ? picture.colour->pixels : grey;
  put(dataset, DCM_SamplesPerPixel, picture.colour ? 3 : 1);
  put(dataset, DCM_PhotometricInterpretation, picture.colour ? "RGB" : "MONOCHROME2");
  if (picture.colour) put(dataset, DCM_PlanarConfiguration, 0);
  put(dataset, DCM_Rows, picture.grey.height);
  put(dataset, DCM_Columns, picture.grey.width);
  put(dataset, DCM_BitsAllocated, 8);
  put(dataset, DCM_BitsStored, 8);
  put(dataset, DCM_HighBit, 7);
  put(dataset, DCM_PixelRepresentation, 0);
  check_put(dataset.putAndInsertUint8Array(DcmTag(DCM_PixelData, EVR_OB), samples.data(), samples.size()));
}

void require_sound(const vision::GreyImage& image) {
  const bool sound = image.width > 0 && image.height > 0 && image.width <= kLongestSide &&
                     image.height <= kLongestSide &&
                     image.pixels.size() == std::size_t(image.width) * image.height;
  if (!sound)
    throw Error(ErrorCode::invalid_value, "The picture is empty, too large, or not as large as it says");
}

}  // namespace

std::string compose_film(const vision::GreyImage& image, const FilmFacts& facts) {
  require_sound(image);
  use_dcmtk();
  DcmDataset dataset;
  put_patient_and_study(dataset, facts);
  put_series(dataset, facts);
  put_anatomy(dataset, facts);
  put_detector(dataset, image);
  put_display(dataset);
  put_pixels(dataset, image);
  return write_part10(dataset);
}

std::string compose_picture(const vision::Picture& picture, const FilmFacts& facts,
                            const std::string& modality, const std::string& body_part) {
  require_sound(picture.grey);
  if (modality.empty() || !is_code_string(modality) || !is_code_string(body_part))
    throw Error(ErrorCode::invalid_value, "A modality and a body part are DICOM's code strings",
                modality + " " + body_part, "Write them as US and BREAST");
  use_dcmtk();
  DcmDataset dataset;
  put_patient_and_study(dataset, facts);
  put_declared(dataset, facts, modality, body_part);
  put_bytes(dataset, picture);
  return write_part10(dataset);
}

}  // namespace meridian::archive
