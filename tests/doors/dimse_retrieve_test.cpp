// C-MOVE and C-GET as DCMTK's movescu and getscu ask for them.
#include <gmock/gmock.h>

#include "archive/archive.h"
#include "base/error.h"
#include "doors/dimse/socket.h"
#include "doors/dimse_fixture.h"
#include "storage/blob_store.h"
#include "storage/test_database.h"

namespace meridian::doors::dimse {
namespace {

using ::testing::HasSubstr;

class DimseRetrieveTest : public DimseTest {
 protected:
  DimseRetrieveTest() {
    database_->migrate(archive::Archive::migrations());
    fs::create_directories(folder_ / "received");
    for (const char* uid : {"1.1.1.1", "1.1.1.2", "1.1.2.1", "1.2.1.1"}) file(film(uid));
  }

  static std::string film(const std::string& uid) {
    archive::FilmFacts facts;
    facts.patient_id = "P-1";
    facts.instance_uid = uid;
    facts.series_uid = uid.substr(0, 5);
    facts.study_uid = uid.substr(0, 3);
    vision::GreyImage image{.width = 64, .height = 32};
    for (int i = 0; i < 64 * 32; ++i) image.pixels.push_back(float(i) / (64 * 32));
    return archive::compose_film(image, facts);
  }

  void file(const std::string& bytes) {
    const archive::Received received = archive_.receive(bytes);
    database_->write([&](storage::Transaction& transaction) { archive_.file(transaction, received); });
  }

  // Replaces an instance by the same, compressed by one of DCMTK's programs.
  void compress(const std::string& uid, const std::string& program) {
    const std::string plain = (folder_ / "plain.dcm").string(), small = (folder_ / "small.dcm").string();
    write_file(plain, archive_.bytes(uid));
    ASSERT_EQ(std::system((program + " " + plain + " " + small).c_str()), 0);
    const auto facts = archive_.find(uid);
    database_->write([&](storage::Transaction& transaction) { archive_.remove(transaction, facts->key); });
    file(read_file(small));
  }

  void serve() {
    destination_port_ = Listener("127.0.0.1", 0).port();
    options_.destinations = {
        {.host = "127.0.0.1", .port = destination_port_, .ae_title = "MOVER", .our_ae_title = "MERIDIAN"}};
    server_ = std::make_unique<DimseServer>(
        options_, DimseHandlers{.store = keep(),
                                .query = [this](const archive::Query& query,
                                                const PeerFacts&) { return archive_.query(query); },
                                .read =
                                    [this](const std::string& instance, const PeerFacts&) {
                                      if (instance == hidden_)
                                        throw Error(ErrorCode::not_found, "No such instance");
                                      return archive_.bytes(instance);
                                    }});
  }

  int move(const std::string& arguments) {
    return run("movescu", "-v -aec MERIDIAN -aet MOVER -aem MOVER +P " + std::to_string(destination_port_) +
                              " -od " + (folder_ / "received").string() + " " + arguments);
  }
  int get(const std::string& arguments) {
    return run("getscu", "-v -aec MERIDIAN -od " + (folder_ / "received").string() + " " + arguments);
  }

  // The UIDs of the instances that came, with commas between; their files go.
  std::string received() {
    std::map<std::string, std::string> uids;
    for (const auto& entry : fs::directory_iterator(folder_ / "received")) {
      const archive::Parsed parsed = archive::parse_instance(read_file(entry.path()));
      uids[parsed.facts.key.instance] = parsed.facts.transfer_syntax;
      pixels_[parsed.facts.key.instance] =
          parsed.file.substr(parsed.file.size() - std::min<std::size_t>(64, parsed.file.size()));
    }
    syntaxes_ = uids;
    fs::remove_all(folder_ / "received");
    fs::create_directories(folder_ / "received");
    std::string all;
    for (const auto& [uid, syntax] : uids) all += (all.empty() ? "" : ",") + uid;
    return all;
  }

