#include "archive/results/segmentation.h"

#include <dcmtk/dcmfg/fgderimg.h>
#include <dcmtk/dcmfg/fgfracon.h>
#include <dcmtk/dcmfg/fgpixmsr.h>
#include <dcmtk/dcmfg/fgplanor.h>
#include <dcmtk/dcmfg/fgplanpo.h>
#include <dcmtk/dcmseg/segdoc.h>
#include <dcmtk/dcmseg/segment.h>

#include <algorithm>
#include <array>

#include "archive/results/source_image.h"
#include "base/error.h"
#include "base/id.h"

namespace meridian::archive {
namespace {

constexpr const char* kSegmentation = "The segmentation";

CodeSequenceMacro code_of(const Code& code) {
  return CodeSequenceMacro(code.value.c_str(), code.scheme.c_str(), short_text(code.meaning).c_str());
}

class Composer {
 public:
  Composer(DcmDataset& image, const Algorithm& algorithm, const ResultIdentity& identity)
      : image_(image), algorithm_(algorithm), identity_(identity) {
    check_made(image.findAndGetUint16(DCM_Rows, rows_), kSegmentation);
    check_made(image.findAndGetUint16(DCM_Columns, columns_), kSegmentation);
    const IODGeneralEquipmentModule::EquipmentInfo equipment("Meridian", short_text(algorithm.name).c_str(),
                                                             algorithm.device_uid.substr(0, 64).c_str(),
                                                             algorithm.version.c_str());
    const ContentIdentificationMacro content("1", "SEGMENTATION", short_text(algorithm.name).c_str(), "");
    DcmSegmentation* made = nullptr;
    check_made(DcmSegmentation::createBinarySegmentation(made, rows_, columns_, equipment, content),
               kSegmentation);
    object_.reset(made);
    check_made(object_->importFromSourceImage(image_), kSegmentation);
    check_made(object_->getSegmentationSeriesModule().setSeriesNumber(
                   std::to_string(identity.series_number).c_str()),
               kSegmentation);
    describe_frames();
    describe_planes();
  }

  void add(const Segment& segment) {
    if (segment.mask.size() != std::size_t(rows_) * columns_)
      throw Error(ErrorCode::invalid_value, "A segment's mask is not of the image's size", segment.label);
    DcmSegment* made = nullptr;
    check_made(DcmSegment::create(made, short_text(segment.label).c_str(), code_of(segment.category),
                                  code_of(segment.type), DcmSegTypes::SAT_AUTOMATIC,
                                  short_text(algorithm_.name).c_str()),
               kSegmentation);
    Uint16 number = 0;
    check_made(object_->addSegment(made, number), kSegmentation);
    const std::string tracking = identity_.instance_uid + "#" + std::to_string(number);
    check_made(made->setTrackingID(short_text(segment.label).c_str()), kSegmentation);
    check_made(made->setTrackingUID(dicom_uid_of(tracking).c_str()), kSegmentation);
    add_frame(segment, number);
  }

  std::string finish() {
    DcmDataset dataset;
    check_made(object_->writeDataset(dataset), kSegmentation);
    if (!in_space_) remove_places(dataset);
    check_made(
        dataset.putAndInsertString(DCM_PatientOrientation, text_of(image_, DCM_PatientOrientation).c_str()),
        kSegmentation);
    put_identity(dataset, identity_);
    refer_to_image(dataset);
    check_made(dataset.putAndInsertString(DCM_SpecificCharacterSet, "ISO_IR 192"), kSegmentation);
    return write_part10(dataset);
  }

 private:
  void describe_frames() {
    const std::string organization = dicom_uid_of(identity_.instance_uid + "/dimensions");
    check_made(object_->getDimensions().addDimensionIndex(DCM_ReferencedSegmentNumber, organization.c_str(),
                                                          DCM_SegmentIdentificationSequence, "Segment"),
               kSegmentation);
    ImageSOPInstanceReferenceMacro* reference = nullptr;
    check_made(ImageSOPInstanceReferenceMacro::create(text_of(image_, DCM_SOPClassUID).c_str(),
                                                      text_of(image_, DCM_SOPInstanceUID).c_str(), reference),
               kSegmentation);
    OFVector<ImageSOPInstanceReferenceMacro> images;
    images.push_back(*reference);
    delete reference;
    const std::unique_ptr<FGDerivationImage> derivation(
        DcmSegmentation::createDerivationImageFG(images, "Segmented by an algorithm"));
    if (!derivation) throw Error(ErrorCode::internal, "A segmentation's source cannot be named");
    check_made(object_->addForAllFrames(*derivation), kSegmentation);
  }

