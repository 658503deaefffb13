// Pictures that look alike, so that no two of a group fall into different parts of a data set;
// docs/decisions/0007 says how, training/imaging/look_alikes.py does the same.
#pragma once
#include <bitset>
#include <map>
#include <string>
#include <string_view>

namespace meridian::vision {

using Signature = std::bitset<256>;

// Of a PNG or JPEG file. Throws invalid_syntax when it cannot be decoded.
Signature signature_of(std::string_view bytes);
// The key of each picture's group: the first of its names.
std::map<std::string, std::string> group_look_alikes(const std::map<std::string, Signature>& pictures);

}  // namespace meridian::vision
