// What references lead to, for checking it too.
#pragma once
#include <functional>
#include <memory>
#include <string_view>

#include "base/json.h"

namespace meridian::record {

// A null pointer when that is not there, or not for the one who asks.
using References = std::function<std::shared_ptr<const Json>(std::string_view reference)>;

}  // namespace meridian::record
