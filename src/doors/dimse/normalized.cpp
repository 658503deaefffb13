#include "doors/dimse/normalized.h"

#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcitem.h>

#include <cstring>
#include <functional>

#include "archive/attribute_json.h"
#include "archive/metadata.h"
#include "archive/scan.h"
#include "base/id.h"
#include "base/log.h"
#include "doors/dimse/event_report.h"
#include "doors/dimse/receive_bytes.h"

namespace meridian::doors::dimse {
namespace {

constexpr std::uint16_t kCommitAction = 1;  // PS3.4, J.3.2.1.1
constexpr std::uint16_t kNoSuchAction = 0x0123;

template <std::size_t size>
void set_uid(char (&field)[size], const std::string& uid) {
  std::strncpy(field, uid.c_str(), size - 1);
}

Outcome attempt(const std::function<void()>& act, const char* event, const PeerFacts& peer) {
  try {
    act();
    return {};
  } catch (const Error& error) {
    log_warning(event, {{"peer", peer.calling_ae_title}, {"reason", error.describe()}});
    return outcome_of(error);
  }
}

}  // namespace

Json Normalized::attributes(T_DIMSE_DataSetType type, T_ASC_PresentationContextID context) {
  if (type == DIMSE_DATASET_NULL) return Json::object();
  return receive_attributes(association_.get(), context, options_.idle);
}

void Normalized::send(T_DIMSE_Message& message, T_ASC_PresentationContextID context, DcmDataset* detail) {
  const OFCondition sent = DIMSE_sendMessageUsingMemoryData(association_.get(), context, &message, detail,
                                                            nullptr, nullptr, nullptr);
  if (sent.bad()) throw Error(ErrorCode::unavailable, sent.text());
}

void Normalized::answer_create(const T_DIMSE_N_CreateRQ& request, T_ASC_PresentationContextID context) {
  const bool named = request.opts & O_NCREATE_AFFECTEDSOPINSTANCEUID;
  const std::string uid = named ? request.AffectedSOPInstanceUID : new_dicom_uid();
  const Outcome outcome = attempt(
      [&] { handlers_.begin_step(uid, attributes(request.DataSetType, context), association_.peer()); },
      "dicom-step-refused", association_.peer());
  T_DIMSE_Message message{};
  message.CommandField = DIMSE_N_CREATE_RSP;
  T_DIMSE_N_CreateRSP& response = message.msg.NCreateRSP;
  response.MessageIDBeingRespondedTo = request.MessageID;
  set_uid(response.AffectedSOPClassUID, request.AffectedSOPClassUID);
  set_uid(response.AffectedSOPInstanceUID, uid);
  response.opts = O_NCREATE_AFFECTEDSOPCLASSUID | O_NCREATE_AFFECTEDSOPINSTANCEUID;
  response.DimseStatus = outcome.status;
  response.DataSetType = DIMSE_DATASET_NULL;
  send(message, context, status_detail(outcome).get());
}

void Normalized::answer_set(const T_DIMSE_N_SetRQ& request, T_ASC_PresentationContextID context) {
  const Outcome outcome = attempt(
      [&] {
        handlers_.update_step(request.RequestedSOPInstanceUID, attributes(request.DataSetType, context),
                              association_.peer());
      },
      "dicom-step-refused", association_.peer());
  T_DIMSE_Message message{};
  message.CommandField = DIMSE_N_SET_RSP;
  T_DIMSE_N_SetRSP& response = message.msg.NSetRSP;
  response.MessageIDBeingRespondedTo = request.MessageID;
  set_uid(response.AffectedSOPClassUID, request.RequestedSOPClassUID);
  set_uid(response.AffectedSOPInstanceUID, request.RequestedSOPInstanceUID);
  response.opts = O_NSET_AFFECTEDSOPCLASSUID | O_NSET_AFFECTEDSOPINSTANCEUID;
  response.DimseStatus = outcome.status;
  response.DataSetType = DIMSE_DATASET_NULL;
  send(message, context, status_detail(outcome).get());
}

void Normalized::keep_request(const T_DIMSE_N_ActionRQ& request, T_ASC_PresentationContextID context) {
  const Json asked = attributes(request.DataSetType, context);
  CommitmentRequest kept{
      .peer = association_.peer(), .transaction = archive::first_value(asked, "00081195"), .references = {}};
  for (const Json& reference : archive::sequence_items(asked, "00081199"))
    kept.references.push_back(
        {archive::first_value(reference, "00081150"), archive::first_value(reference, "00081155")});
  if (kept.transaction.empty() || kept.references.empty())
    throw Error(ErrorCode::invalid_structure,
                "A request for a storage commitment names its transaction and its instances");
  handlers_.commitments->keep(kept);
}

void Normalized::answer_action(const T_DIMSE_N_ActionRQ& request, T_ASC_PresentationContextID context) {
  const bool known = request.ActionTypeID == kCommitAction;
  const Outcome outcome = attempt(
      [&] {
        if (known)
          keep_request(request, context);
        else
          attributes(request.DataSetType, context);
      },
      "dicom-commitment-refused", association_.peer());
  T_DIMSE_Message message{};
  message.CommandField = DIMSE_N_ACTION_RSP;
  T_DIMSE_N_ActionRSP& response = message.msg.NActionRSP;
  response.MessageIDBeingRespondedTo = request.MessageID;
  set_uid(response.AffectedSOPClassUID, request.RequestedSOPClassUID);
  set_uid(response.AffectedSOPInstanceUID, request.RequestedSOPInstanceUID);
  response.ActionTypeID = request.ActionTypeID;
  response.opts = O_NACTION_AFFECTEDSOPCLASSUID | O_NACTION_AFFECTEDSOPINSTANCEUID | O_NACTION_ACTIONTYPEID;
  response.DimseStatus = known ? outcome.status : kNoSuchAction;
  response.DataSetType = DIMSE_DATASET_NULL;
  send(message, context, status_detail(outcome).get());
  const std::string& title = association_.peer().calling_ae_title;
  if (!known || outcome.status || handlers_.commitments->has_address(title)) return;
  handlers_.commitments->tell_all(title, [&](const CommitmentReport& report) {
    send_event_report(association_.get(), context, report, options_.idle);
  });
}

void Normalized::answer_report(const T_DIMSE_N_EventReportRQ& request, T_ASC_PresentationContextID context) {
  const Outcome outcome = attempt(
      [&] {
        handlers_.report(read_event_report(attributes(request.DataSetType, context)), association_.peer());
      },
      "dicom-report-refused", association_.peer());
  answer_event_report(association_.get(), context, request, outcome.status);
}

}  // namespace meridian::doors::dimse
