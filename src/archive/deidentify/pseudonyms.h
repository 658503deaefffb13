// What stands for a person's identifiers, so that what belongs together still does and nobody without the key
// can tell whose it is.
#pragma once
#include <string>

namespace meridian::archive {

// All of it follows from the key (HMAC-SHA256): the same key gives the same pseudonyms in every run, and who
// has it can link them. Keep it apart from what is exported, or forget it.
class Pseudonyms {
 public:
  // Throws invalid_value for a key of fewer than 32 bytes.
  explicit Pseudonyms(std::string key);

  // 2.25 and a decimal. UIDs that the standard itself has given (1.2.840.10008.…) stay as they are.
  std::string uid(const std::string& original) const;
  // 16 hexadecimal digits in capitals.
  std::string patient(const std::string& patient_id, const std::string& issuer) const;
  // By how many days all dates of a patient are moved: 366 to 3,650 into the past. Intervals stay.
  int days(const std::string& patient_id, const std::string& issuer) const;

 private:
  std::string digest(const std::string& what, const std::string& value) const;
  std::string key_;
};

// A DA or the date of a DT, moved; the rest stays as it is. Empty when there is no date in it that can be
// moved.
std::string moved_date(const std::string& value, int days);

}  // namespace meridian::archive
