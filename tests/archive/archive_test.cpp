#include "archive/archive.h"

#include <gmock/gmock.h>

#include "archive/archive_fixture.h"
#include "archive/attribute_json.h"
#include "archive/imaging_study.h"
#include "archive/json_dataset.h"
#include "archive/metadata_list.h"
#include "archive/same_instance.h"
#include "archive/transcode.h"
#include "base/file.h"

namespace meridian::archive {
namespace {

TEST_F(ArchiveTest, KeepsAnInstanceAndFindsItAgain) {
  const FilmFacts film = film_facts();
  const std::string bytes = compose_film(ramp(64, 48), film);
  EXPECT_EQ(store(bytes), Filed::stored);
  const auto facts = archive_->find(film.instance_uid);
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->key, (InstanceKey{film.study_uid, film.series_uid, film.instance_uid}));
  EXPECT_EQ(facts->modality, "DX");
  EXPECT_EQ(facts->patient_name, "Wang^Xiuying=王^秀英");
  EXPECT_EQ(facts->study_datetime, "2026-11-24T08:30:00+00:00");
  EXPECT_EQ(facts->rows, 48);
  EXPECT_EQ(facts->columns, 64);
  EXPECT_EQ(archive_->bytes(film.instance_uid), bytes);
  EXPECT_EQ(archive_->instances(film.study_uid).size(), 1u);
  EXPECT_EQ(archive_->size(), 1);
  EXPECT_FALSE(archive_->find("1.2.3"));
}

TEST_F(ArchiveTest, KeepsTheSameInstanceOnce) {
  const std::string bytes = compose_film(ramp(8, 8), film_facts());
  EXPECT_EQ(store(bytes), Filed::stored);
  EXPECT_EQ(store(bytes), Filed::duplicate);
  EXPECT_EQ(archive_->size(), 1);
  EXPECT_EQ(blob_count(), 1u);
}

TEST_F(ArchiveTest, TakesADatasetForTheSameUnderAnotherPreamble) {
  std::string bytes = compose_film(ramp(8, 8), film_facts());
  EXPECT_EQ(store(bytes), Filed::stored);
  bytes[0] = 'x';  // the preamble is nobody's
  EXPECT_EQ(store(bytes), Filed::duplicate);
  EXPECT_EQ(blob_count(), 1u);
}

// As another archive gives it back: in another transfer syntax, its pixels compressed without loss.
TEST_F(ArchiveTest, TakesAnImageForTheSameInAnotherTransferSyntax) {
  const FilmFacts film = film_facts();
  const std::string bytes = compose_film(ramp(32, 16), film);
  EXPECT_EQ(store(bytes), Filed::stored);
  write_file(folder_ / "plain.dcm", bytes);
  const auto converted = [&](const std::string& program) {
    const std::string command =
        program + " " + (folder_ / "plain.dcm").string() + " " + (folder_ / "other.dcm").string();
    EXPECT_EQ(std::system(command.c_str()), 0);
    return read_file(folder_ / "other.dcm");
  };
  EXPECT_EQ(store(converted("dcmconv +ti")), Filed::duplicate);
  EXPECT_EQ(store(converted("dcmcjpls")), Filed::duplicate);
  EXPECT_EQ(code_of([&] { store(converted("dcmcjpls +en +md 3 +un")); }), ErrorCode::conflict);  // with loss
  FilmFacts other = film;
  other.accession_number = "A-18";
  write_file(folder_ / "plain.dcm", compose_film(ramp(32, 16), other));
  EXPECT_EQ(code_of([&] { store(converted("dcmcjpls")); }), ErrorCode::conflict);
  EXPECT_EQ(archive_->bytes(film.instance_uid), bytes);
}

// What has to be decoded for it was read before: a transaction waits for no pixels.
TEST_F(ArchiveTest, ComparesBeforeItFiles) {
  const std::string bytes = compose_film(ramp(8, 8), film_facts());
  std::string again = bytes;
  again[0] = 'x';
  const Received first = archive_->receive(bytes);
  Received second = archive_->receive(again);  // when the first was not kept yet
  const auto file = [&](const Received& received) {
    return database_->write(
        [&](storage::Transaction& transaction) { return archive_->file(transaction, received); });
  };
  EXPECT_EQ(file(first), Filed::stored);
  EXPECT_EQ(code_of([&] { file(second); }), ErrorCode::busy);
  archive_->compare(second);
  blobs_->remove(first.digest);
  EXPECT_EQ(file(second), Filed::duplicate);
}

class SameInstance : public ::testing::Test {
 protected:
  // An instance with these attributes, and the same in implicit VR, which names no VRs.
  static std::string explicit_file(const std::string& more) {
    return compose_from_json(
        Json::parse(R"({"00080016": {"vr": "UI", "Value": ["1.2.840.10008.5.1.4.1.1.66"]},
        "00080018": {"vr": "UI", "Value": ["1.1"]}, "0020000D": {"vr": "UI", "Value": ["1.2"]},
        "0020000E": {"vr": "UI", "Value": ["1.3"]}, )" +
                    more + "}"),
        [](const std::string&) { return BulkData{}; });
  }
  static bool same(const std::string& more, const std::string& other) {
    return is_same_instance(explicit_file(more), to_native(explicit_file(other), kImplicitLittleEndian));
  }
};

