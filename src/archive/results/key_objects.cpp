#include "archive/results/key_objects.h"

#include <dcmtk/dcmsr/dsrdoc.h>

#include "archive/results/source_image.h"
#include "base/error.h"

namespace meridian::archive {
namespace {

void check(const OFCondition& condition) {
  check_made(condition, "The key object selection");
}

void begin(DSRDocumentTree& tree, const Algorithm& algorithm, std::string_view description) {
  const auto add = [&](DSRTypes::E_RelationshipType relation, DSRTypes::E_ValueType type,
                       DSRTypes::E_AddMode mode, const DSRCodedEntryValue& name) {
    if (!tree.addContentItem(relation, type, mode))
      throw Error(ErrorCode::internal, "The key object selection cannot be made");
    check(tree.getCurrentContentItem().setConceptName(name));
  };
  add(DSRTypes::RT_isRoot, DSRTypes::VT_Container, DSRTypes::AM_afterCurrent,
      {"113000", "DCM", "Of Interest"});
  add(DSRTypes::RT_hasObsContext, DSRTypes::VT_Code, DSRTypes::AM_belowCurrent,
      {"121005", "DCM", "Observer Type"});
  check(tree.getCurrentContentItem().setCodeValue(DSRCodedEntryValue("121007", "DCM", "Device")));
  add(DSRTypes::RT_hasObsContext, DSRTypes::VT_UIDRef, DSRTypes::AM_afterCurrent,
      {"121012", "DCM", "Device Observer UID"});
  check(tree.getCurrentContentItem().setStringValue(algorithm.device_uid.c_str()));
  add(DSRTypes::RT_hasObsContext, DSRTypes::VT_Text, DSRTypes::AM_afterCurrent,
      {"121013", "DCM", "Device Observer Name"});
  check(tree.getCurrentContentItem().setStringValue(algorithm.name.c_str()));
  if (description.empty()) return;
  add(DSRTypes::RT_contains, DSRTypes::VT_Text, DSRTypes::AM_afterCurrent,
      {"113012", "DCM", "Key Object Description"});
  check(tree.getCurrentContentItem().setStringValue(OFString(description.data(), description.size())));
}

void add_image(DSRDocument& document, DcmDataset& image) {
  DSRDocumentTree& tree = document.getTree();
  if (!tree.addContentItem(DSRTypes::RT_contains, DSRTypes::VT_Image, DSRTypes::AM_afterCurrent))
    throw Error(ErrorCode::internal, "The key object selection cannot be made");
  check(tree.getCurrentContentItem().setImageReference(DSRImageReferenceValue(
      text_of(image, DCM_SOPClassUID).c_str(), text_of(image, DCM_SOPInstanceUID).c_str())));
  check(document.getCurrentRequestedProcedureEvidence().addItem(image));
}

}  // namespace

std::string compose_key_objects(std::span<const std::string_view> files, std::string_view description,
                                const Algorithm& algorithm, const ResultIdentity& identity) {
  if (files.empty()) throw Error(ErrorCode::invalid_value, "A key object selection names at least one image");
  DSRDocument document(DSRTypes::DT_KeyObjectSelectionDocument);
  begin(document.getTree(), algorithm, description);
  const std::unique_ptr<DcmDataset> first = load_header(files.front());
  check(document.readPatientData(*first));
  check(document.readStudyData(*first));
  check(document.createNewSeriesInStudy(text_of(*first, DCM_StudyInstanceUID).c_str()));
  check(document.setSpecificCharacterSetType(DSRTypes::CS_UTF8));
  check(document.setManufacturer("Meridian"));
  check(document.setManufacturerModelName(short_text(algorithm.name).c_str()));
  add_image(document, *first);
  for (const std::string_view file : files.subspan(1)) add_image(document, *load_header(file));
  DcmDataset dataset;
  check(document.write(dataset));
  put_identity(dataset, identity);
  return write_part10(dataset);
}

}  // namespace meridian::archive
