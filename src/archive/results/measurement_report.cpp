#include "archive/results/measurement_report.h"

#include <dcmtk/dcmsr/cmr/cid29.h>
#include <dcmtk/dcmsr/cmr/tid1500.h>
#include <dcmtk/dcmsr/dsrdoc.h>
#include <fmt/format.h>

#include "archive/results/source_image.h"
#include "base/error.h"
#include "base/id.h"

namespace meridian::archive {
namespace {

using Certainty =
    CMR_SRNumericMeasurementValueWithUnits<CID7181_AbstractMultiDimensionalImageModelComponentUnits>;

void check(const OFCondition& condition) {
  check_made(condition, "The report");
}

DSRCodedEntryValue entry(const Code& code) {
  return {code.value.c_str(), code.scheme.c_str(), short_text(code.meaning).c_str()};
}

// PS3.16, D, and SNOMED CT.
const Code kCertainty{"111012", "DCM", "Certainty of Finding"}, kPercent{"%", "UCUM", "percent"},
    kComment{"121106", "DCM", "Comment"}, kPresence{"705057003", "SCT", "Presence"},
    kPresent{"52101004", "SCT", "Present"}, kAbsent{"2667000", "SCT", "Absent"};

std::vector<ReportedValue> values_of(const ReportedFinding& finding) {
  std::vector<ReportedValue> values;
  if (finding.probability) values.push_back({kCertainty, *finding.probability * 100, kPercent});
  values.insert(values.end(), finding.values.begin(), finding.values.end());
  return values;
}

// At most the 16 characters of DS.
std::string decimal(double value) {
  return fmt::format("{:.9g}", value);
}

class Composer {
 public:
  explicit Composer(const MeasurementReport& report)
      : report_(report),
        image_(load_header(report.image_file)),
        segmentation_(report.segmentation_file.empty() ? nullptr : load_header(report.segmentation_file)) {}

  std::string compose() {
    open();
    for (std::size_t i = 0; i < report_.findings.size(); ++i) {
      const std::string tracking = fmt::format("{}#{}", first_identity(), i + 1);
      const ReportedFinding& finding = report_.findings[i];
      if (finding.segment > 0 && segmentation_)
        add_with_segment(finding, tracking);
      else
        add(finding, tracking);
    }
    return write();
  }

 private:
  // The same finding keeps its tracking UID when the report is verified.
  const std::string& first_identity() const {
    return report_.verification && !report_.verification->replaces.empty() ? report_.verification->replaces
                                                                           : report_.identity.instance_uid;
  }

  void open() {
    check(content_.createNewMeasurementReport(CMR_CID7021::ImagingMeasurementReport));
    check(content_.setLanguage(CID5000_Languages::English));
    check(content_.getObservationContext().addDeviceObserver(
        report_.algorithm.device_uid.c_str(), report_.algorithm.name.c_str(), "Meridian",
        (report_.algorithm.name + " " + report_.algorithm.version).c_str()));
    check(content_.addProcedureReported(procedure()));
    check(content_.getImageLibrary().createNewImageLibrary());
    check(content_.getImageLibrary().addImageGroup());
    check(content_.getImageLibrary().addImageEntry(*image_, TID1600_ImageLibrary::withAllDescriptors));
  }

  static DSRCodedEntryValue procedure() { return {"363679005", "SCT", "Imaging procedure"}; }

  void add(const ReportedFinding& finding, const std::string& tracking) {
    check(content_.addIndividualMeasurements());
    auto& group = content_.getIndividualMeasurements();
    describe(group, finding, tracking);
  }

  void add_with_segment(const ReportedFinding& finding, const std::string& tracking) {
    check(content_.addVolumetricROIMeasurements());
    auto& group = content_.getVolumetricROIMeasurements();
    describe(group, finding, tracking);
    check(group.setReferencedSegment(*segmentation_, static_cast<Uint16>(finding.segment), OFFalse));
    check(group.setSourceSeriesForSegmentation(text_of(*image_, DCM_SeriesInstanceUID).c_str()));
  }

