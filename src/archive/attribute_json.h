// Attributes in the DICOM JSON model (PS3.18, F.2): written, read and matched.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "base/json.h"

namespace meridian::archive {

// {"vr": VR, "Value": [value]}; without a value when the text is empty. A person's name has its component
// groups: "Wang^Xiuying=王^秀英".
Json dicom_attribute(std::string_view vr, std::string_view value);
Json dicom_number(std::string_view vr, std::int64_t value);
Json dicom_sequence(Json::Array items);

// The first value of a data set's attribute as text (a person's name with = between its groups); empty when
// there is none. tag: "00100020".
std::string first_value(const Json& dataset, std::string_view tag);
// The items of a sequence; empty when it is absent.
const Json::Array& sequence_items(const Json& dataset, std::string_view tag);
// The text of one value.
std::string value_text(const Json& value);

// Whether an attribute, which may be nullptr, has a value that the key matches (PS3.4, C.2.2.2): by the
// rules of QueryKey. An empty key matches whatever there is, also nothing.
bool matches_key(const Json* attribute, std::string_view key);

}  // namespace meridian::archive
