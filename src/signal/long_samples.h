// Samples as long as a recording: of a day, each copy is 86 MB a lead.
#pragma once
#include <cstddef>
#include <vector>

namespace meridian::signal {

// Reserves space for so many samples. Where they are many, the system is asked for large pages: what is
// touched for the first time in small ones costs as much as the filters do.
void reserve_long(std::vector<float>& samples, std::size_t count);

// A copy in such space, cut to that length or with zeros at its end.
std::vector<float> copy_of(const std::vector<float>& samples, std::size_t length);

}  // namespace meridian::signal
