// The ImagingStudy of instances that arrive or go, brought up to date.
#pragma once
#include <string>

#include "archive/archive.h"
#include "record/record.h"

namespace meridian::care {

// Instances that an ImagingStudy lists by themselves in each series. Of a longer one (the slices of a CT) it
// counts the rest, and DICOMweb lists them.
inline constexpr std::size_t kListedInstances = 32;

// "ImagingStudy/…", whose id follows from the study's UID.
std::string imaging_study_of(const std::string& study);

// Within the transaction that files or removes instances of the study: what the ImagingStudy says of them is
// what the archive has, without the objects of drafts that nobody has signed. It is made with the first
// recording, of its patient and case, and goes with the last instance.
void refresh_study(record::Writer& writer, const archive::Archive& archive, const std::string& study);

// The same soon (study_updates.h), once for all instances that arrive at about the same time: of one that is
// made already. Writing it with each would cost more than all else that is done for an instance.
void refresh_study_soon(record::Writer& writer, const std::string& study);

}  // namespace meridian::care
