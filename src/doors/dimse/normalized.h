// The services on normalized objects, as their provider: performed procedure steps (PS3.4, F) and storage
// commitment (PS3.4, J), of which reports are received also as a user.
#pragma once
#include <string>
#include <vector>

#include "doors/dimse/association.h"
#include "doors/dimse/commitment.h"
#include "doors/dimse/outcome.h"

namespace meridian::doors::dimse {

class Normalized {
 public:
  Normalized(Association& association, const DimseOptions& options, const DimseHandlers& handlers)
      : association_(association), options_(options), handlers_(handlers) {}

  // Each answers its request. Throws Error when the peer is gone.
  void answer_create(const T_DIMSE_N_CreateRQ& request, T_ASC_PresentationContextID context);
  void answer_set(const T_DIMSE_N_SetRQ& request, T_ASC_PresentationContextID context);
  // Keeps the request to commit, then answers it. What became of each instance is reported (N-EVENT-REPORT)
  // to the peer's own address where the configuration has one, else on this association.
  void answer_action(const T_DIMSE_N_ActionRQ& request, T_ASC_PresentationContextID context);
  // Hands over what a peer reports of a storage commitment.
  void answer_report(const T_DIMSE_N_EventReportRQ& request, T_ASC_PresentationContextID context);

 private:
  Json attributes(T_DIMSE_DataSetType type, T_ASC_PresentationContextID context);
  void send(T_DIMSE_Message& message, T_ASC_PresentationContextID context, DcmDataset* detail);
  void keep_request(const T_DIMSE_N_ActionRQ& request, T_ASC_PresentationContextID context);

  Association& association_;
  const DimseOptions& options_;
  const DimseHandlers& handlers_;
};

}  // namespace meridian::doors::dimse
