// QIDO-RS over a socket.
#include <gmock/gmock.h>

#include "archive/compose.h"
#include "archive/json_dataset.h"
#include "archive/metadata_list.h"
#include "base/error.h"
#include "doors/http_node_fixture.h"

namespace meridian::doors::http {
namespace {

using ::testing::HasSubstr;

class DicomwebSearchTest : public HttpNodeTest {
 protected:
  void SetUp() override {
    add("P-1", "Wang^Xiuying=王^秀英", "1.1", "1.1.1", "1.1.1.1", "2026-01-05T08:00:00Z");
    add("P-1", "Wang^Xiuying=王^秀英", "1.1", "1.1.1", "1.1.1.2", "2026-01-05T08:00:00Z");
    add("P-1", "Wang^Xiuying=王^秀英", "1.1", "1.1.2", "1.1.2.1", "2026-01-05T08:00:00Z");
    add("P-2", "Li^Na", "1.2", "1.2.1", "1.2.1.1", "2026-03-05T10:00:00Z");
  }

  void add(const std::string& patient, const std::string& name, const std::string& study,
           const std::string& series, const std::string& instance, const char* when) {
    archive::FilmFacts film;
    film.patient_id = patient;
    film.patient_name = name;
    film.study_uid = study;
    film.series_uid = series;
    film.instance_uid = instance;
    film.taken = parse_instant(when);
    vision::GreyImage image{.width = 8, .height = 4};
    image.pixels.assign(32, 0.5f);
    const HttpAnswer answer =
        post("/dicomweb/studies", archive::compose_film(image, film), "Content-Type: application/dicom\r\n");
    ASSERT_EQ(answer.status, 200) << answer.body;
  }

  // The values of the attribute in what is found, with commas between.
  std::string found(const std::string& target, const std::string& tag) {
    const HttpAnswer answer = get("/dicomweb" + target);
    if (answer.status != 200) return std::to_string(answer.status);
    std::string all;
    const Json matches = answer.json();
    for (const Json& match : matches.items())
      all += (all.empty() ? "" : ",") + match.get(tag + ".Value").at(0).as_string();
    return all;
  }
  std::string studies(const std::string& query) { return found("/studies?" + query, "0020000D"); }
};

TEST_F(DicomwebSearchTest, FindsStudiesByEachWayOfMatching) {
  EXPECT_EQ(studies(""), "1.2,1.1");
  EXPECT_EQ(studies("PatientID=P-1"), "1.1");
  EXPECT_EQ(studies("00100020=P-2"), "1.2");
  EXPECT_EQ(studies("PatientName=WANG*"), "1.1");
  EXPECT_EQ(studies("PatientName=%E7%8E%8B*"), "1.1");
  EXPECT_EQ(studies("StudyDate=20260101-20260131"), "1.1");
  EXPECT_EQ(studies("StudyDate=20260201-"), "1.2");
  EXPECT_EQ(studies("StudyInstanceUID=1.1%5C1.2"), "1.2,1.1");
  EXPECT_EQ(studies("StudyInstanceUID=1.1,1.9"), "1.1");
  EXPECT_EQ(studies("ModalitiesInStudy=CT,DX"), "1.2,1.1");
  EXPECT_EQ(studies("ModalitiesInStudy=D*"), "1.2,1.1");
}

TEST_F(DicomwebSearchTest, MatchesTheOrdersThatSeriesAreFor) {
  const auto add_for = [&](const std::string& series, const std::string& orders) {
    const Json dataset = Json::parse(R"({
      "00080016": {"vr": "UI", "Value": ["1.2.840.10008.5.1.4.1.1.88.33"]},
      "00080018": {"vr": "UI", "Value": [")" +
                                     series + R"(.1"]},
      "0020000D": {"vr": "UI", "Value": ["1.7"]},
      "0020000E": {"vr": "UI", "Value": [")" +
                                     series + R"("]},
      "00100020": {"vr": "LO", "Value": ["P-7"]},
      "00400275": {"vr": "SQ", "Value": [)" +
                                     orders + "]}}");
    const std::string file = archive::compose_from_json(dataset, [](const std::string&) -> archive::BulkData {
      throw Error(ErrorCode::not_found, "There are no bulk data");
    });
    EXPECT_EQ(post("/dicomweb/studies", file, "Content-Type: application/dicom\r\n").status, 200);
  };
  const auto order = [](const std::string& step, const std::string& procedure) {
    return R"({"00400009": {"vr": "SH", "Value": [")" + step +
           R"("]}, "00401001": {"vr": "SH", "Value": [")" + procedure + R"("]}})";
  };
  add_for("1.7.1", order("S-1", "R-1") + "," + order("S-2", "R-2"));
  add_for("1.7.2", order("S-3", "R-1"));
  const auto series = [&](const std::string& query) { return found("/series?" + query, "0020000E"); };
  EXPECT_EQ(series("RequestAttributesSequence.ScheduledProcedureStepID=S-2"), "1.7.1");
  EXPECT_EQ(series("00400275.00400009=S-*"), "1.7.1,1.7.2");
  EXPECT_EQ(series("00400275.00401001=R-1&00400275.00400009=S-3"), "1.7.2");
  EXPECT_EQ(series("00400275.00401001=R-1&00400275.00400009=S-2"), "204");  // of two items
  EXPECT_EQ(found("/instances?00400275.00400009=S-3", "00080018"), "1.7.2.1");
  const Json match = get("/dicomweb/series?00400275.00400009=S-2").json().at(0);
  EXPECT_EQ(match.get("00400275.Value").at(1).get("00401001.Value").at(0).as_string(), "R-2");
  EXPECT_EQ(studies("00400275.00400009=S-2"), "400");
  EXPECT_EQ(series("RequestAttributesSequence=S-2"), "400");
  EXPECT_EQ(series("00400275.00100020=P-7"), "400");
  EXPECT_EQ(series("00400275.00400275.00400009=S-2"), "400");
  // As of a series that came before the index held orders.
  database_->write([&](storage::Transaction& transaction) {
    transaction.execute("DELETE FROM archive_request");
    transaction.execute("INSERT INTO archive_unread_request SELECT series_uid FROM archive_series");
  });
  EXPECT_EQ(series("00400275.00400009=S-*"), "204");
  EXPECT_EQ(archive::read_orders(*database_, archive_, {}, 1), "1.1.1");
  EXPECT_EQ(series("00400275.00400009=S-*"), "204");
  for (std::optional<std::string> last = ""; last;)
    last = archive::read_orders(*database_, archive_, *last, 1);
  EXPECT_EQ(series("00400275.00400009=S-*"), "1.7.1,1.7.2");
  EXPECT_EQ(archive::read_orders(*database_, archive_, {}, 10), std::nullopt);
  database_->write([&](storage::Transaction& transaction) {
    for (const std::string one : {"1.7.1", "1.7.2"}) archive_.remove(transaction, {"1.7", one, one + ".1"});
    EXPECT_FALSE(transaction.query_first("SELECT 1 FROM archive_request", {}, [](const auto&) {}));
  });
}

