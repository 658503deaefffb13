#include "doors/dimse/commitment_user.h"

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/dcmnet/dimse.h>
#include <fmt/format.h>

#include <cstring>
#include <utility>

#include "archive/transfer_syntax.h"
#include "base/error.h"
#include "base/id.h"
#include "doors/dimse/event_report.h"
#include "doors/dimse/receive_bytes.h"
#include "doors/dimse/status.h"
#include "doors/dimse/user_association.h"

namespace meridian::doors::dimse {
namespace {

constexpr const char* kModel = UID_StorageCommitmentPushModelSOPClass;
constexpr std::uint16_t kCommitAction = 1;      // PS3.4, J.3.2.1.1
constexpr std::chrono::seconds kAnswer{60};     // to the request
constexpr std::chrono::milliseconds kLook{50};  // at one way while the other is waited for

void check(const OFCondition& condition) {
  if (condition.bad())
    throw Error(ErrorCode::unavailable, std::string("The DICOM peer is gone: ") + condition.text());
}

DcmDataset action_of(const std::string& transaction,
                     const std::vector<CommitmentRequest::Reference>& references) {
  DcmDataset action;
  action.putAndInsertString(DCM_TransactionUID, transaction.c_str());
  for (const auto& [sop_class, instance] : references) {
    DcmItem* item = nullptr;
    if (action.findOrCreateSequenceItem(DCM_ReferencedSOPSequence, item, -2).bad())
      throw Error(ErrorCode::internal, "A request for a storage commitment cannot be written");
    item->putAndInsertString(DCM_ReferencedSOPClassUID, sop_class.c_str());
    item->putAndInsertString(DCM_ReferencedSOPInstanceUID, instance.c_str());
  }
  return action;
}

// One request, from its association to its report.
class Asking {
 public:
  explicit Asking(const DimsePeer& peer)
      : association_(peer, {{.abstract_syntax = kModel,
                             .transfer_syntaxes = {std::string(archive::kExplicitLittleEndian),
                                                   std::string(archive::kImplicitLittleEndian)}}}),
        context_(ASC_findAcceptedPresentationContextID(association_.get(), kModel)) {
    if (!context_)
      throw Error(ErrorCode::unavailable, "The DICOM peer does not commit to keep anything", peer.ae_title);
  }

  void ask(const std::vector<CommitmentRequest::Reference>& references) {
    T_DIMSE_Message message{};
    message.CommandField = DIMSE_N_ACTION_RQ;
    T_DIMSE_N_ActionRQ& request = message.msg.NActionRQ;
    request.MessageID = association_.get()->nextMsgID++;
    std::strcpy(request.RequestedSOPClassUID, kModel);
    std::strcpy(request.RequestedSOPInstanceUID, UID_StorageCommitmentPushModelSOPInstance);
    request.ActionTypeID = kCommitAction;
    request.DataSetType = DIMSE_DATASET_PRESENT;
    DcmDataset action = action_of(transaction_, references);
    check(DIMSE_sendMessageUsingMemoryData(association_.get(), context_, &message, nullptr, &action, nullptr,
                                           nullptr));
    while (!is_taken_) receive();
  }

  CommitmentReport wait(ReceivedReports& elsewhere, std::chrono::seconds at_most) {
    const auto end = std::chrono::steady_clock::now() + at_most;
    while (!report_ && std::chrono::steady_clock::now() < end) {
      if (auto report = elsewhere.take(transaction_, kLook)) return std::move(*report);
      if (is_open_ && ASC_dataWaiting(association_.get(), 0)) receive();
    }
    if (!report_)
      throw Error(
          ErrorCode::unavailable,
          fmt::format("The DICOM peer has not reported within {} seconds what it keeps", at_most.count()),
          transaction_, "Ask it again; it may report where this node listens while it runs");
    return std::move(*report_);
  }

 private:
  void receive() {
    T_ASC_PresentationContextID context = 0;
    T_DIMSE_Message message{};
    DcmDataset* detail = nullptr;
    const OFCondition received =
        DIMSE_receiveCommand(association_.get(), DIMSE_NONBLOCKING, static_cast<int>(kAnswer.count()),
                             &context, &message, &detail);
    delete detail;
    if (received.bad() && is_taken_) {
      is_open_ = false;  // it may still report on an association of its own
      return;
    }
    check(received);
    if (message.CommandField == DIMSE_N_ACTION_RSP)
      note_answer(message.msg.NActionRSP, context);
    else if (message.CommandField == DIMSE_N_EVENT_REPORT_RQ)
      take_report(message.msg.NEventReportRQ, context);
    else
      throw Error(ErrorCode::unavailable, "The DICOM peer sent something else than what it was asked");
  }

  void note_answer(const T_DIMSE_N_ActionRSP& response, T_ASC_PresentationContextID context) {
    if (response.DataSetType != DIMSE_DATASET_NULL) receive_attributes(association_.get(), context, kAnswer);
    if (response.DimseStatus != kSuccess)
      throw Error(ErrorCode::refused, fmt::format("The DICOM peer does not take the request to commit "
                                                  "(status {:04X})",
                                                  response.DimseStatus));
    is_taken_ = true;
  }

  // One of another transaction is nobody's here: it is taken, so that the peer does not tell it for ever.
  void take_report(const T_DIMSE_N_EventReportRQ& request, T_ASC_PresentationContextID context) {
    CommitmentReport report = read_event_report(
        request.DataSetType == DIMSE_DATASET_NULL ? Json::object()
                                                  : receive_attributes(association_.get(), context, kAnswer));
    answer_event_report(association_.get(), context, request, kSuccess);
    if (report.transaction == transaction_) report_ = std::move(report);
  }

  UserAssociation association_;
  T_ASC_PresentationContextID context_;
  const std::string transaction_ = new_dicom_uid();
  bool is_taken_ = false, is_open_ = true;
  std::optional<CommitmentReport> report_;
};

}  // namespace

void ReceivedReports::add(CommitmentReport report) {
  const std::lock_guard lock(mutex_);
  const std::string transaction = report.transaction;
  reports_.insert_or_assign(transaction, std::move(report));
  came_.notify_all();
}

std::optional<CommitmentReport> ReceivedReports::take(const std::string& transaction,
                                                      std::chrono::milliseconds at_most) {
  std::unique_lock lock(mutex_);
  came_.wait_for(lock, at_most, [&] { return reports_.contains(transaction); });
  const auto found = reports_.extract(transaction);
  return found.empty() ? std::nullopt : std::optional(found.mapped());
}

CommitmentReport ask_commitment(const DimsePeer& peer,
                                const std::vector<CommitmentRequest::Reference>& references,
                                ReceivedReports& elsewhere, std::chrono::seconds at_most) {
  Asking asking(peer);
  asking.ask(references);
  return asking.wait(elsewhere, at_most);
}

}  // namespace meridian::doors::dimse
