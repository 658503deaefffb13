// C-FIND as DCMTK's findscu asks it.
#include <gmock/gmock.h>

#include <algorithm>

#include "base/error.h"
#include "doors/dimse_fixture.h"

namespace meridian::doors::dimse {
namespace {

using ::testing::HasSubstr;

Json text(const char* vr, const Json& value) {
  return Json::object({{"vr", vr}, {"Value", Json::array({value})}});
}

Json study(const std::string& uid) {
  return Json::object(
      {{"0020000D", text("UI", uid)},
       {"00100010", text("PN", Json::object({{"Alphabetic", "Wang^Xiuying"}, {"Ideographic", "王^秀英"}}))},
       {"00201208", text("IS", 3)}});
}

class DimseQueryTest : public DimseTest {
 protected:
  void answer(std::vector<Json> matches) {
    server_ = std::make_unique<DimseServer>(
        options_, DimseHandlers{.store = keep(),
                                .query = [this, matches = std::move(matches)](const archive::Query& query,
                                                                              const PeerFacts& peer) {
                                  const std::lock_guard lock(mutex_);
                                  asked_ = query;
                                  peer_ = peer;
                                  return matches;
                                }});
  }
  int find(const std::string& arguments) {
    return run("findscu", "-v -aec MERIDIAN -aet CLINIC " + arguments);
  }
  std::string key(std::uint32_t tag) const {
    for (const archive::QueryKey& key : asked_.keys)
      if (key.tag == tag) return key.value;
    return "not asked";
  }

  archive::Query asked_;
};

TEST_F(DimseQueryTest, GivesWhatMatchesWithTheAttributesAskedFor) {
  answer({study("1.2.3"), study("1.2.4")});
  EXPECT_EQ(find("-S -k QueryRetrieveLevel=STUDY -k StudyInstanceUID -k 'PatientName=WANG*' "
                 "-k StudyDate=20260101- -k NumberOfStudyRelatedInstances -k StudyID"),
            0)
      << output();
  EXPECT_EQ(asked_.level, archive::QueryLevel::study);
  EXPECT_EQ(key(0x00100010), "WANG*");
  EXPECT_EQ(key(0x00080020), "20260101-");
  EXPECT_EQ(key(0x0020000D), "");
  EXPECT_EQ(key(0x00080052), "not asked");
  EXPECT_EQ(peer_.calling_ae_title, "CLINIC");
  for (const char* expected :
       {"UI [1.2.3", "UI [1.2.4", "Wang^Xiuying=王^秀英", "ISO_IR 192", "[3", "Success"})
    EXPECT_THAT(output(), HasSubstr(expected));
}

TEST_F(DimseQueryTest, AsksAndGivesTheOrdersThatSeriesAreFor) {
  Json series = study("1.2.3");
  series["00400275"] =
      Json::object({{"vr", "SQ"}, {"Value", Json::array({Json::object({{"00400009", text("SH", "S-1")}})})}});
  answer({series});
  EXPECT_EQ(find("-S -k QueryRetrieveLevel=SERIES -k SeriesInstanceUID "
                 "-k 'RequestAttributesSequence[0].ScheduledProcedureStepID=S-*'"),
            0)
      << output();
  EXPECT_EQ(key(0x00400009), "S-*");
  EXPECT_EQ(std::ranges::find(asked_.keys, 0x00400009u, &archive::QueryKey::tag)->sequence,
            archive::kRequestAttributes);
  EXPECT_THAT(output(), HasSubstr("SH [S-1"));
}

TEST_F(DimseQueryTest, SaysFromWhereItIsRetrieved) {
  answer({study("1.2.3")});
  EXPECT_EQ(
      find("-S -k QueryRetrieveLevel=STUDY -k StudyInstanceUID -k RetrieveAETitle -k InstanceAvailability"),
      0)
      << output();
  for (const char* expected : {"AE [MERIDIAN", "CS [ONLINE"}) EXPECT_THAT(output(), HasSubstr(expected));
  EXPECT_EQ(find("-S -k QueryRetrieveLevel=STUDY -k StudyInstanceUID"), 0) << output();
  EXPECT_THAT(output(), HasSubstr("AE [MERIDIAN"));
  EXPECT_THAT(output(), ::testing::Not(HasSubstr("ONLINE")));
}

TEST_F(DimseQueryTest, KnowsTheLevelsOfItsModels) {
  answer({});
  const std::pair<const char*, archive::QueryLevel> levels[] = {{"PATIENT", archive::QueryLevel::patient},
                                                                {"SERIES", archive::QueryLevel::series},
                                                                {"IMAGE", archive::QueryLevel::instance}};
  for (const auto& [name, level] : levels) {
    EXPECT_EQ(find(std::string("-P -k PatientID -k QueryRetrieveLevel=") + name), 0) << output();
    EXPECT_EQ(asked_.level, level) << name;
  }
  for (const char* wrong :
       {"-S -k QueryRetrieveLevel=PATIENT", "-S -k QueryRetrieveLevel=ROOM", "-S -k PatientID"}) {
    find(wrong);
    EXPECT_THAT(output(), HasSubstr("DataSetDoesNotMatchSOPClass")) << wrong;
  }
}

TEST_F(DimseQueryTest, ReadsTextsInTheirCharacterSet) {
  answer({});
  EXPECT_EQ(find("-S -k QueryRetrieveLevel=STUDY -k SpecificCharacterSet=GB18030 "
                 "-k \"PatientName=$(printf '\\315\\365')*\""),
            0)
      << output();
  EXPECT_EQ(key(0x00100010), "王*");
}

TEST_F(DimseQueryTest, RefusesWithTheStatusOfItsReason) {
  server_ = std::make_unique<DimseServer>(
      options_, DimseHandlers{.store = keep(),
                              .query = [](const archive::Query&, const PeerFacts&) -> std::vector<Json> {
                                throw Error(ErrorCode::forbidden, "Not for you");
                              }});
  find("-S -k QueryRetrieveLevel=STUDY -k PatientID");
  EXPECT_THAT(output(), HasSubstr("0x124"));
}

TEST_F(DimseQueryTest, AcceptsNoQueryWhereNoneIsAnswered) {
  start();
  find("-S -k QueryRetrieveLevel=STUDY -k PatientID");
  EXPECT_THAT(output(), HasSubstr("No Acceptable Presentation Contexts"));
}

}  // namespace
}  // namespace meridian::doors::dimse
