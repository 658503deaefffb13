// A county that does not exist: two clinics, one hospital, those who work there and those who live there,
// made from a seed by the project's own generator. The same seed and date give the same region.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/time.h"
#include "trust/identity.h"

namespace meridian::app {

struct DemoAccount {
  trust::Account account;
  std::string password;
  std::string purpose;  // what to try with it, one line
};

struct Region {
  std::vector<Json> resources;  // with ids, in an order in which references exist when they are needed
  std::vector<DemoAccount> accounts;
  std::vector<std::string> patients;  // "Patient/…", of the first clinic first
  std::string hospital;               // "Organization/…"
  std::vector<std::string> clinics;   // "Organization/…"
};

Region make_region(std::uint64_t seed, Instant today, int residents = 120);

}  // namespace meridian::app
