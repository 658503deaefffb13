// The dictionary that this program compresses with: made by tools/train_dictionary.cpp when it is built.
#pragma once
#include <string_view>

namespace meridian::record {

std::string_view built_in_dictionary();

}  // namespace meridian::record
