// Objects for research: nothing of the original's identity is left, and what belongs together still does.
#include "archive/deidentify/deidentify.h"

#include <gmock/gmock.h>

#include <cstdlib>

#include "archive/archive_fixture.h"
#include "archive/bytes.h"
#include "archive/dataset.h"
#include "archive/dciodvfy.h"
#include "archive/part10.h"
#include "base/encoding.h"
#include "base/file.h"

namespace meridian::archive {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const std::string kKey(32, 'k');

// A film with an identity in many places: nested, private, in an overlay, and in attributes of many kinds.
class DeidentifyTest : public ArchiveTest {
 protected:
  DeidentifyTest() : film_(film_facts()) {
    film_.institution = "Liushan Clinic";
    film_.study_description = "Chest of Wang";
  }

  template <class Change>
  std::string film(Change&& change) const {
    const std::string file = compose_film(ramp(64, 48), film_);
    const FileMeta meta = read_file_meta(file);
    const auto dataset = load_dataset(std::string_view(file).substr(meta.dataset_offset), *meta.syntax);
    change(*dataset);
    return write_part10(*dataset);
  }

  // Every value that must not be left.
  std::string identified() {
    return film([&](DcmDataset& dataset) {
      const auto put = [&](DcmItem& item, const DcmTagKey& tag, const std::string& value) {
        ASSERT_TRUE(item.putAndInsertString(tag, value.c_str()).good());
        secrets_.push_back(value);
      };
      put(dataset, DCM_PatientID, "SECRET-ID");
      put(dataset, DCM_PatientName, "Secretname^Wang=王^秘密");
      put(dataset, DCM_RETIRED_OtherPatientIDs, "SECRET-ID-3");
      put(dataset, DCM_PatientBirthDate, "19610203");
      put(dataset, DCM_PatientAddress, "Secret street 7");
      put(dataset, DCM_PatientComments, "secret comment");
      put(dataset, DCM_AccessionNumber, "SECRETACC");
      put(dataset, DCM_ReferringPhysicianName, "Secretdoc^Li");
      put(dataset, DCM_OperatorsName, "Secretop^Zhao");
      put(dataset, DCM_InstitutionName, "Secret Clinic");
      put(dataset, DCM_StationName, "SECRETSTATION");
      put(dataset, DCM_DeviceSerialNumber, "SECRETSERIAL");
      put(dataset, DCM_StudyDescription, "Secretname, chest");
      put(dataset, DCM_SeriesDescription, "Series of Secretname");
      put(dataset, DCM_ImageComments, "Secretname was here");
      put(dataset, DCM_RequestedProcedureDescription, "Chest of Secretname");
      put(dataset, DCM_PatientAge, "065Y");
      put(dataset, DcmTagKey(0x6000, 0x4000), "overlay comment");
      DcmItem *item = nullptr, *nested = nullptr;
      ASSERT_TRUE(dataset.findOrCreateSequenceItem(DCM_RequestAttributesSequence, item, 0).good());
      put(*item, DCM_ScheduledProcedureStepDescription, "nested secret");
      ASSERT_TRUE(dataset.findOrCreateSequenceItem(DCM_SourceImageSequence, nested, 0).good());
      put(*nested, DCM_ReferencedSOPInstanceUID, "1.2.3.4.5555");
      ASSERT_TRUE(nested->putAndInsertString(DCM_ReferencedSOPClassUID, UID_CTImageStorage).good());
      put(*nested, DCM_PatientID, "SECRET-ID-2");
      dataset.putAndInsertString(DcmTag(0x0009, 0x0010, EVR_LO), "SECRET PRIVATE CREATOR");
      dataset.putAndInsertString(DcmTag(0x0009, 0x1001, EVR_LO), "private secret");
      secrets_.insert(secrets_.end(), {"SECRET PRIVATE CREATOR", "private secret", film_.study_uid,
                                       film_.series_uid, film_.instance_uid, "20261124"});
    });
  }

