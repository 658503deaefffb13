// How long images are kept, and what becomes of those whose time is over.
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "care/context.h"

namespace meridian::care {

// Of studies with these modalities: to be removed so many days after their last instance came and the last of
// their cases was signed.
struct RetentionRule {
  std::vector<std::string> modalities;  // empty: those that no other rule names
  int days = 0;
};

// text: "CT/MR=3650, US=1825, *=10950"; empty: nothing is ever removed. Throws invalid_configuration for a
// modality that is none, one that stands twice, and less than a day.
std::vector<RetentionRule> retention_rules_of(std::string_view text);

// A study whose time by the rules is over.
struct ExpiredStudy {
  std::string study, patient;           // UID; "Patient/…"
  std::vector<std::string> modalities;  // of its recordings, without what says something of them
  std::int64_t instances = 0, bytes = 0;
  Instant since{};  // from when its time ran
  int days = 0;     // that it was to be kept: where several rules apply, the longest
  // Why it stays all the same: "case", the patient has a case that is not signed; "hold", a legal hold.
  // Empty: it goes.
  std::string kept_for;
};

// In the order of their UIDs, as of the moment. A study with a modality for which there is no rule never
// expires, and neither does one of no case.
void for_each_expired(storage::Database& database, const std::vector<RetentionRule>& rules, Instant moment,
                      const std::function<void(const ExpiredStudy&)>& visit);

// Removes those that go, each in a transaction of its own in which it is looked at again, with an entry in
// the ledger for each instance. Their reports stay in the record. Gives how many studies went. stop: asked
// before each; one that cannot be removed is logged, and the next is.
std::size_t remove_expired(const Context& context, const std::vector<RetentionRule>& rules, Instant moment,
                           const std::function<bool()>& stop);

}  // namespace meridian::care
