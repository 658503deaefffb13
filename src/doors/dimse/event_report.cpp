#include "doors/dimse/event_report.h"

#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/dcmnet/dimse.h>

#include <charconv>
#include <cstring>
#include <memory>
#include <string_view>

#include "archive/attribute_json.h"
#include "archive/transfer_syntax.h"
#include "base/error.h"
#include "doors/dimse/user_association.h"

namespace meridian::doors::dimse {
namespace {

constexpr std::uint16_t kAllCommitted = 1, kSomeFailed = 2;  // PS3.4, J.3.3.1.1

void check(const OFCondition& condition) {
  if (condition.bad())
    throw Error(ErrorCode::unavailable,
                std::string("The DICOM peer was not told what is committed: ") + condition.text());
}

std::unique_ptr<DcmDataset> result_of(const CommitmentReport& report) {
  auto result = std::make_unique<DcmDataset>();
  result->putAndInsertString(DCM_TransactionUID, report.transaction.c_str());
  for (const CommitmentReport::Reference& reference : report.references) {
    DcmItem* item = nullptr;
    const DcmTagKey sequence = reference.failure ? DCM_FailedSOPSequence : DCM_ReferencedSOPSequence;
    if (result->findOrCreateSequenceItem(sequence, item, -2).bad()) continue;
    item->putAndInsertString(DCM_ReferencedSOPClassUID, reference.sop_class.c_str());
    item->putAndInsertString(DCM_ReferencedSOPInstanceUID, reference.instance.c_str());
    if (reference.failure) item->putAndInsertUint16(DCM_FailureReason, reference.failure);
  }
  return result;
}

// A failure that is not said to be any is one in processing.
std::uint16_t failure_of(const std::string& text) {
  constexpr std::uint16_t kProcessingFailure = 0x0110;
  std::uint16_t reason = 0;
  std::from_chars(text.data(), text.data() + text.size(), reason);
  return reason ? reason : kProcessingFailure;
}

}  // namespace

void send_event_report(T_ASC_Association* association, T_ASC_PresentationContextID context,
                       const CommitmentReport& report, std::chrono::seconds at_most) {
  const std::unique_ptr<DcmDataset> result = result_of(report);
  T_DIMSE_Message message{};
  message.CommandField = DIMSE_N_EVENT_REPORT_RQ;
  T_DIMSE_N_EventReportRQ& request = message.msg.NEventReportRQ;
  request.MessageID = association->nextMsgID++;
  std::strcpy(request.AffectedSOPClassUID, UID_StorageCommitmentPushModelSOPClass);
  std::strcpy(request.AffectedSOPInstanceUID, UID_StorageCommitmentPushModelSOPInstance);
  request.EventTypeID = report.complete() ? kAllCommitted : kSomeFailed;
  request.DataSetType = DIMSE_DATASET_PRESENT;
  check(DIMSE_sendMessageUsingMemoryData(association, context, &message, nullptr, result.get(), nullptr,
                                         nullptr));
  T_DIMSE_Message answer{};
  T_ASC_PresentationContextID answered = 0;
  DcmDataset* detail = nullptr;
  const OFCondition received = DIMSE_receiveCommand(
      association, DIMSE_NONBLOCKING, static_cast<int>(at_most.count()), &answered, &answer, &detail);
  delete detail;
  check(received);
  if (answer.CommandField != DIMSE_N_EVENT_REPORT_RSP || answer.msg.NEventReportRSP.DimseStatus != 0)
    throw Error(ErrorCode::refused, "The DICOM peer did not take the report of what is committed",
                report.transaction);
}

void send_event_report(const DimsePeer& peer, const CommitmentReport& report, std::chrono::seconds at_most) {
  const UserAssociation association(peer,
                                    {{.abstract_syntax = UID_StorageCommitmentPushModelSOPClass,
                                      .transfer_syntaxes = {std::string(archive::kExplicitLittleEndian),
                                                            std::string(archive::kImplicitLittleEndian)},
                                      .role = ASC_SC_ROLE_SCP}});
  const auto context =
      ASC_findAcceptedPresentationContextID(association.get(), UID_StorageCommitmentPushModelSOPClass);
  if (!context)
    throw Error(ErrorCode::unavailable, "The DICOM peer takes no report of what is committed", peer.ae_title);
  send_event_report(association.get(), context, report, at_most);
}

CommitmentReport read_event_report(const Json& attributes) {
  CommitmentReport report{.transaction = archive::first_value(attributes, "00081195"), .references = {}};
  for (const char* sequence : {"00081199", "00081198"})  // referenced, failed
    for (const Json& item : archive::sequence_items(attributes, sequence)) {
      const bool has_failed = std::string_view(sequence) == "00081198";
      report.references.push_back(
          {archive::first_value(item, "00081150"), archive::first_value(item, "00081155"),
           has_failed ? failure_of(archive::first_value(item, "00081197")) : std::uint16_t{0}});
    }
  return report;
}

void answer_event_report(T_ASC_Association* association, T_ASC_PresentationContextID context,
                         const T_DIMSE_N_EventReportRQ& request, std::uint16_t status) {
  T_DIMSE_Message message{};
  message.CommandField = DIMSE_N_EVENT_REPORT_RSP;
  T_DIMSE_N_EventReportRSP& response = message.msg.NEventReportRSP;
  response.MessageIDBeingRespondedTo = request.MessageID;
  response.EventTypeID = request.EventTypeID;
  response.opts = O_NEVENTREPORT_EVENTTYPEID;
  response.DimseStatus = status;
  response.DataSetType = DIMSE_DATASET_NULL;
  check(DIMSE_sendMessageUsingMemoryData(association, context, &message, nullptr, nullptr, nullptr, nullptr));
}

}  // namespace meridian::doors::dimse