TEST_F(SameInstance, ComparesPrivateAttributes) {
  const auto of = [](const std::string& element) {
    return R"("00290010": {"vr": "LO", "Value": ["MERIDIAN TEST"]}, "00291001": )" + element;
  };
  const std::string text = of(R"({"vr": "LO", "Value": ["one"]})"),
                    number = of(R"({"vr": "US", "Value": [7]})");
  EXPECT_TRUE(same(text, text));
  EXPECT_FALSE(same(text, of(R"({"vr": "LO", "Value": ["two"]})")));
  EXPECT_TRUE(same(number, number));
  EXPECT_FALSE(same(number, of(R"({"vr": "US", "Value": [8]})")));
  const auto items = [&](const std::string& value) {
    return of(R"({"vr": "SQ", "Value": [{"00080100": {"vr": "SH", "Value": [")" + value + "\"]}}]}");
  };
  EXPECT_TRUE(same(items("A"), items("A")));
  EXPECT_FALSE(same(items("A"), items("B")));
}

// Groups are even or odd as hexadecimal numbers: 300A is nobody's own.
TEST_F(SameInstance, ComparesAttributesOfUnknownVr) {
  const std::string known = R"("300A0002": {"vr": "SH", "Value": ["PLAN"]})";
  EXPECT_TRUE(same(R"("300A0002": {"vr": "UN", "InlineBinary": "UExBTg=="})", known));
  EXPECT_FALSE(same(R"("300A0002": {"vr": "UN", "InlineBinary": "T1RIRVIh"})", known));
}

// Also those that are no numbers, which DICOM JSON leaves out.
TEST_F(SameInstance, ComparesValuesAsTheyAreWritten) {
  const auto weight = [](const std::string& value) {
    std::string file = explicit_file(R"("00101030": {"vr": "DS", "Value": [12345678]})");
    return file.replace(file.find("12345678"), 8, value);
  };
  const auto are_same = [&](const std::string& one, const std::string& other) {
    return is_same_instance(weight(one), to_native(weight(other), kImplicitLittleEndian));
  };
  EXPECT_TRUE(are_same("12.345  ", "12.345  "));
  EXPECT_TRUE(are_same("12.345  ", "  12.345"));
  EXPECT_FALSE(are_same("12.345  ", "12.346  "));
  EXPECT_TRUE(are_same("12,345kg", "12,345kg"));
  EXPECT_FALSE(are_same("12,345kg", "99,345kg"));
}

