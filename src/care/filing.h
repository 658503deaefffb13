// What was received on its way into the record: its case, its patient, its place in the index.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "care/intake.h"

namespace meridian::care {

struct Filing {
  archive::Received received;
  RecordingRow recording;  // its case and patient are found here
  // Looked for where nothing else says whose it is; empty when there is none.
  std::optional<std::string> known_patient;
  std::vector<std::string> damage;  // of its bytes
};

// Of each, in their order, what became of it. In one transaction when none of them is refused, else each in
// one of its own; the bytes of what is refused go.
std::vector<std::variant<Taken, Error>> file_received(const Context& context, const Origin& origin,
                                                      std::vector<Filing> filings);

std::string organization_of(const Origin& origin);
// The case that the origin names. Throws as require_case does, and conflict when it is signed.
CaseRow named_case(storage::Connection& connection, const Origin& origin);

struct Place {
  std::string patient, case_id;
};
// Of a recording that has this value in its column.
std::optional<Place> place_of(storage::Connection& connection, const std::string& column,
                              const std::string& uid);

}  // namespace meridian::care
