// What the objects have in common that an algorithm's result is kept as (IHE AI Results): codes, who made
// them, and by which UIDs they are filed. Texts are UTF-8.
#pragma once
#include <string>

#include "base/time.h"

namespace meridian::archive {

// scheme: a Coding Scheme Designator (PS3.16, 8), such as SCT, LN, DCM, UCUM. Meanings over 64 characters are
// shortened.
struct Code {
  std::string value, scheme, meaning;
};

struct Algorithm {
  std::string name, version;
  std::string device_uid;  // of this version of the algorithm
};

struct ResultIdentity {
  std::string series_uid, instance_uid;
  int series_number = 0;
  std::string series_description;
  Instant made{};
};

}  // namespace meridian::archive
