#include "archive/deidentify/deidentify.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "archive/dataset.h"
#include "archive/deidentify/blank.h"
#include "archive/parse.h"
#include "archive/part10.h"
#include "base/error.h"

namespace meridian::archive {
namespace {

constexpr std::uint32_t kPatientId = 0x00100020, kPatientName = 0x00100010, kPatientAge = 0x00101010;
constexpr const char* kDummyText = "REMOVED";  // valid in every VR of text, CS included
constexpr const char* kDummyDate = "19000101";
constexpr int kOldest = 89;  // years: the few who are older are told as one more

void check(const OFCondition& condition) {
  if (condition.bad())
    throw Error(ErrorCode::internal, std::string("The object cannot be de-identified: ") + condition.text());
}

std::string value_of(DcmItem& item, const DcmTagKey& tag) {
  OFString value;
  item.findAndGetOFString(tag, value);
  return {value.data(), value.size()};
}

std::uint32_t number_of(DcmElement& element) {
  return std::uint32_t(element.getGTag()) << 16 | element.getETag();
}

bool is_date(DcmEVR vr) {
  return vr == EVR_DA || vr == EVR_DT;
}

// One object on its way through the profile.
class Pass {
 public:
  Pass(const Profile& profile, const Pseudonyms& pseudonyms, DcmDataset& dataset)
      : profile_(profile),
        pseudonyms_(pseudonyms),
        dataset_(dataset),
        patient_(
            pseudonyms.patient(value_of(dataset, DCM_PatientID), value_of(dataset, DCM_IssuerOfPatientID))),
        days_(pseudonyms.days(value_of(dataset, DCM_PatientID), value_of(dataset, DCM_IssuerOfPatientID))) {}

  void run() {
    clean(dataset_);
    describe();
  }

 private:
  void clean(DcmItem& item) {
    for (unsigned long i = item.card(); i-- > 0;) {
      DcmElement* element = item.getElement(i);
      if (is_unknown(*element) || !apply(*element)) delete item.remove(i);
    }
  }

  // What no dictionary names cannot be judged.
  static bool is_unknown(DcmElement& element) {
    const DcmTag tag(element.getTag().getXTag());
    return tag.getVR().getEVR() == EVR_UN || tag.getVR().getEVR() == EVR_UNKNOWN ||
           element.ident() == EVR_UNKNOWN;
  }

  // False: the element goes.
  bool apply(DcmElement& element) {
    const Action action = profile_.action(number_of(element));
    if (element.ident() == EVR_SQ)
      return apply_to_sequence(static_cast<DcmSequenceOfItems&>(element), action);
    switch (action) {
      case Action::remove:
        return false;
      case Action::empty:
        check(element.clear());
        return set_patient(element);
      case Action::dummy:
        return set_dummy(element);
      case Action::replace_uid:
      case Action::replace_uids:
        return replace_uids(element);
      case Action::clean:
        return move_dates(element);
      case Action::keep:
        return keep(element);
    }
    return false;
  }

  bool apply_to_sequence(DcmSequenceOfItems& sequence, Action action) {
    if (action == Action::remove) return false;
    if (action == Action::empty || action == Action::dummy) {
      check(sequence.clear());
      return true;
    }
    for (unsigned long i = 0; i < sequence.card(); ++i) clean(*sequence.getItem(i));
    return true;
  }

  bool set_patient(DcmElement& element) {
    const std::uint32_t tag = number_of(element);
    if (tag == kPatientId || tag == kPatientName) check(element.putString(patient_.c_str()));
    return true;
  }

  bool set_dummy(DcmElement& element) {
    if (number_of(element) == kPatientId || number_of(element) == kPatientName) return set_patient(element);
    const DcmEVR vr = element.getVR();
    check(element.clear());
    if (is_date(vr)) check(element.putString(kDummyDate));
    if (vr == EVR_TM) check(element.putString("000000"));
    if (vr == EVR_AS) check(element.putString("000Y"));
    if (vr == EVR_DS || vr == EVR_IS) check(element.putString("0"));
    if (vr == EVR_UI) check(element.putString(pseudonyms_.uid("").c_str()));
    static constexpr std::array kTexts{EVR_AE, EVR_CS, EVR_LO, EVR_LT, EVR_PN,
                                       EVR_SH, EVR_ST, EVR_UC, EVR_UR, EVR_UT};
    if (std::ranges::find(kTexts, vr) != kTexts.end()) check(element.putString(kDummyText));
    return true;  // binary values stay empty
  }

  bool replace_uids(DcmElement& element) {
    std::string replaced;
    for (unsigned long i = 0; i < element.getNumberOfValues(); ++i) {
      OFString value;
      check(element.getOFString(value, i));
      replaced += (i ? "\\" : "") + pseudonyms_.uid({value.data(), value.size()});
    }
    check(element.putString(replaced.c_str()));
    return true;
  }

  // Dates are moved, times stay; whatever else would have to be cleaned by a person goes.
  bool move_dates(DcmElement& element) {
    if (element.getVR() == EVR_TM) return true;
    if (!is_date(element.getVR())) return false;
    std::string moved;
    for (unsigned long i = 0; i < element.getNumberOfValues(); ++i) {
      OFString value;
      check(element.getOFString(value, i));
      moved += (i ? "\\" : "") + moved_date({value.data(), value.size()}, days_);
    }
    check(element.putString(moved.c_str()));
    return true;
  }

