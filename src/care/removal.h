// Instances that are taken out of the archive, by a person or when their time is over: their bytes, their
// places in the index, their case and their ImagingStudy, with an entry in the ledger for each.
#pragma once
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "care/case_table.h"
#include "care/context.h"

namespace meridian::care {

class Removal {
 public:
  explicit Removal(const Context& context) : context_(context) {}

  // series, instance: empty: of the whole study, or series. All or none: when this returns, they are gone.
  // Gives how many there were. Throws not_found (none, or none that the principal may see), forbidden (the
  // role removes no images), conflict: a signed report rests on one of them, and what a report rests on stays
  // as long as the rules of retention say; or the patient is held (holds.h).
  std::size_t remove(const trust::Principal& principal, const std::string& study, const std::string& series,
                     const std::string& instance) const;

  // A study that was kept for so many days, as the program itself, unless the function says otherwise within
  // the transaction. Gives how many instances there were, 0 when it stays.
  std::size_t remove_expired(const std::string& study, int days,
                             const std::function<bool(storage::Connection&)>& goes) const;

 private:
  using Cases = std::map<std::string, CaseRow>;
  void take_out(record::Writer& writer, const std::vector<archive::InstanceFacts>& found,
                const std::string& patient, const Cases& cases, const Json& detail) const;

  Context context_;
};

}  // namespace meridian::care