  // A projection is in no frame of reference and has no plane, without which DCMTK writes no segmentation:
  // what stands for them goes again once it is written.
  void describe_planes() {
    const auto value = [&](const DcmTagKey& tag, unsigned long i, const char* otherwise) {
      OFString text;
      return in_space_ && image_.findAndGetOFString(tag, text, i).good() ? text : OFString(otherwise);
    };
    const OFString spacing = value(DCM_PixelSpacing, 0, "1") + "\\" + value(DCM_PixelSpacing, 1, "1");
    FGPixelMeasures measures;
    check_made(measures.setPixelSpacing(spacing), kSegmentation);
    check_made(measures.setSliceThickness(value(DCM_SliceThickness, 0, "1")), kSegmentation);
    check_made(object_->addForAllFrames(measures), kSegmentation);
    const auto orientation = [&](unsigned long i, const char* otherwise) {
      return value(DCM_ImageOrientationPatient, i, otherwise);
    };
    const std::unique_ptr<FGPlaneOrientationPatient> plane(FGPlaneOrientationPatient::createMinimal(
        orientation(0, "1"), orientation(1, "0"), orientation(2, "0"), orientation(3, "0"),
        orientation(4, "1"), orientation(5, "0")));
    check_made(object_->addForAllFrames(*plane), kSegmentation);
    const std::unique_ptr<FGPlanePosPatient> position(FGPlanePosPatient::createMinimal(
        value(DCM_ImagePositionPatient, 0, "0"), value(DCM_ImagePositionPatient, 1, "0"),
        value(DCM_ImagePositionPatient, 2, "0")));
    check_made(object_->addForAllFrames(*position), kSegmentation);
    if (!in_space_)
      check_made(object_->getFrameOfReference().setFrameOfReferenceUID(identity_.instance_uid.c_str()),
                 kSegmentation);
  }

  static void remove_places(DcmDataset& dataset) {
    for (const DcmTagKey& tag : {DCM_FrameOfReferenceUID, DCM_PositionReferenceIndicator})
      delete dataset.remove(tag);
    DcmItem* shared = nullptr;
    check_made(dataset.findAndGetSequenceItem(DCM_SharedFunctionalGroupsSequence, shared, 0), kSegmentation);
    delete shared->remove(DCM_PlanePositionSequence);
    // Viewers lay a segmentation on its image by the orientation, which is that of the image's own rows and
    // columns, and look for the measures, of which nothing is known.
    DcmItem* measures = nullptr;
    check_made(shared->findAndGetSequenceItem(DCM_PixelMeasuresSequence, measures, 0), kSegmentation);
    for (const DcmTagKey& tag : {DCM_PixelSpacing, DCM_SliceThickness}) delete measures->remove(tag);
  }

  bool is_in_space() {
    return std::ranges::all_of(std::array{DCM_FrameOfReferenceUID, DCM_ImagePositionPatient,
                                          DCM_ImageOrientationPatient, DCM_PixelSpacing},
                               [&](const DcmTagKey& tag) { return image_.tagExistsWithValue(tag); });
  }

  void add_frame(const Segment& segment, Uint16 number) {
    FGFrameContent content;
    check_made(content.setDimensionIndexValues(number, 0), kSegmentation);
    OFVector<FGBase*> groups;
    groups.push_back(&content);
    std::vector<Uint8> pixels(segment.mask.size());
    for (std::size_t i = 0; i < pixels.size(); ++i) pixels[i] = segment.mask[i] != 0;
    check_made(object_->addFrame(pixels.data(), number, groups), kSegmentation);
  }

  // Common Instance Reference (PS3.3, C.12.2).
  void refer_to_image(DcmDataset& dataset) {
    DcmItem *series = nullptr, *instance = nullptr;
    check_made(dataset.findOrCreateSequenceItem(DCM_ReferencedSeriesSequence, series, 0), kSegmentation);
    check_made(
        series->putAndInsertString(DCM_SeriesInstanceUID, text_of(image_, DCM_SeriesInstanceUID).c_str()),
        kSegmentation);
    check_made(series->findOrCreateSequenceItem(DCM_ReferencedInstanceSequence, instance, 0), kSegmentation);
    check_made(
        instance->putAndInsertString(DCM_ReferencedSOPClassUID, text_of(image_, DCM_SOPClassUID).c_str()),
        kSegmentation);
    check_made(instance->putAndInsertString(DCM_ReferencedSOPInstanceUID,
                                            text_of(image_, DCM_SOPInstanceUID).c_str()),
               kSegmentation);
  }

  DcmDataset& image_;
  const Algorithm& algorithm_;
  const ResultIdentity& identity_;
  const bool in_space_ = is_in_space();
  Uint16 rows_ = 0, columns_ = 0;
  std::unique_ptr<DcmSegmentation> object_;
};

}  // namespace

std::string compose_segmentation(std::string_view image_file, std::span<const Segment> segments,
                                 const Algorithm& algorithm, const ResultIdentity& identity) {
  if (segments.empty()) throw Error(ErrorCode::invalid_value, "A segmentation has at least one segment");
  const std::unique_ptr<DcmDataset> image = load_header(image_file);
  Composer composer(*image, algorithm, identity);
  for (const Segment& segment : segments) composer.add(segment);
  return composer.finish();
}

}  // namespace meridian::archive
