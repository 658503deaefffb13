// How the kernel shares the processor among threads.
#pragma once
#include <chrono>

namespace meridian {

// Asks that the calling thread runs in slices of so long, 0.1 to 100 ms, and so comes to its turn the sooner:
// for threads that do a little work for each of many. Linux 6.12 and later do it; others go on as they did.
void run_in_slices(std::chrono::microseconds slice) noexcept;

}  // namespace meridian
