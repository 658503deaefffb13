// Identifiers that nobody else will make.
#pragma once
#include <initializer_list>
#include <string>
#include <string_view>

namespace meridian {

// A UUID of version 7 (RFC 9562): its first 48 bits are milliseconds since 1970, so ids made later sort
// later and an index by id grows at its end. Valid as a FHIR id.
std::string new_id();
// The same parts always give the same id (a UUID of version 8 from their SHA-256), so that what is written
// twice is one resource.
std::string stable_id(std::initializer_list<std::string_view> parts);
// 2.25.<decimal of a random UUID>, as DICOM PS3.5 B.2 allows.
std::string new_dicom_uid();
// The same name always gives the same UID: 2.25.<decimal of the first 128 bits of its SHA-256>.
std::string dicom_uid_of(const std::string& name);
// So many random bytes from the system, for keys and tokens.
std::string random_bytes(std::size_t count);

}  // namespace meridian
