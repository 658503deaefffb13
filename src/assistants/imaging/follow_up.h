// What follows from a reading, by the guidelines that knowledge/imaging_follow_up.csv names.
#pragma once
#include <string>

#include "assistants/imaging/reader.h"

namespace meridian::assistants::imaging {

// Says the first of the assistant's rows that holds beneath the first finding: in its sentence, as a rule of
// its evidence, and in its urgency. Facts that are not known and keep a row before it from holding are named
// in the sentence, and those that a person can be asked for stand as "asks" of the evidence. Throws corrupted
// when the table is wrong, or names a class that makes no finding by the assistant's card.
Completion follow_up(const std::string& assistant);

// One after the other.
Completion both(Completion first, Completion second);

}  // namespace meridian::assistants::imaging
