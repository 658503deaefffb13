// How the beats that are not normal follow one another.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

namespace meridian::assistants::ecg {

struct EctopicBeats {
  std::size_t beats = 0;
  std::size_t couplets = 0;               // two in a row
  std::size_t runs = 0, longest_run = 0;  // three or more in a row; its beats
  std::size_t bigeminy = 0;   // stretches of three pairs, a normal beat and an ectopic one, at least
  std::size_t trigeminy = 0;  // likewise, of two normal beats and an ectopic one
};

struct Ectopy {
  EctopicBeats ventricular, supraventricular;  // classes V and S
};

// classes: N, S, V, F or Q, one a beat, in their order.
Ectopy find_ectopy(std::string_view classes);

// A ventricular beat that begins while the ventricles recover from the normal one before it.
struct ROnT {
  std::int64_t sample = 0;
  double coupling = 0, qt = 0;  // s, from the beat before, and that beat's QT interval
};
// qt_at: the QT interval around a sample, in seconds; 0: not known. A beat counts whose coupling interval is
// shorter than QT (prematurity index below 1: Lown and Wolf, Circulation 44:130, 1971).
std::vector<ROnT> find_r_on_t(std::span<const std::int64_t> beats, std::string_view classes,
                              double sampling_frequency, const std::function<double(std::int64_t)>& qt_at);

}  // namespace meridian::assistants::ecg
