// How much the shape of a possible beat is like that of the accepted beats around it.
#pragma once
#include <vector>

#include "signal/qrs_activity.h"

namespace meridian::signal {

// For each candidate (samples, ascending) the correlation, -1 to 1, of the 160 ms around it with the mean
// shape of the accepted candidates nearby, over all leads by their weight. 1 where no lead can say.
std::vector<float> shape_similarity(const QrsActivity& activity, const std::vector<std::size_t>& candidates,
                                    const std::vector<char>& accepted);

// The sample of the largest absolute value within `reach` samples of `near`.
std::size_t main_deflection(const std::vector<float>& samples, std::size_t near, std::size_t reach);

}  // namespace meridian::signal