  template <class Group>
  void describe(Group& group, const ReportedFinding& finding, const std::string& tracking) {
    check(group.setTrackingIdentifier(short_text(finding.code.meaning).c_str()));
    check(group.setTrackingUniqueIdentifier(dicom_uid_of(tracking).c_str()));
    check(group.setFinding(entry(finding.code)));
    for (const ReportedValue& value : values_of(finding)) {
      check(group.addMeasurement(entry(value.what),
                                 Certainty(decimal(value.value).c_str(), entry(value.unit))));
      name_algorithm(group.getMeasurement());
    }
    check(group.addQualitativeEvaluation(entry(kPresence), entry(finding.present ? kPresent : kAbsent)));
    if (!finding.sentence.empty())
      check(group.addQualitativeEvaluation(entry(kComment), OFString(finding.sentence.c_str())));
  }

  void name_algorithm(CMR_TID1419_in_TID1411_in_TID1500& measurement) {
    check(measurement.setAlgorithmIdentification(report_.algorithm.name.c_str(),
                                                 report_.algorithm.version.c_str()));
  }
  // TID 300 knows no algorithm of its own; the observer context names it.
  void name_algorithm(CMR_TID300_in_TID1501_in_TID1500&) {}

  std::string write() {
    DSRDocument document(DSRTypes::DT_Comprehensive3DSR);
    check(document.setTreeFromRootTemplate(content_));
    check(document.getTree().changeDocumentType(DSRTypes::DT_Comprehensive3DSR,
                                                OFFalse));  // the template makes less
    check(document.readPatientData(*image_));
    check(document.readStudyData(*image_));
    check(document.createNewSeriesInStudy(text_of(*image_, DCM_StudyInstanceUID).c_str()));
    check(document.setSpecificCharacterSetType(DSRTypes::CS_UTF8));
    check(document.setManufacturer("Meridian"));
    check(document.setManufacturerModelName(short_text(report_.algorithm.name).c_str()));
    check(document.setSoftwareVersions(report_.algorithm.version.c_str()));
    check(document.setDeviceSerialNumber(report_.algorithm.device_uid.c_str()));
    refer(document);
    mark(document);
    DcmDataset dataset;
    check(document.write(dataset));
    put_identity(dataset, report_.identity);
    return write_part10(dataset);
  }

  void refer(DSRDocument& document) {
    check(document.getCurrentRequestedProcedureEvidence().addItem(*image_));
    if (segmentation_) check(document.getCurrentRequestedProcedureEvidence().addItem(*segmentation_));
    if (!report_.verification || report_.verification->replaces.empty()) return;
    check(document.getPredecessorDocuments().addItem(
        text_of(*image_, DCM_StudyInstanceUID).c_str(), report_.identity.series_uid.c_str(),
        UID_Comprehensive3DSRStorage, report_.verification->replaces.c_str()));
  }

  void mark(DSRDocument& document) {
    if (!report_.verification) {
      check(document.setPreliminaryFlag(DSRTypes::PF_Preliminary));
      return;
    }
    check(document.setPreliminaryFlag(DSRTypes::PF_Final));
    check(document.completeDocument());
    // Without its "+0000", which DCMTK takes for none; put_identity() says that times are in UTC.
    const std::string when = format_dicom_datetime(report_.verification->at).substr(0, 21);
    const std::string& organization = report_.verification->organization;
    check(document.verifyDocument(report_.verification->person.c_str(),
                                  short_text(organization.empty() ? "Meridian" : organization).c_str(),
                                  when.c_str()));
  }

  const MeasurementReport& report_;
  const std::unique_ptr<DcmDataset> image_, segmentation_;
  TID1500_MeasurementReport content_;
};

}  // namespace

std::string compose_measurement_report(const MeasurementReport& report) {
  if (report.findings.empty())
    throw Error(ErrorCode::invalid_value, "A measurement report has at least one finding");
  return Composer(report).compose();
}

}  // namespace meridian::archive
