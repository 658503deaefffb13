// Answers the messages of one association until it ends.
#pragma once
#include "doors/dimse/association.h"

namespace meridian::doors::dimse {

class Session {
 public:
  Session(Association& association, const DimseOptions& options, const DimseHandlers& handlers)
      : association_(association), options_(options), handlers_(handlers) {}
  // Returns when the peer releases or aborts the association, or falls silent; never throws.
  void run();

 private:
  bool answer_next();  // false when the association has ended
  // False for an operation that this node does not do.
  bool answer(const T_DIMSE_Message& message, T_ASC_PresentationContextID context);
  void answer_echo(const T_DIMSE_C_EchoRQ& request, T_ASC_PresentationContextID context);
  void answer_store(const T_DIMSE_C_StoreRQ& request, T_ASC_PresentationContextID context);
  // The data set with preamble and file meta information before it; nothing when it is larger than allowed.
  std::optional<std::string> receive_file(const T_DIMSE_C_StoreRQ& request,
                                          T_ASC_PresentationContextID context);

  Association& association_;
  const DimseOptions& options_;
  const DimseHandlers& handlers_;
  std::size_t last_file_ = 0;  // bytes; the next of an association is mostly as large
};

}  // namespace meridian::doors::dimse