  std::unique_ptr<storage::Database> database_ =
      storage::open_database(storage::test_database({.path = folder_ / "archive.db", .synchronous = false}));
  std::unique_ptr<storage::BlobStore> blobs_ =
      storage::open_blob_folder(folder_ / "blobs", std::uint64_t(4) << 20);
  archive::Archive archive_{*database_, *blobs_};
  std::uint16_t destination_port_ = 0;
  std::string hidden_;
  std::map<std::string, std::string> syntaxes_, pixels_;
};

TEST_F(DimseRetrieveTest, MovesAtEachLevel) {
  serve();
  const std::pair<const char*, const char*> asked[] = {
      {"-P -k QueryRetrieveLevel=PATIENT -k PatientID=P-1", "1.1.1.1,1.1.1.2,1.1.2.1,1.2.1.1"},
      {"-S -k QueryRetrieveLevel=STUDY -k StudyInstanceUID=1.1", "1.1.1.1,1.1.1.2,1.1.2.1"},
      {"-S -k QueryRetrieveLevel=STUDY -k StudyInstanceUID='1.1\\1.2'", "1.1.1.1,1.1.1.2,1.1.2.1,1.2.1.1"},
      {"-S -k QueryRetrieveLevel=SERIES -k StudyInstanceUID=1.1 -k SeriesInstanceUID=1.1.1",
       "1.1.1.1,1.1.1.2"},
      {"-S -k QueryRetrieveLevel=IMAGE -k SOPInstanceUID=1.1.1.2", "1.1.1.2"},
      {"-S -k QueryRetrieveLevel=STUDY -k StudyInstanceUID=1.9", ""}};
  for (const auto& [arguments, expected] : asked) {
    EXPECT_EQ(move(arguments), 0) << arguments << output();
    EXPECT_EQ(received(), expected) << arguments;
    EXPECT_THAT(output(), HasSubstr("Success")) << arguments;
  }
}

TEST_F(DimseRetrieveTest, GetsAtEachLevel) {
  serve();
  EXPECT_EQ(get("-S -k QueryRetrieveLevel=STUDY -k StudyInstanceUID=1.1"), 0) << output();
  EXPECT_EQ(received(), "1.1.1.1,1.1.1.2,1.1.2.1");
  EXPECT_EQ(get("-S -k QueryRetrieveLevel=SERIES -k SeriesInstanceUID=1.1.2"), 0) << output();
  EXPECT_EQ(received(), "1.1.2.1");
  EXPECT_EQ(get("-P -k QueryRetrieveLevel=IMAGE -k SOPInstanceUID='1.1.2.1\\1.2.1.1'"), 0) << output();
  EXPECT_EQ(received(), "1.1.2.1,1.2.1.1");
}

TEST_F(DimseRetrieveTest, SendsAsStoredToWhoTakesIt) {
  compress("1.1.1.1", "dcmcjpeg");
  compress("1.1.1.2", "dcmcjpls");
  compress("1.1.2.1", "dcmcrle");
  const std::string stored = archive_.bytes("1.1.1.1");
  serve();
  EXPECT_EQ(move("+xa -S -k QueryRetrieveLevel=STUDY -k StudyInstanceUID=1.1"), 0) << output();
  EXPECT_EQ(received(), "1.1.1.1,1.1.1.2,1.1.2.1");
  EXPECT_EQ(syntaxes_["1.1.1.1"], "1.2.840.10008.1.2.4.70");
  EXPECT_EQ(syntaxes_["1.1.1.2"], "1.2.840.10008.1.2.4.80");
  EXPECT_EQ(syntaxes_["1.1.2.1"], "1.2.840.10008.1.2.5");
  EXPECT_EQ(pixels_["1.1.1.1"], stored.substr(stored.size() - 64));
}

TEST_F(DimseRetrieveTest, DecodesForWhoDoesNotTakeItAsStored) {
  const std::string plain = archive_.bytes("1.1.1.1");
  compress("1.1.1.1", "dcmcjpeg");
  compress("1.1.1.2", "dcmcrle");
  serve();
  const std::string study = " -S -k QueryRetrieveLevel=STUDY -k StudyInstanceUID=1.1";
  for (const bool by_move : {true, false}) {
    EXPECT_EQ(by_move ? move("+xi" + study) : get(study), 0) << output();
    EXPECT_EQ(received(), "1.1.1.1,1.1.1.2,1.1.2.1") << output();
    for (const char* uid : {"1.1.1.1", "1.1.1.2", "1.1.2.1"}) {
      EXPECT_EQ(syntaxes_[uid], by_move ? "1.2.840.10008.1.2" : "1.2.840.10008.1.2.1") << uid;
      EXPECT_EQ(pixels_[uid], plain.substr(plain.size() - 64)) << uid;
    }
  }
}

TEST_F(DimseRetrieveTest, CountsWhatCouldNotBeSent) {
  hidden_ = "1.1.1.2";
  serve();
  EXPECT_NE(move("-d -S -k QueryRetrieveLevel=STUDY -k StudyInstanceUID=1.1"), -1);
  EXPECT_EQ(received(), "1.1.1.1,1.1.2.1");
  EXPECT_THAT(output(), HasSubstr("0xb000"));
  EXPECT_THAT(output(), HasSubstr("Failed Suboperations          : 1"));
  EXPECT_THAT(output(), HasSubstr("Completed Suboperations       : 2"));
  EXPECT_THAT(output(), HasSubstr("[1.1.1.2"));  // Failed SOP Instance UID List
  move("-S -k QueryRetrieveLevel=IMAGE -k SOPInstanceUID=1.1.1.2");
  EXPECT_THAT(output(), HasSubstr("SubOperations"));
  EXPECT_EQ(received(), "");
}

TEST_F(DimseRetrieveTest, RefusesWhatItCannotDo) {
  serve();
  run("movescu", "-v -aec MERIDIAN -aem STRANGER -S -k QueryRetrieveLevel=STUDY -k StudyInstanceUID=1.1");
  EXPECT_THAT(output(), HasSubstr("MoveDestinationUnknown"));
  for (const char* arguments :
       {"-S -k QueryRetrieveLevel=STUDY -k PatientID=P-1", "-P -k QueryRetrieveLevel=PATIENT -k PatientID=P*",
        "-S -k QueryRetrieveLevel=PATIENT -k PatientID=P-1", "-S -k StudyInstanceUID=1.1"}) {
    move(arguments);
    EXPECT_THAT(output(), HasSubstr("DataSetDoesNotMatchSOPClass")) << arguments;
    get(arguments);
    EXPECT_EQ(received(), "") << arguments;
  }
  // Nobody listens at the destination.
  run("movescu", "-v -aec MERIDIAN -aem MOVER -S -k QueryRetrieveLevel=STUDY -k StudyInstanceUID=1.1");
  EXPECT_THAT(output(), HasSubstr("Refused: OutOfResourcesSubOperations"));
}

TEST_F(DimseRetrieveTest, StopsWhenCancelled) {
  for (int i = 0; i < 40; ++i) file(film("1.3.1." + std::to_string(i)));
  serve();
  move("--cancel 1 -S -k QueryRetrieveLevel=STUDY -k StudyInstanceUID=1.3");
  EXPECT_THAT(output(), HasSubstr("Cancel"));
  EXPECT_LT(std::distance(fs::directory_iterator(folder_ / "received"), {}), 40);
}

TEST_F(DimseRetrieveTest, RetrievesNothingWhereNothingIsAnswered) {
  start();
  EXPECT_NE(get("-S -k QueryRetrieveLevel=STUDY -k StudyInstanceUID=1.1"), 0);
  EXPECT_THAT(output(), HasSubstr("No adequate Presentation Contexts"));
}

}  // namespace
}  // namespace meridian::doors::dimse
