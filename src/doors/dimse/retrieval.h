// C-MOVE and C-GET as their provider (PS3.4, C.4.2 and C.4.3).
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "doors/dimse/association.h"
#include "doors/dimse/store_user.h"

namespace meridian::doors::dimse {

// How far the sub-operations of one request are.
struct SubOperations {
  std::size_t remaining = 0, completed = 0, failed = 0, warning = 0;
  std::string failed_instances;  // UIDs with backslashes between
};

class Retrieval {
 public:
  Retrieval(Association& association, const DimseOptions& options, const DimseHandlers& handlers)
      : association_(association), options_(options), handlers_(handlers) {}

  // Each answers its request to the end: with a pending response after every instance but the last, and the
  // final one. Throws Error when the peer is gone.
  void answer_move(const T_DIMSE_C_MoveRQ& request, T_ASC_PresentationContextID context);
  void answer_get(const T_DIMSE_C_GetRQ& request, T_ASC_PresentationContextID context);

 private:
  struct Instance {
    std::string uid, sop_class, transfer_syntax;
  };
  // Sends one instance's file and gives the status of that.
  using Send = std::function<std::uint16_t(std::string file)>;
  using Respond = std::function<void(std::uint16_t status, DcmDataset* failed, DcmDataset* detail)>;

  std::vector<Instance> find(DcmDataset& identifier, std::string_view model) const;
  std::vector<Instance> run_query(const archive::Query& query) const;
  void move(const T_DIMSE_C_MoveRQ& request, const std::vector<Instance>& instances,
            const std::function<bool()>& cancelled, const Respond& respond);
  // One instance after another; false when the request was cancelled.
  bool send_all(const std::vector<Instance>& instances, const Send& send,
                const std::function<bool()>& cancelled, const Respond& respond);
  std::uint16_t attempt(const Instance& instance, const Send& send) const;
  void send_one(const Instance& instance, const Send& send);
  void finish(bool was_cancelled, const Respond& respond) const;
  const DimsePeer* destination(const std::string& ae_title) const;

  Association& association_;
  const DimseOptions& options_;
  const DimseHandlers& handlers_;
  SubOperations done_;
};

}  // namespace meridian::doors::dimse
