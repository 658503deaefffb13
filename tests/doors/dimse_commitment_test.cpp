// Reports of storage commitments to a peer that cannot be reached at first.
#include "doors/dimse/commitment.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/dcmnet/dimse.h>
#include <gtest/gtest.h>

#include <future>

#include "base/error.h"
#include "base/temporary_folder.h"

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

  static CommitmentReport report() {
    return {.ae_title = "XRAY",
            .transaction = "1.2.99",
            .references = {{"1.2.840.10008.5.1.4.1.1.1.1", "1.5.1", 0}}};
  }
  std::vector<DimsePeer> at(std::uint16_t port) const {
    return {{.host = "127.0.0.1", .port = port, .ae_title = "XRAY"}};
  }

  TemporaryFolder folder_;
  std::unique_ptr<storage::Database> database_ =
      storage::open_database({.path = folder_ / "node.db", .synchronous = false});
  storage::Queue queue_{*database_};
};

TEST_F(CommitmentTest, KeepsItsReportAsText) {
  CommitmentReport before = report();
  before.references.push_back({"1.2.3", "1.5.2", 0x0112});
  const CommitmentReport after = CommitmentReport::from_json(Json::parse(before.to_json().dump()));
  EXPECT_EQ(after.ae_title, "XRAY");
  ASSERT_EQ(after.references.size(), 2u);
  EXPECT_EQ(after.references[1].failure, 0x0112);
  EXPECT_FALSE(after.complete());
  EXPECT_THROW(CommitmentReport::from_json(Json::object()), Error);
}

TEST_F(CommitmentTest, TellsWhenThePeerIsThere) {
  ReportReceiver modality;
  CommitmentReports reports(*database_, queue_, at(modality.port()));
  EXPECT_FALSE(reports.tell_one());
  reports.keep(report());
  auto received = std::async(std::launch::async, [&] { return modality.receive(); });
  EXPECT_TRUE(reports.tell_one());
  EXPECT_EQ(received.get(), "1.2.99");
  EXPECT_EQ(queue_.waiting("dicom.commitment"), 0);
  EXPECT_FALSE(reports.tell_one());
}

TEST_F(CommitmentTest, KeepsWhatCannotBeToldYet) {
  CommitmentReports reports(*database_, queue_, at(1));  // nobody is there
  reports.keep(report());
  EXPECT_TRUE(reports.tell_one());
  EXPECT_EQ(queue_.waiting("dicom.commitment"), 1);
  EXPECT_FALSE(reports.tell_one());  // not before its back-off
  CommitmentReports strangers(*database_, queue_, {});
  strangers.keep(report());
  EXPECT_TRUE(strangers.tell_one());
  EXPECT_EQ(queue_.waiting("dicom.commitment"), 2);
}

}  // namespace
}  // namespace meridian::doors::dimse
