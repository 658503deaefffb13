// Query and retrieval as a user, from DCMTK's and Orthanc's archives.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

#include "base/error.h"
#include "doors/dimse/retrieve_user.h"
#include "doors/dimse/socket.h"
#include "doors/dimse/store_user.h"
#include "doors/dimse_fixture.h"

namespace meridian::doors::dimse {
namespace {

// A program of others, ended with this.
class PeerProgram {
 public:
  explicit PeerProgram(std::vector<std::string> command) {
    std::vector<char*> arguments;
    for (std::string& word : command) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    for (const int stream : {STDOUT_FILENO, STDERR_FILENO})
      posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_WRONLY, 0);
    posix_spawnp(&process_, arguments[0], &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
  }
  ~PeerProgram() {
    if (process_ <= 0) return;
    kill(process_, SIGKILL);
    waitpid(process_, nullptr, 0);
  }

 private:
  pid_t process_ = -1;
};

class DimseFetchTest : public DimseTest, public ::testing::WithParamInterface<std::string> {
 protected:
  void SetUp() override {
    start();
    peer_ = {.host = "127.0.0.1", .port = Listener("127.0.0.1", 0).port(), .ae_title = "PACS"};
    if (GetParam() == "Orthanc" && access("/usr/sbin/Orthanc", X_OK) != 0)
      GTEST_SKIP() << "Debian's package orthanc is not installed";
    program_ = std::make_unique<PeerProgram>(GetParam() == "Orthanc" ? orthanc() : dcmqrscp());
    fill();
  }

  std::vector<std::string> dcmqrscp() {
    fs::create_directories(folder_ / "pacs");
    std::ofstream(folder_ / "dcmqrscp.cfg")
        << "NetworkTCPPort = " << peer_.port << "\nMaxPDUSize = 16384\nMaxAssociations = 16\n"
        << "HostTable BEGIN\nnode = (MERIDIAN, 127.0.0.1, " << server_->port() << ")\nHostTable END\n"
        << "VendorTable BEGIN\nVendorTable END\n"
        << "AETable BEGIN\nPACS " << (folder_ / "pacs").string() << " RW (200, 64mb) ANY\nAETable END\n";
    return {"dcmqrscp", "-c", (folder_ / "dcmqrscp.cfg").string()};
  }

  std::vector<std::string> orthanc() {
    const std::string pacs = (folder_ / "pacs").string();
    write_file(folder_ / "orthanc.json",
               Json::object({{"StorageDirectory", pacs},
                             {"IndexDirectory", pacs},
                             {"DicomPort", std::int64_t(peer_.port)},
                             {"DicomAet", "PACS"},
                             {"DicomAlwaysAllowFind", true},
                             {"DicomAlwaysAllowGet", true},
                             {"DicomAlwaysAllowMove", true},
                             {"DicomAlwaysAllowStore", true},
                             {"HttpServerEnabled", false},
                             {"DicomModalities",
                              Json::object({{"node", Json::array({"MERIDIAN", "127.0.0.1",
                                                                  std::int64_t(server_->port())})}})}})
                   .dump());
    return {"/usr/sbin/Orthanc", (folder_ / "orthanc.json").string()};
  }

  static std::string film(const std::string& uid, const std::string& patient) {
    archive::FilmFacts facts;
    facts.patient_id = patient;
    facts.patient_name = "Li^Na";
    facts.instance_uid = uid;
    facts.series_uid = uid.substr(0, 5);
    facts.study_uid = uid.substr(0, 3);
    vision::GreyImage image{.width = 64, .height = 32};
    image.pixels.assign(64 * 32, 0.5f);
    return archive::compose_film(image, facts);
  }

