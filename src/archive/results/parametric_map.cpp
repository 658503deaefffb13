#include "archive/results/parametric_map.h"

#include <dcmtk/dcmdata/dcuid.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "archive/results/source_image.h"
#include "base/error.h"
#include "base/id.h"

namespace meridian::archive {
namespace {

constexpr const char* kMap = "The parametric map";
constexpr const char* kImageType = "DERIVED\\PRIMARY\\PROBABILITY\\NONE";
constexpr int kLongestSide = 65535;

// Patient and study (PS3.3, C.7.1.1, C.7.2.1), which are the image's.
const std::array kOfPatientAndStudy{DCM_PatientName,      DCM_PatientID,       DCM_IssuerOfPatientID,
                                    DCM_PatientBirthDate, DCM_PatientSex,      DCM_StudyInstanceUID,
                                    DCM_StudyDate,        DCM_StudyTime,       DCM_StudyID,
                                    DCM_StudyDescription, DCM_AccessionNumber, DCM_ReferringPhysicianName};

void put(DcmItem& item, const DcmTagKey& tag, const std::string& value) {
  check_made(item.putAndInsertString(tag, value.c_str()), kMap);
}
void put(DcmItem& item, const DcmTagKey& tag, int value) {
  check_made(item.putAndInsertUint16(tag, static_cast<Uint16>(value)), kMap);
}

DcmItem& new_item(DcmItem& parent, const DcmTagKey& sequence) {
  DcmItem* item = nullptr;
  check_made(parent.findOrCreateSequenceItem(sequence, item, -2), kMap);
  return *item;
}

void put_code(DcmItem& parent, const DcmTagKey& sequence, const Code& code) {
  DcmItem& item = new_item(parent, sequence);
  put(item, DCM_CodeValue, code.value);
  put(item, DCM_CodingSchemeDesignator, code.scheme);
  put(item, DCM_CodeMeaning, short_text(code.meaning));
}

void put_reference(DcmItem& item, DcmDataset& image) {
  put(item, DCM_ReferencedSOPClassUID, text_of(image, DCM_SOPClassUID));
  put(item, DCM_ReferencedSOPInstanceUID, text_of(image, DCM_SOPInstanceUID));
}

class Composer {
 public:
  Composer(DcmDataset& image, const vision::GreyImage& map, const MappedQuantity& quantity,
           const Algorithm& algorithm, const ResultIdentity& identity)
      : image_(image), map_(map), quantity_(quantity), algorithm_(algorithm), identity_(identity) {}

  std::string compose() {
    for (const DcmTagKey& tag : kOfPatientAndStudy) put(dataset_, tag, text_of(image_, tag));
    put(dataset_, DCM_SpecificCharacterSet, "ISO_IR 192");
    put(dataset_, DCM_SOPClassUID, UID_ParametricMapStorage);
    put_identity(dataset_, identity_);
    put_series_and_maker();
    put_image();
    put_frames();
    put_dimensions();
    DcmItem& series = new_item(dataset_, DCM_ReferencedSeriesSequence);
    put(series, DCM_SeriesInstanceUID, text_of(image_, DCM_SeriesInstanceUID));
    put_reference(new_item(series, DCM_ReferencedInstanceSequence), image_);
    put_pixels();
    return write_part10(dataset_);
  }

 private:
  void put_series_and_maker() {
    put(dataset_, DCM_Modality, text_of(image_, DCM_Modality));
    put(dataset_, DCM_InstanceNumber, "1");
    put(dataset_, DCM_ContentLabel, "HEATMAP");
    put(dataset_, DCM_ContentDescription, short_text(quantity_.label));
    put(dataset_, DCM_ContentCreatorName, "");
    put(dataset_, DCM_Manufacturer, "Meridian");
    put(dataset_, DCM_ManufacturerModelName, short_text(algorithm_.name));
    put(dataset_, DCM_DeviceSerialNumber, algorithm_.device_uid.substr(0, 64));
    put(dataset_, DCM_SoftwareVersions, algorithm_.version);
    put(dataset_, DCM_Laterality, "");
    // A projection is in no frame of reference: its map is in one of its own, whose plane is the film.
    const std::string frame = text_of(image_, DCM_FrameOfReferenceUID);
    const std::string own = dicom_uid_of(text_of(image_, DCM_SOPInstanceUID) + "/plane");
    put(dataset_, DCM_FrameOfReferenceUID, frame.empty() ? own : frame);
    put(dataset_, DCM_PositionReferenceIndicator, text_of(image_, DCM_PositionReferenceIndicator));
    check_made(dataset_.insertEmptyElement(DCM_AcquisitionContextSequence), kMap);
  }

