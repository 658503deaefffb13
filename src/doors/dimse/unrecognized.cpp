#include "doors/dimse/unrecognized.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/log.h"
#include "doors/dimse/receive_bytes.h"

namespace meridian::doors::dimse {
namespace {

constexpr std::uint16_t kUnrecognized = 0x0211;
constexpr std::uint64_t kLargestDataset = std::uint64_t(64) << 20;  // bytes that are read to be left

class Answer {
 public:
  template <class Request, class Response>
  void fill(const Request& request, Response& response, T_DIMSE_Command command) {
    has_dataset_ = request.DataSetType != DIMSE_DATASET_NULL;
    message_.CommandField = command;
    response.MessageIDBeingRespondedTo = request.MessageID;
    response.DimseStatus = kUnrecognized;
    response.DataSetType = DIMSE_DATASET_NULL;
  }
  bool fill_for(const T_DIMSE_Message& asked) {
    const auto& in = asked.msg;
    auto& out = message_.msg;
    switch (asked.CommandField) {
      case DIMSE_C_FIND_RQ:
        return fill(in.CFindRQ, out.CFindRSP, DIMSE_C_FIND_RSP), true;
      case DIMSE_C_MOVE_RQ:
        return fill(in.CMoveRQ, out.CMoveRSP, DIMSE_C_MOVE_RSP), true;
      case DIMSE_C_GET_RQ:
        return fill(in.CGetRQ, out.CGetRSP, DIMSE_C_GET_RSP), true;
      case DIMSE_N_EVENT_REPORT_RQ:
        return fill(in.NEventReportRQ, out.NEventReportRSP, DIMSE_N_EVENT_REPORT_RSP), true;
      case DIMSE_N_GET_RQ:
        return fill(in.NGetRQ, out.NGetRSP, DIMSE_N_GET_RSP), true;
      case DIMSE_N_SET_RQ:
        return fill(in.NSetRQ, out.NSetRSP, DIMSE_N_SET_RSP), true;
      case DIMSE_N_ACTION_RQ:
        return fill(in.NActionRQ, out.NActionRSP, DIMSE_N_ACTION_RSP), true;
      case DIMSE_N_CREATE_RQ:
        return fill(in.NCreateRQ, out.NCreateRSP, DIMSE_N_CREATE_RSP), true;
      case DIMSE_N_DELETE_RQ:
        return fill(in.NDeleteRQ, out.NDeleteRSP, DIMSE_N_DELETE_RSP), true;
      default:
        return false;
    }
  }
  bool has_dataset() const { return has_dataset_; }
  T_DIMSE_Message& message() { return message_; }

 private:
  T_DIMSE_Message message_{};
  bool has_dataset_ = false;
};

}  // namespace

void answer_unrecognized(Association& association, const T_DIMSE_Message& message,
                         T_ASC_PresentationContextID context, std::chrono::seconds at_most) {
  Answer answer;
  if (!answer.fill_for(message))
    throw Error(ErrorCode::not_supported,
                fmt::format("The peer sent command {:#06x}", unsigned(message.CommandField)));
  if (answer.has_dataset() && !receive_bytes(association.get(), context, kLargestDataset, at_most))
    throw Error(ErrorCode::too_large, "The peer sent a data set that is too large for any request");
  log_warning("dicom-operation-refused", {{"peer", association.peer().calling_ae_title},
                                          {"command", std::int64_t(message.CommandField)}});
  const OFCondition sent = DIMSE_sendMessageUsingMemoryData(association.get(), context, &answer.message(),
                                                            nullptr, nullptr, nullptr, nullptr);
  if (sent.bad()) throw Error(ErrorCode::unavailable, sent.text());
}

}  // namespace meridian::doors::dimse