  // Two studies, once the peer answers.
  void fill() {
    const archive::InstanceFacts facts = archive::parse_instance(film("1.1.1.1", "P-1")).facts;
    std::unique_ptr<StoreUser> user;
    for (int tries = 0; !user && tries < 200; ++tries) {
      try {
        user = std::make_unique<StoreUser>(peer_, StoreContexts{{facts.sop_class, facts.transfer_syntax}});
      } catch (const Error&) {
        poll(nullptr, 0, 50);  // it is still starting
      }
    }
    ASSERT_TRUE(user) << GetParam() << " does not answer";
    for (const char* uid : {"1.1.1.1", "1.1.1.2", "1.1.2.1"}) ASSERT_EQ(user->store(film(uid, "P-1")), 0);
    ASSERT_EQ(user->store(film("1.2.1.1", "P-2")), 0);
  }

  std::string found(const StudyFilter& filter) {
    std::string all;
    for (const PeerStudy& study : find_studies(peer_, filter)) all += study.study + " ";
    return all;
  }
  std::string stored() const {
    std::string all;
    for (const auto& [uid, file] : stored_) all += uid + " ";
    return all;
  }

  DimsePeer peer_;
  std::unique_ptr<PeerProgram> program_;
  std::vector<SubOperations> seen_;
  RetrieveWatcher watch_ = [this](const SubOperations& now) { seen_.push_back(now); };
};

TEST_P(DimseFetchTest, FindsStudies) {
  EXPECT_EQ(found({.patient_id = "P-1"}), "1.1 ");
  EXPECT_EQ(found({.study = "1.2"}), "1.2 ");
  EXPECT_EQ(found({.patient_id = "P-3"}), "");
  const std::vector<PeerStudy> both = find_studies(peer_, {.patient_name = "Li*"});
  ASSERT_EQ(both.size(), 2u);
  EXPECT_EQ(both[0].patient_name, "Li^Na");
}

TEST_P(DimseFetchTest, GetsAStudyOverItsAssociation) {
  const SubOperations last = get_study(peer_, "1.1", keep(), 1u << 20, watch_);
  EXPECT_EQ(last.completed, 3);
  EXPECT_EQ(last.failed, 0);
  EXPECT_EQ(stored(), "1.1.1.1 1.1.1.2 1.1.2.1 ");
  EXPECT_GE(seen_.size(), 1u);
}

TEST_P(DimseFetchTest, TellsThePeerWhatIsNotTaken) {
  const auto refuse = [this](std::string file, const PeerFacts& peer) {
    if (archive::parse_instance(file).facts.key.instance == "1.1.1.2")
      throw Error(ErrorCode::storage_full, "The disk is full");
    return keep()(std::move(file), peer);
  };
  const SubOperations last = get_study(peer_, "1.1", refuse, 1u << 20, watch_);
  EXPECT_EQ(last.completed, 2);
  EXPECT_EQ(last.failed, 1);
  EXPECT_EQ(stored(), "1.1.1.1 1.1.2.1 ");
  stored_.clear();
  EXPECT_EQ(get_study(peer_, "1.2", keep(), 100, watch_).failed, 1);  // larger than is taken
  EXPECT_EQ(stored(), "");
}

TEST_P(DimseFetchTest, HasAStudyMovedHere) {
  const SubOperations last = move_study(peer_, "1.1", "MERIDIAN", watch_);
  EXPECT_EQ(last.failed, 0);
  EXPECT_EQ(last.completed, 3);
  const std::lock_guard lock(mutex_);
  EXPECT_EQ(stored(), "1.1.1.1 1.1.1.2 1.1.2.1 ");
}

TEST_P(DimseFetchTest, SaysThatThePeerRefuses) {
  EXPECT_THROW(move_study(peer_, "1.1", "STRANGER", watch_), Error);
  peer_.port = Listener("127.0.0.1", 0).port();
  EXPECT_THROW(find_studies(peer_, {.study = "1.1"}), Error);
}

INSTANTIATE_TEST_SUITE_P(Peers, DimseFetchTest, ::testing::Values("Dcmqrscp", "Orthanc"),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace meridian::doors::dimse
