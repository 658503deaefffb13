// Reports of storage commitments to a peer that cannot be reached at first.
#include "doors/dimse/commitment.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/dcmnet/dimse.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>

#include "base/error_of.h"
#include "base/temporary_folder.h"
#include "doors/dimse/commitment_user.h"
#include "doors/dimse/dimse_server.h"

namespace meridian::doors::dimse {
namespace {

// A modality that waits for one report and answers it.
class ReportReceiver {
 public:
  ReportReceiver() {
    while (ASC_initializeNetwork(NET_ACCEPTOR, port_, 20, &network_).bad() && port_ < 40'000) ++port_;
  }
  ~ReportReceiver() { ASC_dropNetwork(&network_); }
  std::uint16_t port() const { return static_cast<std::uint16_t>(port_); }

  // Gives the transaction.
  std::string receive() {
    T_ASC_Association* association = nullptr;
    EXPECT_TRUE(ASC_receiveAssociation(network_, &association, ASC_DEFAULTMAXPDU).good());
    const char* syntaxes[] = {UID_LittleEndianExplicitTransferSyntax};
    const char* classes[] = {UID_StorageCommitmentPushModelSOPClass};
    ASC_acceptContextsWithPreferredTransferSyntaxes(association->params, classes, 1, syntaxes, 1,
                                                    ASC_SC_ROLE_SCP);
    ASC_acknowledgeAssociation(association);
    T_DIMSE_Message message{};
    T_ASC_PresentationContextID context = 0;
    DcmDataset *detail = nullptr, *report = nullptr;
    EXPECT_TRUE(DIMSE_receiveCommand(association, DIMSE_NONBLOCKING, 20, &context, &message, &detail).good());
    DIMSE_receiveDataSetInMemory(association, DIMSE_NONBLOCKING, 20, &context, &report, nullptr, nullptr);
    T_DIMSE_Message answer{};
    answer.CommandField = DIMSE_N_EVENT_REPORT_RSP;
    answer.msg.NEventReportRSP.MessageIDBeingRespondedTo = message.msg.NEventReportRQ.MessageID;
    answer.msg.NEventReportRSP.DataSetType = DIMSE_DATASET_NULL;
    DIMSE_sendMessageUsingMemoryData(association, context, &answer, nullptr, nullptr, nullptr, nullptr);
    OFString transaction;
    if (report) report->findAndGetOFString(DCM_TransactionUID, transaction);
    delete report;
    delete detail;
    DIMSE_receiveCommand(association, DIMSE_NONBLOCKING, 20, &context, &message,
                         &detail);  // the release
    ASC_acknowledgeRelease(association);
    ASC_dropSCPAssociation(association);
    ASC_destroyAssociation(&association);
    return transaction.c_str();
  }

 private:
  int port_ = 31'104;
  T_ASC_Network* network_ = nullptr;
};

class CommitmentTest : public ::testing::Test {
 protected:
  CommitmentTest() { database_->migrate(storage::Queue::migrations()); }

  static CommitmentRequest request(const std::string& transaction = "1.2.99") {
    return {.peer = {"XRAY", "MERIDIAN", "192.0.2.7"},
            .transaction = transaction,
            .references = {{"1.2.840.10008.5.1.4.1.1.1.1", "1.5.1"}}};
  }
  Commitments commitments_of(std::vector<DimsePeer> destinations) {
    return {*database_, queue_, std::move(destinations),
            [](const std::string&, const std::string& instance, const PeerFacts& peer) {
              return std::uint16_t(instance == "1.5.1" && peer.address == "192.0.2.7" ? 0 : 0x0112);
            }};
  }
  static std::vector<DimsePeer> at(std::uint16_t port) {
    return {{.host = "127.0.0.1", .port = port, .ae_title = "XRAY"}};
  }
  std::int64_t waiting() const { return queue_.waiting("dicom.commitment/XRAY"); }
  void pass(std::chrono::seconds time) { now_ += time; }

