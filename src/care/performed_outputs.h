// What a performed procedure step says that it made and gave: its series, and its dose of radiation (PS3.4,
// F.7.2.1; PS3.3, C.4.14 and C.4.16).
#pragma once
#include "base/json.h"

namespace meridian::care {

// Task.output for each performed series and each amount of radiation in the attributes (DICOM JSON), added to
// what the Task has; a later value takes the place of an earlier one. Throws invalid_value for a dose that is
// no number.
void set_performed_outputs(Json& task, const Json& attributes);

}  // namespace meridian::care
