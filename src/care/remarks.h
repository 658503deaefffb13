// Remarks on recordings, as the console is given them.
#pragma once
#include <string>
#include <vector>

#include "base/json.h"

namespace meridian::care {

// [{code, values, text: localized}], as docs/console-api.md describes them; code is empty for what is no
// remark of signal/remark.h.
Json json_of_remarks(const std::vector<std::string>& texts);

}  // namespace meridian::care