TEST_F(SameInstance, ComparesBulkDataAndTheirNumber) {
  const auto values = [](const std::string& last) {
    std::string numbers;
    for (int i = 0; i < 2'000; ++i) numbers += std::to_string(i) + ", ";
    const std::string bytes(2'000, 'A');
    return R"("00081115": {"vr": "SQ", "Value": [{"00720065": {"vr": "OB", "InlineBinary": ")" + bytes +
           last + R"("}, "00720064": {"vr": "IS", "Value": [)" + numbers + "1]}}]}";
  };
  EXPECT_TRUE(same(values("AAAA"), values("AAAA")));
  EXPECT_FALSE(same(values("AAAA"), values("BBBB")));
  EXPECT_FALSE(same(values("AAAA"), values("AAAA") + R"(, "00400555": {"vr": "SQ"})"));
}

TEST_F(ArchiveTest, SweepsWhatWasReceivedAndNeverFiled) {
  const FilmFacts film = film_facts();
  store(compose_film(ramp(8, 8), film));
  archive_->receive(compose_film(ramp(9, 8), film_facts()));
  archive_->receive(compose_film(ramp(10, 8), film_facts()));
  EXPECT_EQ(blob_count(), 3u);
  EXPECT_EQ(archive_->sweep(), 2u);
  EXPECT_EQ(blob_count(), 1u);
  EXPECT_EQ(archive_->sweep(), 0u);
  EXPECT_FALSE(archive_->bytes(film.instance_uid).empty());
}

TEST_F(ArchiveTest, NeverMixesWhatClaimsTheSameIdentity) {
  FilmFacts film = film_facts();
  store(compose_film(ramp(8, 8), film));
  EXPECT_EQ(code_of([&] { store(compose_film(ramp(9, 8), film)); }), ErrorCode::conflict);
  film.instance_uid = new_dicom_uid();
  film.patient_id = "P-2";
  EXPECT_EQ(code_of([&] { store(compose_film(ramp(8, 8), film)); }), ErrorCode::conflict);
  film.patient_id = "P-1";
  film.study_uid = new_dicom_uid();
  EXPECT_EQ(code_of([&] { store(compose_film(ramp(8, 8), film)); }), ErrorCode::conflict);
  EXPECT_EQ(archive_->size(), 1);
}

TEST_F(ArchiveTest, DiscardsTheBytesOfWhatIsNotFiled) {
  const FilmFacts film = film_facts();
  const std::string kept = compose_film(ramp(8, 8), film);
  store(kept);
  const Received other = archive_->receive(compose_film(ramp(9, 8), film));
  EXPECT_EQ(blob_count(), 2u);
  archive_->discard(other);
  EXPECT_EQ(blob_count(), 1u);
  archive_->discard(archive_->receive(kept));
  EXPECT_EQ(archive_->bytes(film.instance_uid), kept);
}

TEST_F(ArchiveTest, RemovesTheBytesWithTheLastInstance) {
  const FilmFacts film = film_facts();
  store(compose_film(ramp(8, 8), film));
  const InstanceKey key = archive_->find(film.instance_uid)->key;
  const auto remove = [&](const InstanceKey& which) {
    database_->write([&](storage::Transaction& transaction) { archive_->remove(transaction, which); });
  };
  EXPECT_EQ(code_of([&] { remove({"1.2", key.series, key.instance}); }), ErrorCode::not_found);
  remove(key);
  EXPECT_EQ(archive_->size(), 0);
  EXPECT_EQ(blob_count(), 0u);
  EXPECT_EQ(code_of([&] { archive_->bytes(key.instance); }), ErrorCode::not_found);
  EXPECT_EQ(store(compose_film(ramp(8, 8), film)), Filed::stored);
}

