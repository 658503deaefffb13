#include "archive/results/ecg_report.h"

#include <algorithm>
#include <array>

#include "archive/date_time.h"
#include "archive/results/report_document.h"
#include "base/error.h"

namespace meridian::archive {
namespace {

// PS3.16, TID 3700 and those that it includes.
const Code kReport{"28010-7", "LN", "ECG Report"},
    kLanguage{"121049", "DCM", "Language of Content Item and Descendants"},
    kEnglish{"en", "RFC5646", "English"}, kProcedureReported{"121058", "DCM", "Procedure reported"},
    kElectrocardiography{"29303009", "SCT", "Electrocardiographic procedure"},
    kObserverType{"121005", "DCM", "Observer Type"}, kDevice{"121007", "DCM", "Device"},
    kDeviceUid{"121012", "DCM", "Device Observer UID"}, kDeviceName{"121013", "DCM", "Device Observer Name"},
    kRecording{"55111-9", "LN", "Current Procedure Descriptions"},
    kRecordedAt{"122146", "DCM", "Procedure DateTime"}, kSource{"121112", "DCM", "Source of Measurement"},
    kAlgorithmName{"111001", "DCM", "Algorithm Name"},
    kAlgorithmVersion{"111003", "DCM", "Algorithm Version"},
    kQuantitative{"122144", "DCM", "Quantitative Analysis"},
    kGlobal{"122158", "DCM", "ECG Global Measurements"},
    kQualitative{"122145", "DCM", "Qualitative Analysis"}, kFinding{"271921002", "SCT", "ECG Finding"},
    kSentence{"121050", "DCM", "Equivalent Meaning of Value"};

constexpr std::size_t kDay = 8, kSeconds = 14;  // characters of DT up to them

const Code kMilliseconds{"ms", "UCUM", "millisecond"};

// Concept names of TID 3713 (ISO/IEEE 11073-10102) and CID 3229, by the LOINC codes of the same quantities.
struct Global {
  std::string_view loinc, measured_in;  // what is measured in another unit is left with its finding
  Code name, unit;
};
const std::array<Global, 6> kGlobals{
    {{"8867-4", "/min", {"2:16016", "MDC", "Ventricular Heart Rate"}, {"{H.B.}/min", "UCUM", "BPM"}},
     {"8637-1", "ms", {"2:16168", "MDC", "RR interval global"}, kMilliseconds},
     {"8625-6", "ms", {"2:15872", "MDC", "PR interval global"}, kMilliseconds},
     {"8633-0", "ms", {"2:16156", "MDC", "QRS duration global"}, kMilliseconds},
     {"8634-8", "ms", {"2:16160", "MDC", "QT interval global"}, kMilliseconds},
     {"8632-2", "deg", {"2:16132", "MDC", "QRS axis"}, {"deg", "UCUM", "degree"}}}};

const Global* global_of(const ReportedValue& value) {
  const auto found = std::ranges::find(kGlobals, value.what.value, &Global::loinc);
  const bool known = value.what.scheme == "LN" && found != kGlobals.end();
  return known && value.unit.value == found->measured_in ? &*found : nullptr;
}

class Composer {
 public:
  explicit Composer(const EcgReport& report)
      : report_(report),
        waveform_(load_header(report.waveform_file)),
        document_(DSRTypes::DT_Comprehensive3DSR),
        tree_(document_.getTree()) {}

  std::string compose() {
    check_report(document_.createNewDocument(DSRTypes::DT_Comprehensive3DSR));
    add(DSRTypes::RT_isRoot, DSRTypes::VT_Container, kReport);
    check_report(item().setTemplateIdentification("3700", "DCMR"));
    below([&] {
      add_context();
      add_recording();
      add_measurements();
      add_findings();
    });
    return write_report(document_, {waveform_.get()}, report_.algorithm, report_.identity,
                        report_.verification);
  }

 private:
  DSRContentItem& item() { return tree_.getCurrentContentItem(); }

  // Behind the last of its siblings, or as the first below its parent.
  void add(DSRTypes::E_RelationshipType relation, DSRTypes::E_ValueType type, const Code& name) {
    const auto where = descends_ ? DSRTypes::AM_belowCurrent : DSRTypes::AM_afterCurrent;
    descends_ = false;
    if (tree_.addContentItem(relation, type, where) == 0)
      throw Error(ErrorCode::invalid_value, "The report cannot be made: an item does not fit there",
                  name.meaning);
    check_report(item().setConceptName(entry(name)));
  }

  // What the function adds is below the item that was added last.
  template <class Function>
  void below(Function&& function) {
    const std::size_t parent = tree_.getNodeID();
    descends_ = true;
    function();
    descends_ = false;
    tree_.gotoNode(parent);
  }

  void add_text(DSRTypes::E_RelationshipType relation, const Code& name, const std::string& text) {
    add(relation, DSRTypes::VT_Text, name);
    check_report(item().setStringValue(text.c_str()));
  }
  void add_code(DSRTypes::E_RelationshipType relation, const Code& name, const Code& value) {
    add(relation, DSRTypes::VT_Code, name);
    check_report(item().setCodeValue(entry(value)));
  }
  void add_number(DSRTypes::E_RelationshipType relation, const Code& name, double value, const Code& unit) {
    add(relation, DSRTypes::VT_Num, name);
    check_report(item().setNumericValue(DSRNumericMeasurementValue(decimal(value).c_str(), entry(unit))));
  }

