// The one exception of the project, and the one table that says what each error means to a person's
// browser, a FHIR client, a DICOM peer and a shell.
#pragma once
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace meridian {

enum class ErrorCode : std::uint8_t {
  invalid_syntax,          // not JSON, not DICOM, not WFDB: the bytes cannot be parsed
  invalid_structure,       // parsed, but an element is unknown, missing or of the wrong type
  invalid_value,           // well formed, but a value is outside what is allowed
  invalid_request,         // an unknown parameter, a missing header, a bad combination
  not_found,               // no such thing, or none that the asker may see
  gone,                    // it was deleted
  conflict,                // somebody else changed it first, or two things claim the same identity
  precondition_failed,     // If-Match, If-None-Exist or a conditional reference did not hold
  unauthenticated,         // nobody is signed in
  locked_out,              // too many wrong passwords
  forbidden,               // signed in, but not allowed
  consent_withheld,        // the patient has not consented
  too_large,               // over a configured limit
  unsupported_media_type,  // the body is of a kind that is not read
  not_acceptable,          // no answer of a kind that the client accepts
  not_supported,           // part of the standard that this node does not do
  refused,                 // a card's inputs do not fit: "not analysed, because"
  busy,                    // try again later
  timed_out,
  storage_full,
  corrupted,    // a checksum, a hash chain or an index does not agree with the data
  unavailable,  // a model, database, device or peer is missing
  usage,        // the command line is wrong
  invalid_configuration,
  internal,  // a defect of ours
};

struct ErrorTraits {
  ErrorCode code;
  std::string_view name;  // in logs and metrics
  int http_status;
  std::string_view fhir_issue;  // FHIR R4 IssueType
  std::uint16_t dicom_status;   // PS3.4 and PS3.7 status of a DIMSE response
  int exit_code;                // of a command; 0 is success
};

// The whole table, in the order of ErrorCode.
std::span<const ErrorTraits> error_table();
const ErrorTraits& traits(ErrorCode code);

// What was wrong (what()), where (a FHIRPath, a file and line, a DICOM tag; may be empty) and what to do.
class Error : public std::runtime_error {
 public:
  Error(ErrorCode code, const std::string& message, std::string where = {}, std::string advice = {});

  ErrorCode code() const { return code_; }
  const std::string& where() const { return where_; }
  const std::string& advice() const { return advice_; }
  // "message at where. advice", for terminals and logs.
  std::string describe() const;

 private:
  ErrorCode code_;
  std::string where_;
  std::string advice_;
};

}  // namespace meridian