TEST_F(DicomwebSearchTest, AnswersWith204WhenNothingMatches) {
  for (const char* target : {"/studies?PatientID=none", "/studies?ModalitiesInStudy=CT",
                             "/studies/1.9/series", "/studies/1.1/series/1.9/instances"}) {
    const HttpAnswer answer = get(std::string("/dicomweb") + target);
    EXPECT_EQ(answer.status, 204) << target;
    EXPECT_EQ(answer.header("x-total-count"), "0") << target;
  }
}

TEST_F(DicomwebSearchTest, MatchesNamesByTheirWordsWhenAskedTo) {
  EXPECT_EQ(studies("PatientName=xiuying%20wang"), "204");
  EXPECT_EQ(studies("PatientName=xiuying%20wang&fuzzymatching=true"), "1.1");
  EXPECT_EQ(studies("PatientName=xiu&fuzzymatching=true"), "1.1");
  EXPECT_EQ(studies("PatientName=%E7%8E%8B%E7%A7%80%E8%8B%B1&fuzzymatching=true"), "1.1");
  EXPECT_EQ(studies("PatientName=iuying&fuzzymatching=true"), "204");
}

TEST_F(DicomwebSearchTest, AnswersAtEachLevel) {
  EXPECT_EQ(found("/series", "0020000E"), "1.1.1,1.1.2,1.2.1");
  EXPECT_EQ(found("/studies/1.1/series", "0020000E"), "1.1.1,1.1.2");
  EXPECT_EQ(found("/studies/1.1/series?SeriesInstanceUID=1.1.2", "0020000E"), "1.1.2");
  EXPECT_EQ(found("/instances?PatientID=P-2", "00080018"), "1.2.1.1");
  EXPECT_EQ(found("/studies/1.1/instances", "00080018"), "1.1.1.1,1.1.1.2,1.1.2.1");
  EXPECT_EQ(found("/studies/1.1/series/1.1.1/instances", "00080018"), "1.1.1.1,1.1.1.2");
  EXPECT_EQ(found("/studies/1.1/series/1.1.1/instances", "00081190"),
            "/dicomweb/studies/1.1/series/1.1.1/instances/1.1.1.1,"
            "/dicomweb/studies/1.1/series/1.1.1/instances/1.1.1.2");
}

