#include "doors/dimse/session.h"

#include <algorithm>

#include "archive/part10.h"
#include "base/error.h"
#include "base/log.h"
#include "base/metrics.h"
#include "doors/dimse/finding.h"
#include "doors/dimse/normalized.h"
#include "doors/dimse/outcome.h"
#include "doors/dimse/receive_bytes.h"
#include "doors/dimse/retrieval.h"
#include "doors/dimse/unrecognized.h"

namespace meridian::doors::dimse {
namespace {

constexpr std::size_t kMostReserved = std::size_t(4) << 20;  // bytes, before they arrive

Json::Object describe(const PeerFacts& peer, const std::string& reason) {
  return {{"peer", peer.calling_ae_title}, {"address", peer.address}, {"reason", reason}};
}

Outcome hand_over(const StoreHandler& store, std::string file, const PeerFacts& peer, const char* instance) {
  Outcome outcome;
  try {
    outcome.status = store(std::move(file), peer);
  } catch (const Error& error) {
    outcome = outcome_of(error);
  } catch (const std::exception& error) {
    outcome = {traits(ErrorCode::internal).dicom_status, error.what()};
  }
  if (outcome.comment.empty()) return outcome;
  Json::Object fields = describe(peer, outcome.comment);
  fields.emplace_back("instance", instance);
  log_warning("dicom-store-refused", fields);
  return outcome;
}

}  // namespace

void Session::run() {
  try {
    while (answer_next()) {
    }
  } catch (const std::exception& error) {
    log_warning("dicom-association-broken", describe(association_.peer(), error.what()));
  }
}

bool Session::answer_next() {
  T_ASC_PresentationContextID context = 0;
  T_DIMSE_Message message{};
  DcmDataset* detail = nullptr;
  const OFCondition received =
      DIMSE_receiveCommand(association_.get(), DIMSE_NONBLOCKING, static_cast<int>(options_.idle.count()),
                           &context, &message, &detail);
  delete detail;
  if (received == DUL_PEERREQUESTEDRELEASE) return association_.release(), false;
  if (received == DUL_PEERABORTEDASSOCIATION) return false;
  if (received.bad()) throw Error(ErrorCode::unavailable, received.text());
  if (!answer(message, context)) answer_unrecognized(association_, message, context, options_.idle);
  return true;
}

bool Session::answer(const T_DIMSE_Message& message, T_ASC_PresentationContextID context) {
  switch (message.CommandField) {
    case DIMSE_C_ECHO_RQ:
      answer_echo(message.msg.CEchoRQ, context);
      return true;
    case DIMSE_C_STORE_RQ:
      answer_store(message.msg.CStoreRQ, context);
      return true;
    case DIMSE_C_FIND_RQ:
      if (!handlers_.query && !handlers_.worklist) return false;
      Finding(association_, options_, handlers_).answer(message.msg.CFindRQ, context);
      return true;
    case DIMSE_C_MOVE_RQ:
      if (!handlers_.query || !handlers_.read) return false;
      Retrieval(association_, options_, handlers_).answer_move(message.msg.CMoveRQ, context);
      return true;
    case DIMSE_C_GET_RQ:
      if (!handlers_.query || !handlers_.read) return false;
      Retrieval(association_, options_, handlers_).answer_get(message.msg.CGetRQ, context);
      return true;
    case DIMSE_N_CREATE_RQ:
      if (!handlers_.begin_step) return false;
      Normalized(association_, options_, handlers_).answer_create(message.msg.NCreateRQ, context);
      return true;
    case DIMSE_N_SET_RQ:
      if (!handlers_.update_step) return false;
      Normalized(association_, options_, handlers_).answer_set(message.msg.NSetRQ, context);
      return true;
    case DIMSE_N_ACTION_RQ:
      if (!handlers_.commitments) return false;
      Normalized(association_, options_, handlers_).answer_action(message.msg.NActionRQ, context);
      return true;
    case DIMSE_N_EVENT_REPORT_RQ:
      if (!handlers_.report) return false;
      Normalized(association_, options_, handlers_).answer_report(message.msg.NEventReportRQ, context);
      return true;
    case DIMSE_C_CANCEL_RQ:
      return true;  // of a request that has been answered meanwhile (PS3.7, 9.3.2.3)
    default:
      return false;
  }
}

void Session::answer_echo(const T_DIMSE_C_EchoRQ& request, T_ASC_PresentationContextID context) {
  T_DIMSE_C_EchoRQ copy = request;
  const OFCondition sent =
      DIMSE_sendEchoResponse(association_.get(), context, &copy, STATUS_Success, nullptr);
  if (sent.bad()) throw Error(ErrorCode::unavailable, sent.text());
}

std::optional<std::string> Session::receive_file(const T_DIMSE_C_StoreRQ& request,
                                                 T_ASC_PresentationContextID context) {
  std::string file = archive::make_part10({}, request.AffectedSOPClassUID, request.AffectedSOPInstanceUID,
                                          transfer_syntax_of(association_.get(), context));
  file.reserve(std::min(last_file_, kMostReserved));
  auto whole =
      receive_bytes(association_.get(), context, options_.largest_instance, options_.idle, std::move(file));
  if (whole) last_file_ = whole->size();
  return whole;
}

void Session::answer_store(const T_DIMSE_C_StoreRQ& request, T_ASC_PresentationContextID context) {
  const auto start = std::chrono::steady_clock::now();
  auto file = receive_file(request, context);
  Outcome outcome{traits(ErrorCode::too_large).dicom_status, "The instance is larger than this node takes"};
  if (file)
    outcome =
        hand_over(handlers_.store, std::move(*file), association_.peer(), request.AffectedSOPInstanceUID);

  T_DIMSE_C_StoreRQ copy = request;
  T_DIMSE_C_StoreRSP response{};
  response.DimseStatus = outcome.status;
  response.DataSetType = DIMSE_DATASET_NULL;
  const auto detail = status_detail(outcome);
  const OFCondition sent =
      DIMSE_sendStoreResponse(association_.get(), context, &copy, &response, detail.get());
  if (sent.bad()) throw Error(ErrorCode::unavailable, sent.text());
  count("meridian_dicom_stores_total", {{"status", status_text(outcome.status)}});
  observe_seconds("meridian_dicom_store_seconds",
                  std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
}

}  // namespace meridian::doors::dimse