  void put_image() {
    put(dataset_, DCM_ImageType, kImageType);
    put(dataset_, DCM_ContentQualification, "RESEARCH");
    put(dataset_, DCM_BurnedInAnnotation, "NO");
    put(dataset_, DCM_RecognizableVisualFeatures, "NO");
    put(dataset_, DCM_LossyImageCompression,
        text_of(image_, DCM_LossyImageCompression) == "01" ? "01" : "00");
    if (text_of(image_, DCM_LossyImageCompression) == "01") {
      put(dataset_, DCM_LossyImageCompressionRatio, text_of(image_, DCM_LossyImageCompressionRatio));
      put(dataset_, DCM_LossyImageCompressionMethod, text_of(image_, DCM_LossyImageCompressionMethod));
    }
    put(dataset_, DCM_PresentationLUTShape, "IDENTITY");
    put(dataset_, DCM_SamplesPerPixel, 1);
    put(dataset_, DCM_PhotometricInterpretation, "MONOCHROME2");
    put(dataset_, DCM_NumberOfFrames, "1");
    put(dataset_, DCM_Rows, map_.height);
    put(dataset_, DCM_Columns, map_.width);
    put(dataset_, DCM_BitsAllocated, 32);
  }

  void put_frames() {
    DcmItem& shared = new_item(dataset_, DCM_SharedFunctionalGroupsSequence);
    put_places(shared);
    put(new_item(shared, DCM_ParametricMapFrameTypeSequence), DCM_FrameType, kImageType);
    DcmItem& identity = new_item(shared, DCM_PixelValueTransformationSequence);
    put(identity, DCM_RescaleIntercept, "0");
    put(identity, DCM_RescaleSlope, "1");
    put(identity, DCM_RescaleType, "US");
    DcmItem& window = new_item(shared, DCM_FrameVOILUTSequence);
    put(window, DCM_WindowCenter, "0.5");
    put(window, DCM_WindowWidth, "1");
    put_meaning(shared);
    DcmItem& derived = new_item(shared, DCM_DerivationImageSequence);
    put_code(derived, DCM_DerivationCodeSequence, {"113085", "DCM", "Spatial resampling"});
    DcmItem& source = new_item(derived, DCM_SourceImageSequence);
    put_reference(source, image_);
    put_code(source, DCM_PurposeOfReferenceCodeSequence,
             {"121322", "DCM", "Source image for image processing operation"});
    DcmItem& frame = new_item(dataset_, DCM_PerFrameFunctionalGroupsSequence);
    DcmItem& content = new_item(frame, DCM_FrameContentSequence);
    const Uint32 first = 1;
    check_made(content.putAndInsertUint32(DCM_DimensionIndexValues, first), kMap);
  }

  // The map covers the image, so that its pixels are as many times larger as it has fewer of them.
  void put_places(DcmItem& shared) {
    DcmItem& measures = new_item(shared, DCM_PixelMeasuresSequence);
    Float64 down = 0, across = 0;
    Uint16 rows = 0, columns = 0;
    image_.findAndGetUint16(DCM_Rows, rows);
    image_.findAndGetUint16(DCM_Columns, columns);
    const bool says = image_.findAndGetFloat64(DCM_PixelSpacing, down, 0).good() &&
                      image_.findAndGetFloat64(DCM_PixelSpacing, across, 1).good();
    if (says)
      put(measures, DCM_PixelSpacing,
          fmt::format("{:.8g}\\{:.8g}", down * rows / map_.height, across * columns / map_.width));
    else if (map_.spacing)
      put(measures, DCM_PixelSpacing, fmt::format("{0:.8g}\\{0:.8g}", *map_.spacing));
    put(measures, DCM_SliceThickness,
        image_.tagExistsWithValue(DCM_SliceThickness) ? text_of(image_, DCM_SliceThickness) : "1");
    if (text_of(image_, DCM_Modality) == "SM") return put_place_on_slide(shared);
    const bool in_space = image_.tagExistsWithValue(DCM_ImagePositionPatient);
    put(new_item(shared, DCM_PlanePositionSequence), DCM_ImagePositionPatient,
        in_space ? text_of(image_, DCM_ImagePositionPatient) : "0\\0\\0");
    put(new_item(shared, DCM_PlaneOrientationSequence), DCM_ImageOrientationPatient,
        in_space ? text_of(image_, DCM_ImageOrientationPatient) : "1\\0\\0\\0\\1\\0");
  }

