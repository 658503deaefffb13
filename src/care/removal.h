// Instances that are taken out of the archive by a person: their bytes, their places in the index, their case
// and their ImagingStudy, with an entry in the ledger for each.
#pragma once
#include <string>

#include "care/context.h"

namespace meridian::care {

class Removal {
 public:
  explicit Removal(const Context& context) : context_(context) {}

  // series, instance: empty: of the whole study, or series. All or none: when this returns, they are gone.
  // Gives how many there were. Throws not_found (none, or none that the principal may see), forbidden (the
  // role removes no images), conflict: a signed report rests on one of them, and what a report rests on stays
  // as long as the report does.
  std::size_t remove(const trust::Principal& principal, const std::string& study, const std::string& series,
                     const std::string& instance) const;

 private:
  Context context_;
};

}  // namespace meridian::care
