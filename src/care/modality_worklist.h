// What the modalities of an organization shall do: its open orders for images, as the modality worklist of
// DICOM (PS3.4, K) gives them.
#pragma once
#include <string>
#include <vector>

#include "archive/query.h"
#include "care/context.h"

namespace meridian::care {

class ModalityWorklist {
 public:
  explicit ModalityWorklist(const Context& context) : context_(context) {}

  // An item for each active order (see imaging_request.h) that the device's organization shall do, of
  // patients whom it sees, whose attributes match the keys; keys of the scheduled procedure step are given
  // like the others. As DICOM JSON, earliest first. An order that is being done has the step's status
  // STARTED, any other SCHEDULED. Any station of the organization may do an order: it is scheduled for the
  // one that the keys name, else for the one that asks, by its AE title.
  std::vector<Json> find(const trust::Principal& device, const std::string& ae_title,
                         const std::vector<archive::QueryKey>& keys) const;

 private:
  Context context_;
};

}  // namespace meridian::care
