// The ImagingStudy of instances that arrive or go, brought up to date.
#pragma once
#include <string>
#include <vector>

#include "archive/instance.h"
#include "record/record.h"

namespace meridian::care {

// Instances that an ImagingStudy lists by themselves in each series. Of a longer one (the slices of a CT) it
// counts the rest, and DICOMweb lists them: with a list of all, each slice that arrives would cost as much as
// all before it.
inline constexpr std::size_t kListedInstances = 32;

// Within the transaction that files the instance, which must not be in the study yet. Gives "ImagingStudy/…",
// whose id follows from the study's UID.
std::string add_to_study(record::Writer& writer, const archive::InstanceFacts& facts,
                         const std::string& patient, const std::string& encounter);

// Within the transaction that removes the instances, all of one study. The ImagingStudy goes with its last.
void take_from_study(record::Writer& writer, const std::vector<archive::InstanceFacts>& removed);

}  // namespace meridian::care
