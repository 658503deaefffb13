#include "doors/dimse/session.h"

#include <dcmtk/dcmdata/dcdeftag.h>
#include <fmt/format.h>

#include <cstring>

#include "archive/part10.h"
#include "base/error.h"
#include "base/log.h"
#include "base/metrics.h"
#include "doors/dimse/identifier.h"

namespace meridian::doors::dimse {
namespace {

constexpr std::size_t kLongestComment = 64;  // of (0000,0902), which is LO

struct Outcome {
  std::uint16_t status = STATUS_Success;
  std::string comment;
};

Json::Object describe(const PeerFacts& peer, const std::string& reason) {
  return {{"peer", peer.calling_ae_title}, {"address", peer.address}, {"reason", reason}};
}

Outcome hand_over(const StoreHandler& store, std::string file, const PeerFacts& peer, const char* instance) {
  Outcome outcome;
  try {
    outcome.status = store(std::move(file), peer);
  } catch (const Error& error) {
    outcome = {traits(error.code()).dicom_status, error.describe()};
  } catch (const std::exception& error) {
    outcome = {traits(ErrorCode::internal).dicom_status, error.what()};
  }
  if (outcome.comment.empty()) return outcome;
  Json::Object fields = describe(peer, outcome.comment);
  fields.emplace_back("instance", instance);
  log_warning("dicom-store-refused", fields);
  return outcome;
}

std::unique_ptr<DcmDataset> status_detail(const std::string& comment) {
  if (comment.empty()) return nullptr;
  auto detail = std::make_unique<DcmDataset>();
  std::string text = comment.substr(0, kLongestComment);
  for (char& c : text)
    if (c == '\\' || static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) > 0x7E) c = ' ';
  detail->putAndInsertString(DCM_ErrorComment, text.c_str());
  return detail;
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
  if (message.CommandField == DIMSE_C_ECHO_RQ)
    answer_echo(message.msg.CEchoRQ, context);
  else if (message.CommandField == DIMSE_C_STORE_RQ)
    answer_store(message.msg.CStoreRQ, context);
  else if (message.CommandField == DIMSE_C_FIND_RQ)
    answer_find(message.msg.CFindRQ, context);
  else if (message.CommandField == DIMSE_C_CANCEL_RQ)
    return true;  // of a query that has been answered meanwhile (PS3.7, 9.3.2.3)
  else
    throw Error(ErrorCode::not_supported,
                fmt::format("The peer sent command {:#06x}", unsigned(message.CommandField)));
  return true;
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
                                          association_.transfer_syntax(context));
  const std::uint64_t largest = file.size() + options_.largest_instance;
  bool too_large = false;
  for (bool last = false; !last;) {
    const DUL_PDV piece = association_.next_piece(options_.idle);
    if (piece.pdvType != DUL_DATASETPDV || piece.presentationContextID != context)
      throw Error(ErrorCode::invalid_request, "A message's data set is interrupted by another message");
    last = piece.lastPDV;
    too_large = too_large || file.size() + piece.fragmentLength > largest;
    if (!too_large) file.append(static_cast<const char*>(piece.data), piece.fragmentLength);
  }
  if (too_large) return {};
  return file;
}

void Session::answer_find(const T_DIMSE_C_FindRQ& request, T_ASC_PresentationContextID context) {
  DcmDataset* received = nullptr;
  T_ASC_PresentationContextID data_context = context;
  const OFCondition arrived = DIMSE_receiveDataSetInMemory(association_.get(), DIMSE_NONBLOCKING,
                                                           static_cast<int>(options_.idle.count()),
                                                           &data_context, &received, nullptr, nullptr);
  const std::unique_ptr<DcmDataset> identifier(received);
  if (arrived.bad() || !identifier) throw Error(ErrorCode::unavailable, arrived.text());
  T_DIMSE_C_FindRQ copy = request;
  const auto send = [&](std::uint16_t status, DcmDataset* match, DcmDataset* detail) {
    T_DIMSE_C_FindRSP response{};
    response.DimseStatus = status;
    const OFCondition sent =
        DIMSE_sendFindResponse(association_.get(), context, &copy, &response, match, detail);
    if (sent.bad()) throw Error(ErrorCode::unavailable, sent.text());
  };
  Outcome outcome;
  std::vector<Json> matches;
  try {
    matches = query_(read_identifier(*identifier, request.AffectedSOPClassUID), association_.peer());
    if (std::ssize(matches) > kMostMatches)
      throw Error(ErrorCode::too_large, fmt::format("More than {} match this query", kMostMatches), {},
                  "Name a patient, a study or a range of dates");
  } catch (const Error& error) {
    matches.clear();
    outcome = {traits(error.code()).dicom_status, error.describe()};
    log_warning("dicom-query-refused", describe(association_.peer(), outcome.comment));
  }
  for (const Json& match : matches) {
    if (DIMSE_checkForCancelRQ(association_.get(), context, request.MessageID).good()) {
      outcome.status = STATUS_FIND_Cancel_MatchingTerminatedDueToCancelRequest;
      break;
    }
    send(STATUS_Pending, match_dataset(*identifier, match).get(), nullptr);
  }
  const auto detail = status_detail(outcome.comment);
  send(outcome.status, nullptr, detail.get());
  count("meridian_dicom_queries_total", {{"status", fmt::format("{:04X}", outcome.status)}});
}

void Session::answer_store(const T_DIMSE_C_StoreRQ& request, T_ASC_PresentationContextID context) {
  const auto start = std::chrono::steady_clock::now();
  auto file = receive_file(request, context);
  Outcome outcome{traits(ErrorCode::too_large).dicom_status, "The instance is larger than this node takes"};
  if (file)
    outcome = hand_over(store_, std::move(*file), association_.peer(), request.AffectedSOPInstanceUID);

  T_DIMSE_C_StoreRQ copy = request;
  T_DIMSE_C_StoreRSP response{};
  response.DimseStatus = outcome.status;
  response.DataSetType = DIMSE_DATASET_NULL;
  const auto detail = status_detail(outcome.comment);
  const OFCondition sent =
      DIMSE_sendStoreResponse(association_.get(), context, &copy, &response, detail.get());
  if (sent.bad()) throw Error(ErrorCode::unavailable, sent.text());
  count("meridian_dicom_stores_total", {{"status", fmt::format("{:04X}", outcome.status)}});
  observe_seconds("meridian_dicom_store_seconds",
                  std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
}

}  // namespace meridian::doors::dimse