TEST_F(ArchiveTest, WritesMetadataAsDicomJson) {
  const FilmFacts film = film_facts();
  store(compose_film(ramp(8, 8), film));
  const Json metadata = archive_->metadata(film.instance_uid, "http://node/bulk");
  EXPECT_EQ(metadata.get("0020000D").dump(), R"({"vr":"UI","Value":[")" + film.study_uid + "\"]}");
  EXPECT_EQ(metadata.get("00100010.Value").dump(),
            R"([{"Alphabetic":"Wang^Xiuying","Ideographic":"王^秀英"}])");
  EXPECT_EQ(metadata.get("00280010.Value").dump(), "[8]");
  EXPECT_EQ(metadata.get("00281052.Value").dump(), "[0]");
  EXPECT_EQ(metadata.get("00082218.Value").at(0).get("00080100.Value").dump(), R"(["51185008"])");
  EXPECT_EQ(metadata.get("7FE00010").dump(), R"({"vr":"OW","BulkDataURI":"http://node/bulk/7FE00010"})");
  EXPECT_EQ(archive_->bulk_data(film.instance_uid, "7FE00010").size(), 128u);
  EXPECT_EQ(archive_->bulk_data(film.instance_uid, "7FE00010"),
            archive_->frame(film.instance_uid, 1, true).bytes);
  for (const char* path : {"", "/", "7FE00010/1", "00082218/9/00080100", "ZZ", "00100099"})
    EXPECT_EQ(code_of([&] { archive_->bulk_data(film.instance_uid, path); }), ErrorCode::not_found) << path;
}

// Once made it needs the files no more, however large it is; each piece of it is compressed by itself.
TEST_F(ArchiveTest, KeepsTheMetadataOfALargeSeries) {
  constexpr std::size_t kNotes = std::size_t(15) << 20;  // bytes an instance
  std::vector<InstanceFacts> instances;
  for (int i = 0; i < 5; ++i) {
    const Json dataset =
        Json::object({{"00080016", dicom_attribute("UI", "1.2.840.10008.5.1.4.1.1.7")},
                      {"00080018", dicom_attribute("UI", "1.2.3." + std::to_string(i))},
                      {"0020000D", dicom_attribute("UI", "1.2")},
                      {"0020000E", dicom_attribute("UI", "1.2.3")},
                      {"0040A160", dicom_attribute("UT", std::string(kNotes, char('a' + i)))}});
    store(compose_from_json(dataset, {}));
  }
  const auto list = [&] {
    instances = archive_->instances("1.2");
    return metadata_list(*database_, *archive_, instances,
                         [](const InstanceFacts& facts) { return "bulk/" + facts.key.instance; });
  };
  const std::string made = list();
  EXPECT_GT(made.size(), 5 * kNotes);
  blobs_->remove(archive_->receive(archive_->bytes("1.2.3.2")).digest);
  EXPECT_EQ(code_of([&] { archive_->metadata("1.2.3.2", {}); }), ErrorCode::not_found);
  EXPECT_TRUE(list() == made);
  database_->write(
      [&](storage::Transaction& transaction) { archive_->remove(transaction, instances.back().key); });
  EXPECT_EQ(code_of([&] { list(); }), ErrorCode::not_found);  // what is kept went with one of its files
}

TEST_F(ArchiveTest, MakesTheImagingStudy) {
  FilmFacts film = film_facts();
  store(compose_film(ramp(8, 8), film));
  film.instance_uid = new_dicom_uid();
  store(compose_film(ramp(9, 8), film));
  film.instance_uid = new_dicom_uid();
  film.series_uid = new_dicom_uid();
  store(compose_film(ramp(10, 8), film));
  const auto described = [&](std::size_t most) {
    Json study = Json::object({{"subject", Json::object({{"reference", "Patient/1"}})}});
    database_->read([&](storage::Connection& connection) {
      describe_study(study, archive_->series(connection, film.study_uid, most));
    });
    return study;
  };
  const Json study = described(32);
  EXPECT_EQ(study.get("numberOfSeries").as_int(), 2);
  EXPECT_EQ(study.get("numberOfInstances").as_int(), 3);
  EXPECT_EQ(study.get("identifier").at(0).text("value"), "urn:oid:" + film.study_uid);
  EXPECT_EQ(study.text("subject.reference"), "Patient/1");
  EXPECT_EQ(study.get("modality").size(), 1u);
  EXPECT_EQ(archive_->instances(film.study_uid, film.series_uid).size(), 1u);
  // Of a long series the first are listed, and all are counted.
  std::size_t listed = 0;
  const Json brief = described(1);
  for (const Json& series : brief.get("series").items()) listed += series.get("instance").size();
  EXPECT_EQ(listed, 2u);
  EXPECT_EQ(brief.get("numberOfInstances").as_int(), 3);
}

}  // namespace
}  // namespace meridian::archive
