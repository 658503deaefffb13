#include "base/error.h"

#include <array>
#include <utility>

namespace meridian {
namespace {

constexpr std::array<ErrorTraits, 25> kTable{{
    {ErrorCode::invalid_syntax, "invalid-syntax", 400, "structure", 0xC000, 65},
    {ErrorCode::invalid_structure, "invalid-structure", 422, "structure", 0xA900, 65},
    {ErrorCode::invalid_value, "invalid-value", 422, "value", 0x0106, 65},
    {ErrorCode::invalid_request, "invalid-request", 400, "invalid", 0xC000, 64},
    {ErrorCode::not_found, "not-found", 404, "not-found", 0x0112, 66},
    {ErrorCode::gone, "gone", 410, "deleted", 0x0112, 66},
    {ErrorCode::conflict, "conflict", 409, "conflict", 0x0111, 75},
    {ErrorCode::precondition_failed, "precondition-failed", 412, "conflict", 0x0110, 75},
    {ErrorCode::unauthenticated, "unauthenticated", 401, "login", 0x0124, 77},
    {ErrorCode::locked_out, "locked-out", 429, "throttled", 0x0124, 77},
    {ErrorCode::forbidden, "forbidden", 403, "forbidden", 0x0124, 77},
    {ErrorCode::consent_withheld, "consent-withheld", 403, "suppressed", 0x0124, 77},
    {ErrorCode::too_large, "too-large", 413, "too-long", 0xA700, 65},
    {ErrorCode::unsupported_media_type, "unsupported-media-type", 415, "not-supported", 0x0122, 65},
    {ErrorCode::not_acceptable, "not-acceptable", 406, "not-supported", 0x0122, 65},
    {ErrorCode::not_supported, "not-supported", 501, "not-supported", 0x0122, 69},
    {ErrorCode::refused, "refused", 422, "business-rule", 0xA900, 65},
    {ErrorCode::busy, "busy", 503, "transient", 0xA700, 75},
    {ErrorCode::timed_out, "timed-out", 504, "timeout", 0xA700, 75},
    {ErrorCode::storage_full, "storage-full", 507, "no-store", 0xA700, 74},
    {ErrorCode::corrupted, "corrupted", 500, "exception", 0x0110, 76},
    {ErrorCode::unavailable, "unavailable", 503, "transient", 0x0110, 69},
    {ErrorCode::usage, "usage", 400, "invalid", 0x0110, 64},
    {ErrorCode::invalid_configuration, "invalid-configuration", 500, "exception", 0x0110, 78},
    {ErrorCode::internal, "internal", 500, "exception", 0x0110, 70},
}};

constexpr bool in_order() {
  for (std::size_t i = 0; i < kTable.size(); ++i)
    if (static_cast<std::size_t>(kTable[i].code) != i) return false;
  return kTable.size() == static_cast<std::size_t>(ErrorCode::internal) + 1;
}
static_assert(in_order(), "the table of errors is in the order of ErrorCode");

}  // namespace

std::span<const ErrorTraits> error_table() {
  return kTable;
}

const ErrorTraits& traits(ErrorCode code) {
  return kTable[static_cast<std::size_t>(code)];
}

Error::Error(ErrorCode code, const std::string& message, std::string where, std::string advice)
    : std::runtime_error(message), code_(code), where_(std::move(where)), advice_(std::move(advice)) {}

std::string Error::describe() const {
  std::string text = what();
  if (!where_.empty()) text += " at " + where_;
  if (!advice_.empty()) text += ". " + advice_;
  return text;
}

}  // namespace meridian