  TemporaryFolder folder_;
  std::unique_ptr<storage::Database> database_ =
      storage::open_database({.path = folder_ / "node.db", .synchronous = false});
  Instant now_ = now();
  storage::Queue queue_{*database_, [this] { return now_; }};
};

TEST_F(CommitmentTest, KeepsItsRequestAsText) {
  CommitmentRequest before = request();
  before.references.push_back({"1.2.3", "1.5.2"});
  const CommitmentRequest after = CommitmentRequest::from_json(Json::parse(before.to_json().dump()));
  EXPECT_EQ(after.peer.calling_ae_title, "XRAY");
  EXPECT_EQ(after.peer.address, "192.0.2.7");
  ASSERT_EQ(after.references.size(), 2u);
  EXPECT_EQ(after.references[1].instance, "1.5.2");
  EXPECT_THROW(CommitmentRequest::from_json(Json::object()), Error);
}

TEST_F(CommitmentTest, TellsWhenThePeerIsThere) {
  ReportReceiver modality;
  Commitments commitments = commitments_of(at(modality.port()));
  EXPECT_FALSE(commitments.tell_one());
  commitments.keep(request());
  EXPECT_FALSE(commitments.tell_one());  // the answer to the request goes first
  pass(std::chrono::seconds(2));
  auto received = std::async(std::launch::async, [&] { return modality.receive(); });
  EXPECT_TRUE(commitments.tell_one());
  EXPECT_EQ(received.get(), "1.2.99");
  EXPECT_EQ(waiting(), 0);
  EXPECT_FALSE(commitments.tell_one());
}

TEST_F(CommitmentTest, KeepsWhatCannotBeToldYet) {
  Commitments commitments = commitments_of(at(1));  // nobody is there
  commitments.keep(request());
  pass(std::chrono::seconds(2));
  EXPECT_TRUE(commitments.tell_one());
  EXPECT_EQ(waiting(), 1);
  EXPECT_FALSE(commitments.tell_one());  // not before its back-off
}

TEST_F(CommitmentTest, TellsAPeerWithoutAnAddressWhenItAsksAgain) {
  Commitments commitments = commitments_of({});
  commitments.keep(request());
  EXPECT_FALSE(commitments.tell_one());
  const auto hung_up = [](const CommitmentReport&) { throw Error(ErrorCode::unavailable, "Gone"); };
  EXPECT_THROW(commitments.tell_all("XRAY", hung_up), Error);
  EXPECT_EQ(waiting(), 1);
  pass(std::chrono::minutes(1));
  commitments.keep(request("1.2.100"));
  std::vector<std::string> told;
  const auto hear = [&](const CommitmentReport& report) {
    EXPECT_TRUE(report.complete());
    told.push_back(report.transaction);
  };
  commitments.tell_all("OTHER", hear);
  EXPECT_TRUE(told.empty());
  commitments.tell_all("XRAY", hear);
  EXPECT_EQ(told, (std::vector<std::string>{"1.2.99", "1.2.100"}));
  EXPECT_EQ(waiting(), 0);
}

TEST_F(CommitmentTest, GoesOnAfterAReportThatThePeerDoesNotTake) {
  Commitments commitments = commitments_of({});
  commitments.keep(request());
  commitments.keep(request("1.2.100"));
  std::vector<std::string> told;
  commitments.tell_all("XRAY", [&](const CommitmentReport& report) {
    if (report.transaction == "1.2.99") throw Error(ErrorCode::refused, "No such transaction");
    told.push_back(report.transaction);
  });
  EXPECT_EQ(told, std::vector<std::string>{"1.2.100"});
  EXPECT_EQ(waiting(), 1);
}

// This program at both ends.
class CommitmentUserTest : public CommitmentTest {
 protected:
  // A PACS that keeps 1.5.1 and nothing else.
  std::unique_ptr<Commitments> pacs(std::vector<DimsePeer> destinations) {
    return std::make_unique<Commitments>(
        *database_, eager_, std::move(destinations),
        [](const std::string&, const std::string& instance, const PeerFacts&) {
          return std::uint16_t(instance == "1.5.1" ? 0 : 0x0112);
        });
  }
  static std::unique_ptr<DimseServer> serve(const std::string& title, DimseHandlers handlers) {
    DimseOptions options;
    options.port = 0;
    options.ae_title = title;
    return std::make_unique<DimseServer>(options, std::move(handlers));
  }
  static DimsePeer peer_at(const DimseServer& server) {
    return {.host = "127.0.0.1", .port = server.port(), .ae_title = "PACS", .our_ae_title = "XRAY"};
  }
  static std::string summary(const CommitmentReport& report) {
    std::string text;
    for (const auto& [sop_class, instance, failure] : report.references)
      text += instance + " " + std::to_string(failure) + "; ";
    return text;
  }
  static constexpr std::chrono::seconds kPatience{60};
  const std::vector<CommitmentRequest::Reference> asked_{{"1.2.840.10008.5.1.4.1.1.1.1", "1.5.1"},
                                                         {"1.2.840.10008.5.1.4.1.1.1.1", "1.5.2"}};
  std::atomic<int> looks_{0};
  // At each look two seconds later: what waits for the peer's answer is due.
  storage::Queue eager_{*database_, [this] { return now_ + std::chrono::seconds(2 * ++looks_); }};
  ReceivedReports elsewhere_;
};

TEST_F(CommitmentUserTest, HearsTheReportOnItsAssociation) {
  const auto commitments = pacs({});
  const auto server = serve("PACS", {.commitments = commitments.get()});
  EXPECT_EQ(summary(ask_commitment(peer_at(*server), asked_, elsewhere_, kPatience)), "1.5.1 0; 1.5.2 274; ");
}

TEST_F(CommitmentUserTest, HearsTheReportOnAnAssociationOfThePeers) {
  const auto ours = serve(
      "XRAY", {.report = [&](const CommitmentReport& report, const PeerFacts&) { elsewhere_.add(report); }});
  const auto commitments = pacs({{.host = "127.0.0.1", .port = ours->port(), .ae_title = "XRAY"}});
  const auto server = serve("PACS", {.commitments = commitments.get()});
  commitments->start();
  EXPECT_EQ(summary(ask_commitment(peer_at(*server), asked_, elsewhere_, kPatience)), "1.5.1 0; 1.5.2 274; ");
}

TEST_F(CommitmentUserTest, SaysThatThePeerCommitsToNothing) {
  const auto server = serve("PACS", {});
  EXPECT_EQ(code_of([&] { ask_commitment(peer_at(*server), asked_, elsewhere_, kPatience); }),
            ErrorCode::unavailable);
}

}  // namespace
}  // namespace meridian::doors::dimse
