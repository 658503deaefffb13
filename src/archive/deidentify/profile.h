// The Basic Application Level Confidentiality Profile (PS3.15, E) with its options: what becomes of each
// attribute, by knowledge/dicom_confidentiality.csv.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace meridian::archive {

struct ProfileOptions {
  bool shift_dates = false;              // Retain Longitudinal Temporal Information with Modified Dates
  bool patient_characteristics = false;  // Retain Patient Characteristics: sex, age, size, weight, ...
  bool device = false;                   // Retain Device Identity
  bool institution = false;              // Retain Institution Identity
};

// clean: keep what identifies nobody, as dates that are moved. replace_uids: of a sequence, keep its items,
// their UIDs replaced.
enum class Action { keep, remove, empty, dummy, replace_uid, replace_uids, clean };

class Profile {
 public:
  // Reads the table. Throws unavailable and invalid_syntax.
  explicit Profile(const ProfileOptions& options);

  Action action(std::uint32_t tag) const;
  const ProfileOptions& options() const { return options_; }

 private:
  struct Row {
    std::uint32_t mask = 0xFFFFFFFF;  // of the digits that are no X
    std::uint32_t tag = 0;
    Action action = Action::remove;
  };
  ProfileOptions options_;
  std::map<std::uint32_t, Action> exact_;
  std::vector<Row> repeating_;
};

}  // namespace meridian::archive