  bool keep(DcmElement& element) {
    if (number_of(element) != kPatientAge) return true;
    OFString age;
    check(element.getOFString(age, 0));
    int years = 0;
    const bool in_years = age.length() == 4 && age[3] == 'Y';
    std::from_chars(age.data(), age.data() + age.length(), years);
    if (in_years && years > kOldest) check(element.putString("090Y"));
    return true;
  }

  void describe() {
    const ProfileOptions& options = profile_.options();
    const auto put = [&](const DcmTagKey& tag, const char* value) {
      check(dataset_.putAndInsertString(tag, value));
    };
    put(DCM_PatientIdentityRemoved, "YES");
    put(DCM_DeidentificationMethod, "Meridian, DICOM PS3.15 E");
    put(DCM_LongitudinalTemporalInformationModified, options.shift_dates ? "MODIFIED" : "REMOVED");
    delete dataset_.remove(DCM_DeidentificationMethodCodeSequence);
    add_method("113100", "Basic Application Confidentiality Profile");
    if (options.shift_dates)
      add_method("113107", "Retain Longitudinal Temporal Information Modified Dates Option");
    if (options.patient_characteristics) add_method("113108", "Retain Patient Characteristics Option");
    if (options.device) add_method("113109", "Retain Device Identity Option");
    if (options.institution) add_method("113112", "Retain Institution Identity Option");
    if (value_of(dataset_, DCM_BurnedInAnnotation) == "NO") add_method("113101", "Clean Pixel Data Option");
  }

  void add_method(const char* code, const char* meaning) {
    DcmItem* item = nullptr;
    check(dataset_.findOrCreateSequenceItem(DCM_DeidentificationMethodCodeSequence, item, -2));
    check(item->putAndInsertString(DCM_CodeValue, code));
    check(item->putAndInsertString(DCM_CodingSchemeDesignator, "DCM"));
    check(item->putAndInsertString(DCM_CodeMeaning, meaning));
  }

  const Profile& profile_;
  const Pseudonyms& pseudonyms_;
  DcmDataset& dataset_;
  const std::string patient_;
  const int days_;
};

// Kinds of images into which devices often write names (PS3.3: ultrasound, secondary capture, endoscopy,
// visible light, documents).
bool often_has_text(const std::string& modality) {
  static constexpr std::array<std::string_view, 10> kModalities{"US",   "SC",  "OT", "ES",  "XC",
                                                                "IVUS", "DOC", "GM", "ECG", "HC"};
  return std::ranges::find(kModalities, modality) != kModalities.end();
}

[[noreturn]] void refuse(const std::string& why, const std::string& advice) {
  throw Error(ErrorCode::refused, why, {}, advice);
}

// Whether areas are to be blanked.
bool needs_blanking(DcmDataset& dataset, const DeidentifyOptions& options, bool has_pixels) {
  if (dataset.tagExists(DCM_EncapsulatedDocument))
    refuse("A document within DICOM cannot be made anonymous here", "Export it by hand");
  if (value_of(dataset, DCM_RecognizableVisualFeatures) == "YES")
    refuse("The image is marked as showing who the patient is", "Leave it out");
  if (!has_pixels) return false;
  const std::string burnt_in = value_of(dataset, DCM_BurnedInAnnotation);
  const bool suspicious =
      burnt_in.empty() && often_has_text(value_of(dataset, DCM_Modality)) && !options.trust_unflagged;
  if (burnt_in != "YES" && !suspicious) return false;
  if (!options.burnt_in.empty()) return true;
  refuse(suspicious ? "The image does not say whether text is burnt into it, as its kind often has"
                    : "Text is burnt into the image",
         "Name the areas to blank with --blank");
}

}  // namespace

Deidentifier::Deidentifier(const DeidentifyOptions& options, Pseudonyms pseudonyms)
    : options_(options), profile_(options.profile), pseudonyms_(std::move(pseudonyms)) {}

Deidentified Deidentifier::deidentify(const std::string& file) const {
  const Parsed parsed = parse_instance(file);
  std::string native = inflate_part10(parsed.file);
  FileMeta meta = read_file_meta(native);
  std::unique_ptr<DcmDataset> dataset =
      load_dataset(std::string_view(native).substr(meta.dataset_offset), *meta.syntax);
  if (needs_blanking(*dataset, options_, parsed.pixels.tag != 0)) {
    native = blank(native, options_.burnt_in);
    meta = read_file_meta(native);
    dataset = load_dataset(std::string_view(native).substr(meta.dataset_offset), *meta.syntax);
    check(dataset->putAndInsertString(DCM_BurnedInAnnotation, "NO"));
  }
  Pass(profile_, pseudonyms_, *dataset).run();
  return {.file = write_part10(*dataset, *meta.syntax),
          .study = value_of(*dataset, DCM_StudyInstanceUID),
          .series = value_of(*dataset, DCM_SeriesInstanceUID),
          .instance = value_of(*dataset, DCM_SOPInstanceUID)};
}

}  // namespace meridian::archive
