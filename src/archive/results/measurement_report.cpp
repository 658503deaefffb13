#include "archive/results/measurement_report.h"

#include <dcmtk/dcmsr/cmr/cid29.h>
#include <dcmtk/dcmsr/cmr/tid1500.h>
#include <fmt/format.h>

#include "archive/results/report_document.h"
#include "base/error.h"
#include "base/id.h"

namespace meridian::archive {
namespace {

using Certainty =
    CMR_SRNumericMeasurementValueWithUnits<CID7181_AbstractMultiDimensionalImageModelComponentUnits>;

// PS3.16, D, and SNOMED CT.
const Code kComment{"121106", "DCM", "Comment"}, kPresence{"705057003", "SCT", "Presence"},
    kPresent{"52101004", "SCT", "Present"}, kAbsent{"2667000", "SCT", "Absent"};

std::vector<ReportedValue> values_of(const ReportedFinding& finding) {
  std::vector<ReportedValue> values;
  if (finding.probability) values.push_back({kCertainty, *finding.probability * 100, kPercent});
  values.insert(values.end(), finding.values.begin(), finding.values.end());
  return values;
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
    check_report(content_.createNewMeasurementReport(CMR_CID7021::ImagingMeasurementReport));
    check_report(content_.setLanguage(CID5000_Languages::English));
    check_report(content_.getObservationContext().addDeviceObserver(
        report_.algorithm.device_uid.c_str(), report_.algorithm.name.c_str(), "Meridian",
        (report_.algorithm.name + " " + report_.algorithm.version).c_str()));
    check_report(content_.addProcedureReported(procedure()));
    check_report(content_.getImageLibrary().createNewImageLibrary());
    check_report(content_.getImageLibrary().addImageGroup());
    check_report(content_.getImageLibrary().addImageEntry(*image_, TID1600_ImageLibrary::withAllDescriptors));
  }

  static DSRCodedEntryValue procedure() { return {"363679005", "SCT", "Imaging procedure"}; }

  void add(const ReportedFinding& finding, const std::string& tracking) {
    check_report(content_.addIndividualMeasurements());
    auto& group = content_.getIndividualMeasurements();
    describe(group, finding, tracking);
  }

  void add_with_segment(const ReportedFinding& finding, const std::string& tracking) {
    check_report(content_.addVolumetricROIMeasurements());
    auto& group = content_.getVolumetricROIMeasurements();
    describe(group, finding, tracking);
    check_report(group.setReferencedSegment(*segmentation_, static_cast<Uint16>(finding.segment), OFFalse));
    check_report(group.setSourceSeriesForSegmentation(text_of(*image_, DCM_SeriesInstanceUID).c_str()));
  }

  template <class Group>
  void describe(Group& group, const ReportedFinding& finding, const std::string& tracking) {
    check_report(group.setTrackingIdentifier(short_text(finding.code.meaning).c_str()));
    check_report(group.setTrackingUniqueIdentifier(dicom_uid_of(tracking).c_str()));
    check_report(group.setFinding(entry(finding.code)));
    for (const ReportedValue& value : values_of(finding)) {
      check_report(group.addMeasurement(entry(value.what),
                                        Certainty(decimal(value.value).c_str(), entry(value.unit))));
      name_algorithm(group.getMeasurement());
    }
    check_report(
        group.addQualitativeEvaluation(entry(kPresence), entry(finding.present ? kPresent : kAbsent)));
    if (!finding.sentence.empty())
      check_report(group.addQualitativeEvaluation(entry(kComment), OFString(finding.sentence.c_str())));
  }

  void name_algorithm(CMR_TID1419_in_TID1411_in_TID1500& measurement) {
    check_report(measurement.setAlgorithmIdentification(report_.algorithm.name.c_str(),
                                                        report_.algorithm.version.c_str()));
  }
  // TID 300 knows no algorithm of its own; the observer context names it.
  void name_algorithm(CMR_TID300_in_TID1501_in_TID1500&) {}

  std::string write() {
    DSRDocument document(DSRTypes::DT_Comprehensive3DSR);
    check_report(document.setTreeFromRootTemplate(content_));
    check_report(document.getTree().changeDocumentType(DSRTypes::DT_Comprehensive3DSR,
                                                       OFFalse));  // the template makes less
    std::vector<DcmDataset*> evidence{image_.get()};
    if (segmentation_) evidence.push_back(segmentation_.get());
    return write_report(document, evidence, report_.algorithm, report_.identity, report_.verification);
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
