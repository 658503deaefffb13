// Slides of the archive and of files.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "archive/archive.h"
#include "archive/slide/slide_series.h"

namespace meridian::archive {

// The slide of a series, of the instances that are here at this moment; its squares are read from the
// archive, which must outlive it. Throws not_found when there is no such series, and what SlideSeries throws.
std::shared_ptr<const SlideSeries> open_slide(const Archive& archive, const std::string& study,
                                              const std::string& series);
// The slide of DICOM files in memory. Throws as parse_instance and SlideSeries do.
std::shared_ptr<const SlideSeries> open_slide(const std::vector<std::string>& files);

}  // namespace meridian::archive