TEST_F(DicomwebSearchTest, GivesTheAttributesOfItsLevelAndThoseIncluded) {
  const Json study = get("/dicomweb/studies?PatientID=P-1").json().at(0);
  EXPECT_EQ(study.get("00201206.Value").dump(), "[2]");
  EXPECT_EQ(study.get("00201208.Value").dump(), "[3]");
  EXPECT_EQ(study.get("00080061.Value").dump(), R"(["DX"])");
  EXPECT_EQ(study.get("00100010.Value").dump(), R"([{"Alphabetic":"Wang^Xiuying","Ideographic":"王^秀英"}])");
  const std::string address = "/dicomweb/studies/1.1/series/1.1.1/instances";
  const Json plain = get(address).json().at(0);
  EXPECT_TRUE(plain.contains("00280010"));
  EXPECT_TRUE(plain.contains("0020000D"));
  EXPECT_FALSE(plain.contains("00100020"));
  EXPECT_FALSE(plain.contains("00080060"));
  const Json with_name = get(address + "?includefield=PatientID,00080060").json().at(0);
  EXPECT_TRUE(with_name.contains("00100020"));
  EXPECT_TRUE(with_name.contains("00080060"));
  EXPECT_FALSE(with_name.contains("00100010"));
  EXPECT_TRUE(get(address + "?includefield=all").json().at(0).contains("00100010"));
  EXPECT_TRUE(get("/dicomweb/instances").json().at(0).contains("00100010"));
}

TEST_F(DicomwebSearchTest, IncludesWhatOnlyTheFilesSay) {
  const std::string included =
      "includefield=BodyPartExamined,SOPInstanceUID,00081150,PhotometricInterpretation"
      "&includefield=RequestAttributesSequence.ScheduledProcedureStepID";
  for (const char* level : {"/studies", "/series", "/studies/1.1/instances"}) {
    const HttpAnswer answer = get(std::string("/dicomweb") + level + "?" + included);
    ASSERT_EQ(answer.status, 200) << answer.body;
    const Json matches = answer.json();
    for (const Json& match : matches.items())
      EXPECT_EQ(match.get("00280004.Value").at(0).as_string(), "MONOCHROME2") << match.dump();
    EXPECT_FALSE(matches.at(0).contains("7FE00010"));
  }
  sign_in("zhao");
  EXPECT_EQ(get("/dicomweb/studies?" + included).status, 204);
}

class DicomwebReportSearchTest : public DicomwebSearchTest {
 protected:
  // A report, whose series began on this day.
  void add_report(const std::string& series, const std::string& day) {
    const Json dataset = Json::parse(R"({
      "00080016": {"vr": "UI", "Value": ["1.2.840.10008.5.1.4.1.1.88.33"]},
      "00080018": {"vr": "UI", "Value": [")" +
                                     series + R"(.1"]},
      "00080201": {"vr": "SH", "Value": ["+0800"]},
      "0020000D": {"vr": "UI", "Value": ["1.7"]},
      "0020000E": {"vr": "UI", "Value": [")" +
                                     series + R"("]},
      "00100020": {"vr": "LO", "Value": ["P-7"]},
      "00400244": {"vr": "DA", "Value": [")" +
                                     day + R"("]},
      "00400245": {"vr": "TM", "Value": ["0830"]}})");
    const std::string file = archive::compose_from_json(dataset, [](const std::string&) -> archive::BulkData {
      throw Error(ErrorCode::not_found, "There are no bulk data");
    });
    EXPECT_EQ(post("/dicomweb/studies", file, "Content-Type: application/dicom\r\n").status, 200);
  }
  std::string series(const std::string& query) { return found("/series?" + query, "0020000E"); }
};

