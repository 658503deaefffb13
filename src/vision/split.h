// Which part of a data set a patient belongs to, decided by the patient's key alone: training/common/split.py
// has the same rule, so that what is measured here was never learnt there.
#pragma once
#include <string>

namespace meridian::vision {

enum class Part { train, validation, test };

// From the first 32 bits of SHA-256("data_set/key"): the first quarter is test, the next 15 % validation.
Part part_of(const std::string& data_set, const std::string& key);

}  // namespace meridian::vision
