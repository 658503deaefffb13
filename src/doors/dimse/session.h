// Answers the messages of one association until it ends.
#pragma once
#include "doors/dimse/association.h"

namespace meridian::doors::dimse {

class Session {
 public:
  Session(Association& association, const DimseOptions& options, const StoreHandler& store,
          const QueryHandler& query)
      : association_(association), options_(options), store_(store), query_(query) {}
  // Returns when the peer releases or aborts the association, or falls silent; never throws.
  void run();

 private:
  bool answer_next();  // false when the association has ended
  void answer_echo(const T_DIMSE_C_EchoRQ& request, T_ASC_PresentationContextID context);
  void answer_store(const T_DIMSE_C_StoreRQ& request, T_ASC_PresentationContextID context);
  void answer_find(const T_DIMSE_C_FindRQ& request, T_ASC_PresentationContextID context);
  // The data set with preamble and file meta information before it; nothing when it is larger than allowed.
  std::optional<std::string> receive_file(const T_DIMSE_C_StoreRQ& request,
                                          T_ASC_PresentationContextID context);

  Association& association_;
  const DimseOptions& options_;
  const StoreHandler& store_;
  const QueryHandler& query_;
};

}  // namespace meridian::doors::dimse