TEST_F(DicomwebReportSearchTest, FindsSeriesByWhenTheirStepBegan) {
  add_report("1.7.1", "20260301");
  add_report("1.7.2", "20260302");
  EXPECT_EQ(series("PerformedProcedureStepStartDate=20260302-"), "1.7.2");
  EXPECT_EQ(series("00400244=20260301&00400245=08*"), "1.7.1");
  const Json match = get("/dicomweb/studies/1.7/series").json().at(0);
  EXPECT_EQ(match.get("00400244.Value").at(0).as_string(), "20260301");
  EXPECT_EQ(match.get("00400245.Value").at(0).as_string(), "0830");
  EXPECT_EQ(get("/dicomweb/studies?PatientID=P-7").json().at(0).get("00080201.Value").at(0).as_string(),
            "+0800");
  // As of series that came before the index held it.
  database_->write([&](storage::Transaction& transaction) {
    transaction.execute("UPDATE archive_series SET performed_date = '', performed_time = ''");
    transaction.execute("UPDATE archive_study SET timezone = ''");
    transaction.execute("INSERT INTO archive_unread_request SELECT series_uid FROM archive_series");
  });
  EXPECT_EQ(series("PerformedProcedureStepStartDate=20260302-"), "204");
  for (std::optional<std::string> last = ""; last;)
    last = archive::read_orders(*database_, archive_, *last, 10);
  EXPECT_EQ(series("PerformedProcedureStepStartDate=20260302-"), "1.7.2");
  EXPECT_EQ(get("/dicomweb/studies?PatientID=P-7").json().at(0).get("00080201.Value").at(0).as_string(),
            "+0800");
}

TEST_F(DicomwebReportSearchTest, GivesNoSizeOfWhatIsNoPicture) {
  add_report("1.7.1", "20260301");
  const Json report = get("/dicomweb/studies/1.7/instances").json().at(0);
  const Json picture = get("/dicomweb/studies/1.1/instances").json().at(0);
  for (const char* tag : {"00280008", "00280010", "00280011"}) {
    EXPECT_TRUE(report.contains(tag)) << tag;
    EXPECT_FALSE(report.find(tag)->contains("Value")) << tag;
    EXPECT_TRUE(picture.find(tag)->contains("Value")) << tag;
  }
}

TEST_F(DicomwebSearchTest, PagesAndSaysHowManyThereAre) {
  const HttpAnswer first = get("/dicomweb/studies?limit=1");
  EXPECT_THAT(first.header("warning"), HasSubstr("Additional results can be requested"));
  EXPECT_EQ(first.header("x-total-count"), "2");
  const HttpAnswer second = get("/dicomweb/studies?limit=1&offset=1");
  EXPECT_EQ(second.json().at(0).get("0020000D.Value").dump(), R"(["1.1"])");
  EXPECT_EQ(second.header("x-total-count"), "2");
  EXPECT_FALSE(second.headers.contains("warning"));
  EXPECT_EQ(get("/dicomweb/studies?offset=2").status, 204);
  EXPECT_EQ(studies("limit=5000"), "1.2,1.1");  // more than are ever given at once
}

TEST_F(DicomwebSearchTest, RefusesWhatItCannotAnswer) {
  for (const char* query :
       {"NoSuchAttribute=1", "PatientComments=x", "limit=x", "limit=0", "offset=-1", "fuzzymatching=maybe",
        "Modality=DX", "SOPInstanceUID=1.1.1.1", "PatientID=a&00100020=b", "includefield=NoSuchAttribute",
        "StudyDate=yesterday", "0040A730.00080100=x"})
    EXPECT_EQ(get(std::string("/dicomweb/studies?") + query).status, 400) << query;
  EXPECT_EQ(get("/dicomweb/studies/1.1/series?StudyInstanceUID=1.2").status, 400);
  EXPECT_EQ(get("/dicomweb/studies", "Accept: application/dicom+json\r\n").status, 200);
  EXPECT_EQ(get("/dicomweb/studies", "Accept: application/*;q=0.5\r\n").status, 200);
  EXPECT_EQ(get("/dicomweb/studies", "Accept: image/png\r\n").status, 406);
}

TEST_F(DicomwebSearchTest, ShowsNothingOfOthersPatients) {
  sign_in("zhao");
  for (const char* target :
       {"/studies", "/series", "/instances", "/studies/1.1/series", "/studies/1.1/series/1.1.1/instances"})
    EXPECT_EQ(get(std::string("/dicomweb") + target).status, 204) << target;
  sign_in("root");
  EXPECT_EQ(get("/dicomweb/series").status, 403);
}

}  // namespace
}  // namespace meridian::doors::http
