// How the beats that are not normal follow one another.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

namespace meridian::assistants::ecg {

struct BeatSpan {
  std::size_t first = 0, last = 0;  // places among the beats, both within
  std::size_t beats() const { return last - first + 1; }
};

struct EctopicBeats {
  std::size_t beats = 0;
  std::vector<BeatSpan> couplets;  // two in a row
  // Three or more in a row at more than 100 a minute (AHA/ACC/HRS 2017), on the mean or at least in the part
  // given here; and those nowhere so fast, which are a rhythm of their own and no tachycardia.
  std::vector<BeatSpan> runs, slow_runs;
  std::vector<BeatSpan> bigeminy;   // of three pairs, a normal beat and an ectopic one, at least
  std::vector<BeatSpan> trigeminy;  // likewise, of two normal beats and an ectopic one
};

struct Ectopy {
  EctopicBeats ventricular, supraventricular;  // classes V and S
};

// classes: N, S, V, F or Q, by beat (samples, ascending); or none, and nothing is found.
Ectopy find_ectopy(std::string_view classes, std::span<const std::int64_t> beats, double sampling_frequency);

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