  void add_context() {
    add_code(DSRTypes::RT_hasConceptMod, kLanguage, kEnglish);
    add_code(DSRTypes::RT_hasConceptMod, kProcedureReported, kElectrocardiography);
    add_code(DSRTypes::RT_hasObsContext, kObserverType, kDevice);
    add(DSRTypes::RT_hasObsContext, DSRTypes::VT_UIDRef, kDeviceUid);
    check_report(item().setStringValue(report_.algorithm.device_uid.c_str()));
    add_text(DSRTypes::RT_hasObsContext, kDeviceName, report_.algorithm.name);
  }

  void add_recording() {
    add(DSRTypes::RT_contains, DSRTypes::VT_Container, kRecording);
    check_report(item().setTemplateIdentification("3708", "DCMR"));
    below([&] {
      if (const std::string at = recorded_at(); !at.empty()) {
        add(DSRTypes::RT_contains, DSRTypes::VT_DateTime, kRecordedAt);
        check_report(item().setStringValue(at.c_str()));
      }
      add(DSRTypes::RT_contains, DSRTypes::VT_Waveform, kSource);
      check_report(item().setWaveformReference(DSRWaveformReferenceValue(
          text_of(*waveform_, DCM_SOPClassUID).c_str(), text_of(*waveform_, DCM_SOPInstanceUID).c_str())));
      add_text(DSRTypes::RT_contains, kAlgorithmName, report_.algorithm.name);
      add_text(DSRTypes::RT_contains, kAlgorithmVersion, report_.algorithm.version);
    });
  }

  // In UTC, as put_identity() says of all times, and without its "+0000", which DCMTK takes for none. Empty
  // when the recording does not say it to the second.
  std::string recorded_at() {
    const std::string text = text_of(*waveform_, DCM_AcquisitionDateTime);
    const auto zone = std::min(text.find_first_of("+-"), text.size());
    if (zone < kSeconds) return {};
    const std::string offset =
        zone < text.size() ? text.substr(zone) : text_of(*waveform_, DCM_TimezoneOffsetFromUTC);
    const std::string when = fhir_datetime(text.substr(0, kDay), text.substr(kDay, zone - kDay), offset);
    return when.size() <= 10 ? std::string() : format_dicom_datetime(parse_instant(when)).substr(0, 21);
  }

  void add_measurements() {
    std::vector<ReportedValue> values;
    for (const Global& global : kGlobals)
      if (const ReportedValue* value = first_of(global))
        values.push_back({global.name, value->value, global.unit});
    if (values.empty()) return;
    add(DSRTypes::RT_contains, DSRTypes::VT_Container, kQuantitative);
    below([&] {
      add(DSRTypes::RT_contains, DSRTypes::VT_Container, kGlobal);
      check_report(item().setTemplateIdentification("3713", "DCMR"));
      below([&] {
        for (const ReportedValue& value : values)
          add_number(DSRTypes::RT_contains, value.what, value.value, value.unit);
      });
    });
  }

  const ReportedValue* first_of(const Global& global) const {
    for (const ReportedFinding& finding : report_.findings)
      for (const ReportedValue& value : finding.values)
        if (global_of(value) == &global) return &value;
    return nullptr;
  }

  bool is_among_globals(const ReportedValue& value) const {
    const Global* global = global_of(value);
    return global && first_of(*global) == &value;
  }

  void add_findings() {
    add(DSRTypes::RT_contains, DSRTypes::VT_Container, kQualitative);
    check_report(item().setTemplateIdentification("3717", "DCMR"));
    below([&] {
      for (const ReportedFinding& finding : report_.findings) add_finding(finding);
    });
  }

  void add_finding(const ReportedFinding& finding) {
    if (!finding.present) return add_text(DSRTypes::RT_contains, kFinding, finding.sentence);
    add_code(DSRTypes::RT_contains, kFinding, finding.code);
    below([&] {
      if (!finding.sentence.empty()) add_text(DSRTypes::RT_hasConceptMod, kSentence, finding.sentence);
      if (finding.probability)
        add_number(DSRTypes::RT_hasProperties, kCertainty, *finding.probability * 100, kPercent);
      for (const ReportedValue& value : finding.values)
        if (!is_among_globals(value))
          add_number(DSRTypes::RT_inferredFrom, value.what, value.value, value.unit);
    });
  }

  const EcgReport& report_;
  const std::unique_ptr<DcmDataset> waveform_;
  DSRDocument document_;
  DSRDocumentTree& tree_;
  bool descends_ = false;
};

}  // namespace

std::string compose_ecg_report(const EcgReport& report) {
  if (report.findings.empty())
    throw Error(ErrorCode::invalid_value, "A report of an ECG has at least one finding");
  return Composer(report).compose();
}

}  // namespace meridian::archive
