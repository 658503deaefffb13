#include "doors/dimse/finding.h"

#include <fmt/format.h>

#include "base/log.h"
#include "base/metrics.h"
#include "doors/dimse/identifier.h"

namespace meridian::doors::dimse {
namespace {

bool is_worklist(std::string_view model) {
  return model == UID_FINDModalityWorklistInformationModel;
}

}  // namespace

std::vector<Json> Finding::ask(DcmDataset& identifier, std::string_view model) const {
  if (is_worklist(model)) return handlers_.worklist(read_worklist_keys(identifier), association_.peer());
  return handlers_.query(read_identifier(identifier, model), association_.peer());
}

std::vector<Json> Finding::find(DcmDataset& identifier, std::string_view model, Outcome& outcome) const {
  try {
    std::vector<Json> matches = ask(identifier, model);
    if (std::ssize(matches) <= kMostMatches) return matches;
    throw Error(ErrorCode::too_large, fmt::format("More than {} match this query", kMostMatches), {},
                "Name a patient, a study or a range of dates");
  } catch (const Error& error) {
    outcome = outcome_of(error);
    log_warning("dicom-query-refused", {{"peer", association_.peer().calling_ae_title},
                                        {"address", association_.peer().address},
                                        {"reason", outcome.comment}});
    return {};
  }
}

void Finding::answer(const T_DIMSE_C_FindRQ& request, T_ASC_PresentationContextID context) {
  const auto identifier = association_.receive_dataset(context, options_.idle);
  T_DIMSE_C_FindRQ copy = request;
  const auto send = [&](std::uint16_t status, DcmDataset* match, DcmDataset* detail) {
    T_DIMSE_C_FindRSP response{};
    response.DimseStatus = status;
    const OFCondition sent =
        DIMSE_sendFindResponse(association_.get(), context, &copy, &response, match, detail);
    if (sent.bad()) throw Error(ErrorCode::unavailable, sent.text());
  };
  const bool of_worklist = is_worklist(request.AffectedSOPClassUID);
  Outcome outcome;
  for (const Json& match : find(*identifier, request.AffectedSOPClassUID, outcome)) {
    if (DIMSE_checkForCancelRQ(association_.get(), context, request.MessageID).good()) {
      outcome.status = STATUS_FIND_Cancel_MatchingTerminatedDueToCancelRequest;
      break;
    }
    const auto found = of_worklist ? match_dataset(*identifier, match)
                                   : match_dataset(*identifier, match, association_.peer().called_ae_title);
    send(STATUS_Pending, found.get(), nullptr);
  }
  const auto detail = status_detail(outcome);
  send(outcome.status, nullptr, detail.get());
  count("meridian_dicom_queries_total", {{"status", status_text(outcome.status)}});
}

}  // namespace meridian::doors::dimse
