// Instants in UTC and their ISO 8601 text, as FHIR and DICOM write them.
#pragma once
#include <chrono>
#include <string>
#include <string_view>

namespace meridian {

using Instant = std::chrono::sys_time<std::chrono::microseconds>;

Instant now();
// 2026-11-24T13:53:19.123Z, with milliseconds: a FHIR instant.
std::string format_instant(Instant time);
// Reads a FHIR instant or a complete dateTime with its zone; throws invalid_value.
Instant parse_instant(std::string_view text);
// DICOM DT in UTC: 20261124135319.123000+0000.
std::string format_dicom_datetime(Instant time);

}  // namespace meridian