  void put_place_on_slide(DcmItem& shared) {
    put(dataset_, DCM_ImageOrientationSlide, text_of(image_, DCM_ImageOrientationSlide));
    check_made(dataset_.putAndInsertUint32(DCM_TotalPixelMatrixColumns, static_cast<Uint32>(map_.width)),
               kMap);
    check_made(dataset_.putAndInsertUint32(DCM_TotalPixelMatrixRows, static_cast<Uint32>(map_.height)), kMap);
    DcmItem& origin = new_item(dataset_, DCM_TotalPixelMatrixOriginSequence);
    put(origin, DCM_XOffsetInSlideCoordinateSystem, "0");
    put(origin, DCM_YOffsetInSlideCoordinateSystem, "0");
    DcmItem& place = new_item(shared, DCM_PlanePositionSlideSequence);
    for (const DcmTagKey& tag :
         {DCM_ColumnPositionInTotalImagePixelMatrix, DCM_RowPositionInTotalImagePixelMatrix})
      check_made(place.putAndInsertSint32(tag, 1), kMap);
    for (const DcmTagKey& tag : {DCM_XOffsetInSlideCoordinateSystem, DCM_YOffsetInSlideCoordinateSystem,
                                 DCM_ZOffsetInSlideCoordinateSystem})
      put(place, tag, "0");
  }

  // The stored numbers are those of the quantity (PS3.3, C.7.6.16.2.11).
  void put_meaning(DcmItem& shared) {
    DcmItem& mapping = new_item(shared, DCM_RealWorldValueMappingSequence);
    check_made(mapping.putAndInsertFloat64(DCM_DoubleFloatRealWorldValueFirstValueMapped, 0), kMap);
    check_made(mapping.putAndInsertFloat64(DCM_DoubleFloatRealWorldValueLastValueMapped, 1), kMap);
    check_made(mapping.putAndInsertFloat64(DCM_RealWorldValueIntercept, 0), kMap);
    check_made(mapping.putAndInsertFloat64(DCM_RealWorldValueSlope, 1), kMap);
    put(mapping, DCM_LUTExplanation, short_text(quantity_.label));
    put(mapping, DCM_LUTLabel, "HEAT");
    put_code(mapping, DCM_MeasurementUnitsCodeSequence, quantity_.unit);
    DcmItem& definition = new_item(mapping, DCM_QuantityDefinitionSequence);
    put(definition, DCM_ValueType, "CODE");
    put_code(definition, DCM_ConceptNameCodeSequence, {"246205007", "SCT", "Quantity"});
    put_code(definition, DCM_ConceptCodeSequence, quantity_.what);
  }

  void put_dimensions() {
    const std::string organization = dicom_uid_of(identity_.instance_uid + "/dimensions");
    put(new_item(dataset_, DCM_DimensionOrganizationSequence), DCM_DimensionOrganizationUID, organization);
    DcmItem& index = new_item(dataset_, DCM_DimensionIndexSequence);
    put(index, DCM_DimensionOrganizationUID, organization);
    check_made(index.putAndInsertTagKey(DCM_DimensionIndexPointer, DCM_FrameAcquisitionNumber), kMap);
    check_made(index.putAndInsertTagKey(DCM_FunctionalGroupPointer, DCM_FrameContentSequence), kMap);
    DcmItem *frame = nullptr, *content = nullptr;
    check_made(dataset_.findAndGetSequenceItem(DCM_PerFrameFunctionalGroupsSequence, frame, 0), kMap);
    check_made(frame->findAndGetSequenceItem(DCM_FrameContentSequence, content, 0), kMap);
    put(*content, DCM_FrameAcquisitionNumber, 1);
  }

  void put_pixels() {
    check_made(dataset_.putAndInsertFloat32Array(DCM_FloatPixelData, map_.pixels.data(), map_.pixels.size()),
               kMap);
  }

  DcmDataset& image_;
  const vision::GreyImage& map_;
  const MappedQuantity& quantity_;
  const Algorithm& algorithm_;
  const ResultIdentity& identity_;
  DcmDataset dataset_;
};

}  // namespace

std::string compose_parametric_map(std::string_view image_file, const vision::GreyImage& map,
                                   const MappedQuantity& quantity, const Algorithm& algorithm,
                                   const ResultIdentity& identity) {
  const bool sound =
      map.width > 0 && map.height > 0 && map.width <= kLongestSide && map.height <= kLongestSide &&
      map.pixels.size() == static_cast<std::size_t>(map.width) * static_cast<std::size_t>(map.height);
  if (!sound) throw Error(ErrorCode::invalid_value, "A parametric map is empty, or not as large as it says");
  const std::unique_ptr<DcmDataset> image = load_header(image_file);
  return Composer(*image, map, quantity, algorithm, identity).compose();
}

}  // namespace meridian::archive
