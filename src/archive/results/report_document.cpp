#include "archive/results/report_document.h"

#include <fmt/format.h>

namespace meridian::archive {
namespace {

void follow(DSRDocument& document, DcmDataset& source, const ResultIdentity& identity,
            const std::string& replaced) {
  check_report(document.getPredecessorDocuments().addItem(text_of(source, DCM_StudyInstanceUID).c_str(),
                                                          identity.series_uid.c_str(),
                                                          UID_Comprehensive3DSRStorage, replaced.c_str()));
}

void verify(DSRDocument& document, const Verification& verification) {
  check_report(document.setPreliminaryFlag(DSRTypes::PF_Final));
  check_report(document.completeDocument());
  // Without its "+0000", which DCMTK takes for none; put_identity() says that times are in UTC.
  const std::string when = format_dicom_datetime(verification.at).substr(0, 21);
  const std::string& organization = verification.organization;
  check_report(document.verifyDocument(verification.person.c_str(),
                                       short_text(organization.empty() ? "Meridian" : organization).c_str(),
                                       when.c_str()));
}

}  // namespace

void check_report(const OFCondition& condition) {
  check_made(condition, "The report");
}

DSRCodedEntryValue entry(const Code& code) {
  return {code.value.c_str(), code.scheme.c_str(), short_text(code.meaning).c_str()};
}

std::string decimal(double value) {
  return fmt::format("{:.9g}", value);
}

std::string write_report(DSRDocument& document, const std::vector<DcmDataset*>& evidence,
                         const Algorithm& algorithm, const ResultIdentity& identity,
                         const std::optional<Verification>& verification) {
  DcmDataset& source = *evidence.front();
  check_report(document.readPatientData(source));
  check_report(document.readStudyData(source));
  check_report(document.createNewSeriesInStudy(text_of(source, DCM_StudyInstanceUID).c_str()));
  check_report(document.setSpecificCharacterSetType(DSRTypes::CS_UTF8));
  check_report(document.setManufacturer("Meridian"));
  check_report(document.setManufacturerModelName(short_text(algorithm.name).c_str()));
  check_report(document.setSoftwareVersions(algorithm.version.c_str()));
  check_report(document.setDeviceSerialNumber(algorithm.device_uid.c_str()));
  for (DcmDataset* rests_on : evidence)
    check_report(document.getCurrentRequestedProcedureEvidence().addItem(*rests_on));
  if (verification) {
    if (!verification->replaces.empty()) follow(document, source, identity, verification->replaces);
    verify(document, *verification);
  } else {
    check_report(document.setPreliminaryFlag(DSRTypes::PF_Preliminary));
  }
  DcmDataset dataset;
  check_report(document.write(dataset));
  put_identity(dataset, identity);
  return write_part10(dataset);
}

}  // namespace meridian::archive