  static Deidentified deidentified(const std::string& file, const DeidentifyOptions& options = {}) {
    return Deidentifier(options, Pseudonyms(kKey)).deidentify(file);
  }
  Json metadata_of(const Deidentified& made) {
    store(made.file);
    return archive_->metadata(made.instance, "");
  }
  static std::string value(const Json& metadata, const char* tag) {
    const Json& values = metadata.get(std::string(tag) + ".Value");
    return values.is_array() && !values.empty() ? values.at(0).dump() : "";
  }

  FilmFacts film_;
  std::vector<std::string> secrets_;
};

TEST_F(DeidentifyTest, LeavesNoOriginalValue) {
  const std::string file = identified();
  const Deidentified made = deidentified(file);
  for (const std::string& secret : secrets_) {
    if (secret.empty()) continue;
    EXPECT_NE(file.find(secret), std::string::npos) << secret;
    EXPECT_EQ(made.file.find(secret), std::string::npos) << secret;
  }
  const Json metadata = metadata_of(made);
  EXPECT_EQ(value(metadata, "00120062"), R"("YES")");
  EXPECT_EQ(value(metadata, "00280303"), R"("REMOVED")");
  EXPECT_THAT(metadata.get("00120064").dump(), HasSubstr("113100"));
  EXPECT_EQ(value(metadata, "00080016"), R"("1.2.840.10008.5.1.4.1.1.1.1")");
  EXPECT_EQ(archive_->frame(made.instance, 1, true).bytes.size(), std::size_t(64 * 48 * 2));
}

TEST_F(DeidentifyTest, KeepsAllOptionsFromTellingWho) {
  const std::string file = identified();
  DeidentifyOptions options;
  options.profile = {
      .shift_dates = true, .patient_characteristics = true, .device = true, .institution = true};
  const Deidentified made = deidentified(file, options);
  for (const char* secret :
       {"SECRET-ID", "Secretname", "Secretdoc", "Secretop", "19610203", "20261124", "private"})
    EXPECT_EQ(made.file.find(secret), std::string::npos) << secret;
  const Json metadata = metadata_of(made);
  EXPECT_EQ(value(metadata, "00101010"), R"("065Y")");
  EXPECT_EQ(value(metadata, "00100040"), R"("F")");
  EXPECT_EQ(value(metadata, "00181000"), R"("SECRETSERIAL")");
  EXPECT_EQ(value(metadata, "00080080"), R"("Secret Clinic")");
  EXPECT_EQ(value(metadata, "00280303"), R"("MODIFIED")");
}

TEST_F(DeidentifyTest, MapsConsistentlyByItsKey) {
  const std::string first = compose_film(ramp(8, 8), film_);
  film_.instance_uid = new_dicom_uid();
  const std::string second = compose_film(ramp(8, 9), film_);
  const Deidentified a = deidentified(first), b = deidentified(second);
  EXPECT_EQ(a.study, b.study);
  EXPECT_EQ(a.series, b.series);
  EXPECT_NE(a.instance, b.instance);
  EXPECT_EQ(a.file, deidentified(first).file);
  const Deidentified other = Deidentifier({}, Pseudonyms(std::string(32, 'x'))).deidentify(first);
  EXPECT_NE(a.study, other.study);
  EXPECT_EQ(code_of([] { Pseudonyms("short"); }), ErrorCode::invalid_value);
  const Json metadata = metadata_of(a);
  EXPECT_EQ(value(metadata, "00100020").size(), 18u);  // sixteen digits in quotation marks
}

TEST_F(DeidentifyTest, MovesAllDatesOfAPatientAlike) {
  const DeidentifyOptions options{.profile = {.shift_dates = true}, .burnt_in = {}};
  const Json now = metadata_of(deidentified(compose_film(ramp(8, 8), film_), options));
  film_.study_uid = new_dicom_uid();
  film_.series_uid = new_dicom_uid();
  film_.instance_uid = new_dicom_uid();
  film_.taken += std::chrono::hours(24 * 40);
  const Json later = metadata_of(deidentified(compose_film(ramp(8, 8), film_), options));
  const auto day = [&](const Json& metadata) {
    const std::string date = value(metadata, "00080020");
    return parse_instant(date.substr(1, 4) + "-" + date.substr(5, 2) + "-" + date.substr(7, 2) +
                         "T00:00:00Z");
  };
  EXPECT_EQ(day(later) - day(now), std::chrono::hours(24 * 40));
  EXPECT_LT(day(now), parse_instant("2025-11-24T00:00:00Z"));
  EXPECT_EQ(value(now, "00080030"), value(later, "00080030"));
  EXPECT_EQ(moved_date("20240301", 1), "20240229");
  EXPECT_EQ(moved_date("20240301101500.5+0800", 366), "20230301101500.5+0800");
  EXPECT_EQ(moved_date("2024", 1), "");
  EXPECT_EQ(moved_date("20241341", 1), "");
}

TEST_F(DeidentifyTest, RefusesOrBlanksBurntInText) {
  const std::string flagged =
      film([](DcmDataset& dataset) { dataset.putAndInsertString(DCM_BurnedInAnnotation, "YES"); });
  EXPECT_EQ(code_of([&] { deidentified(flagged); }), ErrorCode::refused);
  const Deidentified made = deidentified(flagged, {.profile = {}, .burnt_in = {{32, 0, 1000, 8}}});
  EXPECT_EQ(value(metadata_of(made), "00280301"), R"("NO")");
  const std::string pixels = archive_->frame(made.instance, 1, true).bytes;
  const auto at = [&](int x, int y) {
    return read_u16(pixels, static_cast<std::size_t>(y * 64 + x) * 2, false);
  };
  EXPECT_EQ(at(32, 0), 0);
  EXPECT_EQ(at(63, 7), 0);
  EXPECT_GT(at(31, 0), 0);
  EXPECT_GT(at(63, 8), 0);
}

TEST_F(DeidentifyTest, RefusesWhatItCannotMakeSafe) {
  const std::string unflagged = film([](DcmDataset& dataset) {
    dataset.putAndInsertString(DCM_Modality, "US");
    delete dataset.remove(DCM_BurnedInAnnotation);
  });
  EXPECT_EQ(code_of([&] { deidentified(unflagged); }), ErrorCode::refused);
  EXPECT_FALSE(
      deidentified(unflagged, {.profile = {}, .burnt_in = {}, .trust_unflagged = true}).file.empty());
  const std::string face =
      film([](DcmDataset& dataset) { dataset.putAndInsertString(DCM_RecognizableVisualFeatures, "YES"); });
  EXPECT_EQ(code_of([&] { deidentified(face); }), ErrorCode::refused);
}

TEST_F(DeidentifyTest, KeepsCompressedPixelsAsTheyAre) {
  const auto plain = folder_ / "plain.dcm", packed = folder_ / "packed.dcm";
  write_file(plain, compose_film(ramp(64, 48), film_));
  ASSERT_EQ(std::system(("dcmcrle " + plain.string() + " " + packed.string()).c_str()), 0);
  const Deidentified made = deidentified(read_file(packed));
  store(made.file);
  EXPECT_EQ(archive_->find(made.instance)->transfer_syntax, "1.2.840.10008.1.2.5");
  store(read_file(packed));
  EXPECT_EQ(archive_->frame(made.instance, 1, true).bytes,
            archive_->frame(film_.instance_uid, 1, true).bytes);
}

TEST_F(DeidentifyTest, ValidatesAsBefore) {
  const Deidentified made =
      deidentified(compose_film(ramp(64, 48), film_),
                   {.profile = {.shift_dates = true, .patient_characteristics = true}, .burnt_in = {}});
  EXPECT_EQ(dicom_errors(made.file), "");
}

}  // namespace
}  // namespace meridian::archive
