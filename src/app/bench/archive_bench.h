#pragma once
#include "app/bench/bench.h"

namespace meridian::app {

// How fast images are taken in, found and shown: what a node does over DICOMweb (archive_web_bench.h); then
// C-STORE on 1 and 4 associations of this process to its own DICOM service (CT of 512 x 512 x 16 bits, each
// durable before it is answered), and metadata, frames and rendered PNG of what was stored. Where Debian's
// Orthanc is installed it takes the same load on the loopback. Returns the exit status, 0.
int bench_archive(const BenchOptions& options);

}  // namespace meridian::app
