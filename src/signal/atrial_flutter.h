// Atrial flutter, told as a reader of ECGs does: between the QRS complexes the inferior leads or V1 show
// waves that repeat 230 to 350 times a minute (ACC/AHA/HRS 2015: Page et al., Circulation 133:e506) without
// rest between.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "signal/recording.h"

namespace meridian::signal {

struct AtrialFlutter {
  std::string lead;        // that shows it best
  double rate = 0;         // waves a minute
  double correlation = 0;  // of the lead with itself, a wave later; 0.9 to 1
};

// beats: samples of the QRS complexes. Nothing where no such lead repeats itself by 0.9 at least, or where it
// also repeats at half that time. The 0.9 was chosen on PTB-XL and LUDB (docs/ecg.md).
std::optional<AtrialFlutter> find_flutter(const Recording& recording, std::span<const std::int64_t> beats);

}  // namespace meridian::signal
