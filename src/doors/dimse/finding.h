// C-FIND as its provider: of the archive's index (PS3.4, C.4.1) and of the modality worklist (PS3.4, K.4.1).
#pragma once
#include <vector>

#include "doors/dimse/association.h"
#include "doors/dimse/outcome.h"

namespace meridian::doors::dimse {

class Finding {
 public:
  Finding(Association& association, const DimseOptions& options, const DimseHandlers& handlers)
      : association_(association), options_(options), handlers_(handlers) {}

  // A pending response for each match, and the final one. Throws Error when the peer is gone.
  void answer(const T_DIMSE_C_FindRQ& request, T_ASC_PresentationContextID context);

 private:
  // Nothing, with the reason in the outcome, when the query is refused.
  std::vector<Json> find(DcmDataset& identifier, std::string_view model, Outcome& outcome) const;
  std::vector<Json> ask(DcmDataset& identifier, std::string_view model) const;

  Association& association_;
  const DimseOptions& options_;
  const DimseHandlers& handlers_;
};

}  // namespace meridian::doors::dimse
