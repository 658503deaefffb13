// Age and sex as the comments of WFDB headers give them.
#pragma once
#include <span>
#include <string_view>

#include "signal/recording.h"

namespace meridian::archive {

// The forms of PhysioNet's databases: "age: 81", "Sex: female", "<age>: 51  <sex>: F", and MIT-BIH's
// "69 M ..." as the first comment. Ages of 0 to 130 years.
signal::RecordedSubject subject_of_comments(std::span<const std::string_view> comments);

}  // namespace meridian::archive
