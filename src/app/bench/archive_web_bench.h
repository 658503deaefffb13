// The bench of the archive over DICOMweb, on the loopback.
#pragma once
#include "app/bench/bench.h"
#include "app/bench/figures.h"

namespace meridian::app {

// Starts a node in this process and stores so many small studies by STOW-RS, each a patient's of its own;
// searches at 1,000 and at all of them, and says how much memory the process then has (its load generator
// included); reads the metadata of a series of 1,000; stores CT of 512 x 512 x 16 bits on 4 connections, and
// reads a study, frames and pictures of it; and reads a frame of an object of 500 frames and of one of one.
// Orthanc does the same with 1,000 studies where Debian's orthanc and orthanc-dicomweb are installed. Throws
// unavailable when an answer is not a success.
void measure_archive_web(const BenchOptions& options, Figures& figures);

// Stores options.stores small instances by STOW-RS over 64 connections, starts the node anew, and reads and
// compares each. Throws internal when one that was acknowledged is not there as it was sent.
void measure_many_stores(const BenchOptions& options, Figures& figures);

}  // namespace meridian::app
