// The DICOM service as DCMTK's own programs meet it.
#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/dcmnet/dimse.h>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <future>
#include <map>
#include <mutex>
#include <thread>

#include "archive/parse.h"
#include "base/error.h"
#include "base/file.h"
#include "base/id.h"
#include "base/resource.h"
#include "doors/dimse/echo_user.h"
#include "doors/dimse/socket.h"
#include "doors/dimse/store_user.h"
#include "doors/dimse/user_association.h"
#include "doors/dimse_fixture.h"

namespace meridian::doors::dimse {
namespace {

TEST_F(DimseTest, AnswersAnEcho) {
  start();
  EXPECT_EQ(run("echoscu", "-aec MERIDIAN -aet CLINIC"), 0) << output();
}

TEST_F(DimseTest, AsksWhetherAPeerAnswers) {
  start();
  DimsePeer peer{.host = "127.0.0.1", .port = server_->port(), .ae_title = "MERIDIAN"};
  EXPECT_NO_THROW(echo(peer));
  peer.ae_title = "OTHER";
  EXPECT_THROW(echo(peer), Error);
}

TEST_F(DimseTest, StoresWhatIsSent) {
  start();
  const std::string path = write_film("film.dcm");
  EXPECT_EQ(run("storescu", "-aec MERIDIAN -aet CLINIC", path), 0) << output();
  ASSERT_EQ(stored_.size(), 1u);
  const archive::Parsed sent = archive::parse_instance(read_file(path)),
                        kept = archive::parse_instance(stored_.begin()->second);
  EXPECT_EQ(sent.file.substr(sent.pixels.dataset_offset), kept.file.substr(kept.pixels.dataset_offset));
  EXPECT_EQ(peer_.calling_ae_title, "CLINIC");
  EXPECT_EQ(peer_.address, "127.0.0.1");
}

TEST_F(DimseTest, KnowsWhoMayCall) {
  options_.calling_ae_titles = {"CLINIC"};
  start();
  EXPECT_EQ(run("echoscu", "-aec MERIDIAN -aet CLINIC"), 0) << output();
  EXPECT_NE(run("echoscu", "-aec MERIDIAN -aet STRANGER"), 0);
  EXPECT_NE(output().find("Calling AE Title Not Recognized"), std::string::npos) << output();
  EXPECT_NE(run("echoscu", "-aec OTHER -aet CLINIC"), 0);
  EXPECT_NE(output().find("Called AE Title Not Recognized"), std::string::npos) << output();
}

TEST_F(DimseTest, RefusesAnAeTitleThatIsNone) {
  for (const char* title : {"", "SEVENTEEN-LETTERS", " X", "A\\B"}) {
    options_.ae_title = title;
    EXPECT_THROW(start(), Error) << title;
  }
}

TEST_F(DimseTest, AnswersAnErrorWithItsStatus) {
  server_ = std::make_unique<DimseServer>(
      options_, DimseHandlers{.store = [](std::string, const PeerFacts&) -> std::uint16_t {
                                throw Error(ErrorCode::storage_full, "The disk is full");
                              },
                              .query = {}});
  EXPECT_NE(run("storescu", "-v -aec MERIDIAN", write_film("film.dcm")), 0);
  EXPECT_NE(output().find("OutOfResources"), std::string::npos) << output();
}

// PS3.7, annex C: whoever asks for what is not done here is told so, and may go on.
TEST_F(DimseTest, AnswersOperationsThatItDoesNotDo) {
  constexpr std::uint16_t kUnrecognized = 0x0211;
  start();
  const UserAssociation association(
      {.host = "127.0.0.1", .port = server_->port(), .ae_title = "MERIDIAN", .our_ae_title = "XRAY"},
      {{.abstract_syntax = UID_VerificationSOPClass, .transfer_syntaxes = {"1.2.840.10008.1.2"}}});
  const auto ask = [&](T_DIMSE_Message message, DcmDataset* dataset) {
    EXPECT_TRUE(
        DIMSE_sendMessageUsingMemoryData(association.get(), 1, &message, nullptr, dataset, nullptr, nullptr)
            .good());
    T_DIMSE_Message answer{};
    T_ASC_PresentationContextID context = 0;
    DcmDataset* detail = nullptr;
    EXPECT_TRUE(
        DIMSE_receiveCommand(association.get(), DIMSE_NONBLOCKING, 20, &context, &answer, &detail).good());
    delete detail;
    return answer;
  };
  T_DIMSE_Message get{};
  get.CommandField = DIMSE_N_GET_RQ;
  get.msg.NGetRQ.MessageID = 1;
  get.msg.NGetRQ.DataSetType = DIMSE_DATASET_NULL;
  std::strcpy(get.msg.NGetRQ.RequestedSOPClassUID, UID_ModalityPerformedProcedureStepSOPClass);
  std::strcpy(get.msg.NGetRQ.RequestedSOPInstanceUID, "1.2.3");
  const T_DIMSE_Message got = ask(get, nullptr);
  EXPECT_EQ(got.CommandField, DIMSE_N_GET_RSP);
  EXPECT_EQ(got.msg.NGetRSP.DimseStatus, kUnrecognized);
  EXPECT_EQ(got.msg.NGetRSP.MessageIDBeingRespondedTo, 1);
  // A service that this node has no handler for, and that was not negotiated.
  DcmDataset asked;
  asked.putAndInsertString(DCM_TransactionUID, "1.2.99");
  DcmItem* item = nullptr;
  asked.findOrCreateSequenceItem(DCM_ReferencedSOPSequence, item, -2);
  item->putAndInsertString(DCM_ReferencedSOPInstanceUID, "1.2.3");
  T_DIMSE_Message commit{};
  commit.CommandField = DIMSE_N_ACTION_RQ;
  commit.msg.NActionRQ.MessageID = 2;
  commit.msg.NActionRQ.ActionTypeID = 1;
  commit.msg.NActionRQ.DataSetType = DIMSE_DATASET_PRESENT;
  std::strcpy(commit.msg.NActionRQ.RequestedSOPClassUID, UID_StorageCommitmentPushModelSOPClass);
  std::strcpy(commit.msg.NActionRQ.RequestedSOPInstanceUID, UID_StorageCommitmentPushModelSOPInstance);
  const T_DIMSE_Message committed = ask(commit, &asked);
  EXPECT_EQ(committed.CommandField, DIMSE_N_ACTION_RSP);
  EXPECT_EQ(committed.msg.NActionRSP.DimseStatus, kUnrecognized);
  T_DIMSE_Message echo{};
  echo.CommandField = DIMSE_C_ECHO_RQ;
  echo.msg.CEchoRQ.MessageID = 3;
  echo.msg.CEchoRQ.DataSetType = DIMSE_DATASET_NULL;
  std::strcpy(echo.msg.CEchoRQ.AffectedSOPClassUID, UID_VerificationSOPClass);
  EXPECT_EQ(ask(echo, nullptr).msg.CEchoRSP.DimseStatus, 0);
}

TEST_F(DimseTest, RefusesWhatIsTooLarge) {
  options_.largest_instance = 4096;
  start();
  EXPECT_NE(run("storescu", "-v -aec MERIDIAN", write_film("large.dcm", 512)), 0);
  EXPECT_NE(output().find("OutOfResources"), std::string::npos) << output();
  EXPECT_TRUE(stored_.empty());
}

TEST_F(DimseTest, ServesManyAssociationsAtOnce) {
  start();
  const int peers = 8, films = 5;
  for (int i = 0; i < peers; ++i) {
    fs::create_directories(folder_ / std::to_string(i));
    for (int j = 0; j < films; ++j) write_film(std::to_string(i) + "/" + std::to_string(j) + ".dcm");
  }
  std::vector<std::future<int>> running;
  for (int i = 0; i < peers; ++i)
    running.push_back(std::async(std::launch::async, [&, i] {
      const std::string command = "storescu -aec MERIDIAN +sd 127.0.0.1 " + std::to_string(server_->port()) +
                                  " " + (folder_ / std::to_string(i)).string() + " > /dev/null 2>&1";
      return std::system(command.c_str());
    }));
  for (auto& status : running) EXPECT_EQ(status.get(), 0);
  const std::lock_guard lock(mutex_);
  EXPECT_EQ(stored_.size(), std::size_t(peers * films));
}

class RawPeer {
 public:
  explicit RawPeer(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in place{};
    place.sin_family = AF_INET;
    place.sin_port = htons(port);
    inet_pton(AF_INET, "127.0.0.1", &place.sin_addr);
    if (connect(socket_.descriptor(), reinterpret_cast<sockaddr*>(&place), sizeof place))
      throw std::runtime_error("connect");
  }
  int descriptor() const { return socket_.descriptor(); }
  void send(std::string_view bytes) {
    ::send(socket_.descriptor(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }
  // What comes until the other side ends the connection.
  std::string receive_all() {
    std::string all;
    char buffer[4096];
    for (ssize_t got; (got = recv(socket_.descriptor(), buffer, sizeof buffer, 0)) > 0;)
      all.append(buffer, std::size_t(got));
    return all;
  }

 private:
  Socket socket_;
};

TEST_F(DimseTest, SurvivesPeersThatDoNotSpeakDicom) {
  options_.handshake = std::chrono::seconds(2);
  start();
  RawPeer(server_->port()).send("GET / HTTP/1.1\r\n\r\n");
  RawPeer(server_->port()).send(std::string("\x01\x00\xFF\xFF\xFF\xFF", 6));
  RawPeer(server_->port()).send(std::string("\x01\x00\x00\x00\x00\x10", 6) + std::string(16, '\xFF'));
  RawPeer(server_->port()).send(std::string("\x01\x00\x00\x00\x00\x00", 6));
  RawPeer truncated(server_->port());
  truncated.send(std::string("\x01\x00\x00\x00\x00\xC8", 6) + "short");
  EXPECT_EQ(truncated.receive_all(), "");  // given up after the handshake's time
  EXPECT_EQ(run("echoscu", "-aec MERIDIAN"), 0) << output();
}

TEST_F(DimseTest, SilentPeersHoldUpNobody) {
  start();
  std::vector<std::unique_ptr<RawPeer>> silent;
  for (int i = 0; i < 40; ++i) silent.push_back(std::make_unique<RawPeer>(server_->port()));
  EXPECT_EQ(run("echoscu", "-aec MERIDIAN"), 0) << output();
}

TEST_F(DimseTest, RejectsMoreThanItsLimit) {
  options_.largest_number_of_associations = 1;
  start();
  RawPeer first(server_->port());
  RawPeer second(server_->port());
  EXPECT_EQ(second.receive_all(), std::string("\x03\x00\x00\x00\x00\x04\x00\x02\x03\x02", 10));
}

// A relay that passes on so many bytes of what a peer sends and then cuts the connection.
class CuttingRelay {
 public:
  CuttingRelay(std::uint16_t port, std::size_t bytes)
      : listener_("127.0.0.1", 0), thread_([this, port, bytes] { relay(port, bytes); }) {}
  ~CuttingRelay() { thread_.join(); }
  std::uint16_t port() const { return listener_.port(); }

 private:
  void relay(std::uint16_t port, std::size_t left) {
    auto peer = listener_.accept();
    RawPeer onward(port);
    const int from = peer->socket.descriptor(), to = onward.descriptor();
    std::thread back([&] { pump(to, from, std::size_t(-1)); });
    pump(from, to, left);
    shutdown(from, SHUT_RDWR);
    shutdown(to, SHUT_RDWR);
    back.join();
  }
  static void pump(int from, int to, std::size_t left) {
    char buffer[1024];
    while (left > 0) {
      const ssize_t got = recv(from, buffer, std::min(left, sizeof buffer), 0);
      if (got <= 0) return;
      ::send(to, buffer, std::size_t(got), MSG_NOSIGNAL);
      left -= std::size_t(got);
    }
  }

  Listener listener_;
  std::thread thread_;
};

TEST_F(DimseTest, KeepsNothingOfAStoreThatIsCut) {
  start();
  const std::string path = write_film("film.dcm", 2048);
  for (const std::size_t bytes : {300u, 5'000u, 60'000u, 120'000u}) {
    CuttingRelay relay(server_->port(), bytes);
    const std::string command =
        "storescu -aec MERIDIAN 127.0.0.1 " + std::to_string(relay.port()) + " " + path + " > /dev/null 2>&1";
    EXPECT_NE(std::system(command.c_str()), 0) << bytes;
  }
  EXPECT_EQ(run("storescu", "-aec MERIDIAN", path), 0) << output();
  EXPECT_EQ(stored_.size(), 1u);
}

TEST_F(DimseTest, TakesWhatItSendsItself) {
  start();
  const std::string film = read_file(write_film("film.dcm"));
  const StoreContexts contexts{{"1.2.840.10008.5.1.4.1.1.1.1", "1.2.840.10008.1.2.1"}};
  const DimsePeer peer{
      .host = "127.0.0.1", .port = server_->port(), .ae_title = "MERIDIAN", .our_ae_title = "CLINIC"};
  {
    StoreUser user(peer, contexts);
    EXPECT_EQ(user.store(film), 0);
    EXPECT_EQ(user.store(film), 0);
  }
  EXPECT_EQ(stored_.size(), 1u);
  EXPECT_EQ(peer_.calling_ae_title, "CLINIC");
  StoreUser other(peer, {{"1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.1.2.1"}});
  EXPECT_THROW(other.store(film), Error);
  EXPECT_THROW(StoreUser(peer, {}), Error);
  DimsePeer stranger = peer;
  stranger.ae_title = "OTHER";
  EXPECT_THROW(StoreUser(stranger, contexts), Error);
  server_->stop();
  EXPECT_THROW(StoreUser(peer, contexts), Error);
}

TEST_F(DimseTest, StopsWhilePeersAreConnected) {
  start();
  RawPeer silent(server_->port());
  EXPECT_EQ(run("echoscu", "-aec MERIDIAN"), 0)
      << output();  // who comes first is taken first: the silent one is in
  server_->stop();
  server_->stop();
  EXPECT_EQ(silent.receive_all(), "");
}

TEST_F(DimseTest, KeepsEveryTransferSyntaxOfRealFiles) {
  const fs::path tar = data_folder() / "img" / "dicom.tar";
  if (!fs::exists(tar)) GTEST_SKIP() << "needs " << tar;
  ASSERT_EQ(std::system(("tar -C " + folder_.path().string() + " -xf " + tar.string() +
                         " dicom/WG04/J2KR dicom/WG04/JLSL dicom/WG04/RLE "
                         "dicom/WG04/JPLL dicom/pydicom/CT_small.dcm")
                            .c_str()),
            0);
  start();
  std::size_t sent = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder_ / "dicom")) {
    if (!entry.is_regular_file()) continue;
    EXPECT_EQ(run("dcmsend", "--no-uid-checks --decompress-never -aec MERIDIAN", entry.path().string()), 0)
        << entry.path() << output();
    const archive::Parsed file = archive::parse_instance(read_file(entry.path()));
    ASSERT_TRUE(stored_.contains(file.facts.key.instance)) << entry.path();
    const archive::Parsed kept = archive::parse_instance(stored_[file.facts.key.instance]);
    EXPECT_EQ(kept.facts.transfer_syntax, file.facts.transfer_syntax) << entry.path();
    ++sent;
  }
  EXPECT_GT(sent, 12u);
}

}  // namespace
}  // namespace meridian::doors::dimse
