#include "archive/results/repair_segmentation.h"

#include <dcmtk/dcmdata/dcuid.h>

#include "archive/results/source_image.h"

namespace meridian::archive {
namespace {

constexpr const char* kSegmentation = "The segmentation";

// The shared functional groups of one that this program made; null for others.
DcmItem* groups_of_ours(DcmDataset& dataset) {
  DcmItem* shared = nullptr;
  const bool ours = text_of(dataset, DCM_SOPClassUID) == UID_SegmentationStorage &&
                    text_of(dataset, DCM_Manufacturer) == "Meridian";
  if (ours) dataset.findAndGetSequenceItem(DCM_SharedFunctionalGroupsSequence, shared, 0);
  return shared;
}

}  // namespace

std::optional<std::string> with_plane(std::string_view bytes, const TransferSyntax& syntax) {
  const auto dataset = load_dataset(bytes, syntax);
  DcmItem* shared = groups_of_ours(*dataset);
  if (!shared ||
      (shared->tagExists(DCM_PlaneOrientationSequence) && shared->tagExists(DCM_PixelMeasuresSequence)))
    return {};
  DcmItem *plane = nullptr, *measures = nullptr;
  check_made(shared->findOrCreateSequenceItem(DCM_PlaneOrientationSequence, plane, 0), kSegmentation);
  check_made(plane->putAndInsertString(DCM_ImageOrientationPatient, "1\\0\\0\\0\\1\\0"), kSegmentation);
  check_made(shared->findOrCreateSequenceItem(DCM_PixelMeasuresSequence, measures, 0), kSegmentation);
  return write_dataset(*dataset, syntax);
}

}  // namespace meridian::archive
