#include "signal/synthetic_ecg.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <optional>
#include <random>

#include "base/error.h"

namespace meridian::signal {
namespace {

constexpr double kTurn = 2 * std::numbers::pi;

// Angle and width in degrees of the limit cycle at 60 beats a minute, as in table I of McSharry et al.
struct Wave {
  double angle, width;
};
enum WaveName { kP, kQ, kR, kS, kSt, kT, kWaves };
constexpr std::array<Wave, kWaves> kSinusWaves{{{-60, 9}, {-8, 3}, {0, 3.5}, {8, 3.5}, {40, 16}, {100, 17}}};
// A ventricular beat has no P wave and takes twice as long.
constexpr std::array<Wave, kWaves> kVentricularWaves{
    {{-60, 9}, {-18, 8}, {0, 10}, {20, 10}, {50, 16}, {115, 24}}};

// Peak millivolts of the waves in the eight leads that are measured; the others follow from them.
struct LeadWaves {
  const char* name;
  std::array<double, kWaves> sinus;  // the ST entry is the share of st_shift
  std::array<double, kWaves> ventricular;
};
constexpr LeadWaves kMeasured[] = {
    {"I", {0.07, -0.03, 0.70, -0.10, -0.2, 0.20}, {0, -0.1, 0.9, -0.2, 0, -0.35}},
    {"II", {0.13, -0.06, 1.05, -0.15, -0.3, 0.30}, {0, -0.2, -1.3, 0.3, 0, 0.50}},
    {"V1", {0.05, 0.00, 0.25, -0.90, 0.5, -0.08}, {0, 0.1, -1.5, 0.2, 0, 0.55}},
    {"V2", {0.06, 0.00, 0.45, -1.20, 1.0, 0.35}, {0, 0.1, -1.8, 0.2, 0, 0.70}},
    {"V3", {0.07, -0.02, 0.80, -0.80, 1.0, 0.40}, {0, 0.0, -1.1, 0.2, 0, 0.50}},
    {"V4", {0.07, -0.06, 1.30, -0.40, 0.9, 0.40}, {0, 0.0, 0.8, -0.4, 0, -0.30}},
    {"V5", {0.07, -0.08, 1.30, -0.20, 0.4, 0.33}, {0, 0.0, 1.3, -0.3, 0, -0.45}},
    {"V6", {0.07, -0.08, 1.00, -0.10, 0.1, 0.25}, {0, 0.0, 1.2, -0.2, 0, -0.40}},
};

struct Beat {
  double time;      // s, of the R peak
  double interval;  // s, to the beat before
  bool ventricular;
};

class Generator {
 public:
  explicit Generator(const SyntheticEcg& options) : options_(options), random_(options.seed) {}

  AnnotatedEcg make() {
    make_beats();
    AnnotatedEcg result;
    result.recording.sampling_frequency = options_.sampling_frequency;
    result.recording.source = "synthetic";
    const auto length = static_cast<std::size_t>(std::lround(options_.seconds * options_.sampling_frequency));
    for (const LeadWaves& lead : kMeasured)
      result.recording.leads.push_back({lead.name, std::vector<float>(length, 0)});
    draw_beats(result.recording);
    if (options_.atrial_fibrillation) draw_fibrillation(result.recording);
    if (options_.flutter_rate > 0) draw_flutter(result.recording);
    if (options_.paced) draw_spikes(result.recording);
    draw_disturbances(result.recording);
    derive_limb_leads(result.recording);
    for (const Beat& beat : beats_) {
      const double sample = std::round(beat.time * options_.sampling_frequency);
      if (sample >= 0 && sample < static_cast<double>(length))
        result.beats.push_back({static_cast<std::int64_t>(sample), class_of(beat)});
    }
    return result;
  }

 private:
  char class_of(const Beat& beat) const {
    if (options_.paced) return 'Q';
    return beat.ventricular ? 'V' : 'N';
  }
  double normal() { return normal_(random_); }
  double uniform() { return uniform_(random_); }

  // Sinus rhythm sways with breathing (0.25 Hz) and blood pressure (0.1 Hz); fibrillation has no memory.
  double next_interval(double time) {
    const double mean = 60 / options_.heart_rate;
    if (options_.atrial_fibrillation) return std::max(0.3, mean * std::exp(0.22 * normal()));
    if (options_.flutter_rate > 0) return 60 / options_.flutter_rate * options_.flutter_ratio;
    const double sway =
        0.8 * std::sin(kTurn * 0.25 * time) + 0.8 * std::sin(kTurn * 0.1 * time) + 0.6 * normal();
    return mean * (1 + options_.rate_variability * sway);
  }

  void make_beats() {
    if (options_.conduction != SyntheticConduction::normal) return make_blocked_beats();
    double time = -2;
    bool compensate = false;
    while (time < options_.seconds + 1) {
      double interval = next_interval(time);
      const bool premature = !compensate && uniform() < options_.premature_part;
      if (premature) interval *= 0.6 + 0.1 * uniform();
      if (compensate) interval *= 1.35;
      compensate = premature;
      time += interval;
      beats_.push_back({time, interval, premature});
    }
  }

  // P waves at their own times, and the beats that they are conducted to.
  void make_blocked_beats() {
    constexpr double kPr = 0.16, kOwnInterval = 60.0 / 38;  // s, from the middle of the P wave to the R peak
    constexpr std::array<double, 3> kGrowing{0.16, 0.28, 0.34};
    double time = -2, last = -2;
    for (std::size_t k = 0; time < options_.seconds + 1; ++k) {
      time += next_interval(time);
      atria_.push_back(time);
      std::optional<double> pr;
      if (options_.conduction == SyntheticConduction::wenckebach && k % 4 < 3) pr = kGrowing[k % 4];
      if (options_.conduction == SyntheticConduction::mobitz && k % 4 < 3) pr = kPr;
      if (options_.conduction == SyntheticConduction::two_to_one && k % 2 == 0) pr = kPr;
      if (!pr) continue;
      beats_.push_back({time + *pr, std::min(1.0, time + *pr - last), false});
      last = time + *pr;
    }
    if (options_.conduction != SyntheticConduction::complete) return;
    for (double own = -2; own < options_.seconds + 1; own += kOwnInterval) beats_.push_back({own, 1, false});
  }

  void draw_beats(Recording& recording) const {
    const double width = kSinusWaves[kP].width / 360;
    for (std::size_t l = 0; l < recording.leads.size(); ++l)
      for (const double time : atria_)
        draw_wave(time, width, kMeasured[l].sinus[kP], recording.leads[l].samples);
    for (std::size_t l = 0; l < recording.leads.size(); ++l)
      for (const Beat& beat : beats_) draw_beat(beat, kMeasured[l], recording.leads[l].samples);
  }

  void draw_beat(const Beat& beat, const LeadWaves& lead, std::vector<float>& samples) const {
    const bool wide = beat.ventricular || options_.paced;
    const auto& waves = wide ? kVentricularWaves : kSinusWaves;
    for (int w = 0; w < kWaves; ++w) {
      if (w == kP && (options_.atrial_fibrillation || options_.flutter_rate > 0 || !atria_.empty())) continue;
      double amplitude = wide ? lead.ventricular[w] : lead.sinus[w];
      if (w == kSt) amplitude *= options_.st_shift;
      // Seconds a degree; slower hearts stretch their waves by the square root of the interval (McSharry et
      // al., IV).
      const double scale = std::sqrt(std::clamp(beat.interval, 0.4, 1.5)) / 360;
      draw_wave(beat.time + waves[w].angle * scale, waves[w].width * scale, amplitude, samples);
    }
  }

  void draw_wave(double centre, double width, double amplitude, std::vector<float>& samples) const {
    if (amplitude == 0) return;
    const double frequency = options_.sampling_frequency;
    const double last = static_cast<double>(samples.size()) - 1;
    const double from = std::max(0.0, std::ceil((centre - 4 * width) * frequency));
    const double to = std::min(last, (centre + 4 * width) * frequency);
    for (double i = from; i <= to; ++i) {
      const double distance = (i / frequency - centre) / width;
      samples[static_cast<std::size_t>(i)] +=
          static_cast<float>(amplitude * std::exp(-distance * distance / 2));
    }
  }

  // A saw-tooth of some six waves a second whose frequency sways, largest in V1.
  void draw_fibrillation(Recording& recording) {
    constexpr std::array<double, std::size(kMeasured)> kShare{0.02, 0.05, 0.09, 0.06, 0.04, 0.03, 0.02, 0.02};
    const double base = 5.5 + 2 * uniform(), phase = kTurn * uniform();
    for (std::size_t l = 0; l < recording.leads.size(); ++l) {
      std::vector<float>& samples = recording.leads[l].samples;
      for (std::size_t i = 0; i < samples.size(); ++i) {
        const double time = static_cast<double>(i) / options_.sampling_frequency;
        const double angle = phase + kTurn * base * time + 1.5 * std::sin(kTurn * 0.2 * time);
        samples[i] += static_cast<float>(
            kShare[l] * (std::sin(angle) + std::sin(2 * angle) / 2 + std::sin(3 * angle) / 3));
      }
    }
  }

  // A saw-tooth, negative in the inferior leads and positive in V1.
  void draw_flutter(Recording& recording) const {
    constexpr std::array<double, std::size(kMeasured)> kShare{0.02, -0.25, 0.18, 0.1, 0.04, 0.04, 0.04, 0.04};
    const double frequency = options_.flutter_rate / 60;
    for (std::size_t l = 0; l < recording.leads.size(); ++l) {
      std::vector<float>& samples = recording.leads[l].samples;
      for (std::size_t i = 0; i < samples.size(); ++i) {
        const double angle = kTurn * frequency * static_cast<double>(i) / options_.sampling_frequency;
        samples[i] += static_cast<float>(
            kShare[l] * (std::sin(angle) + std::sin(2 * angle) / 2 + std::sin(3 * angle) / 3));
      }
    }
  }

  // 2 ms, as a recorder with the bandwidth of the diagnostic ECG leaves of them, before each wide complex.
  void draw_spikes(Recording& recording) const {
    constexpr double kBefore = 0.09, kWidth = 0.002, kHeight = 1;  // s, s, mV
    for (Lead& lead : recording.leads)
      for (const Beat& beat : beats_) draw_wave(beat.time - kBefore, kWidth, kHeight, lead.samples);
  }

  void draw_disturbances(Recording& recording) {
    for (Lead& lead : recording.leads) {
      const double phase = kTurn * uniform();
      for (std::size_t i = 0; i < lead.samples.size(); ++i) {
        const double time = static_cast<double>(i) / options_.sampling_frequency;
        lead.samples[i] +=
            static_cast<float>(options_.wander * std::sin(kTurn * 0.25 * time + phase) +
                               options_.mains * std::sin(kTurn * 50 * time) + options_.noise * normal());
      }
    }
  }

  // Einthoven's and Goldberger's leads from I and II.
  static void derive_limb_leads(Recording& recording) {
    const std::vector<float>&one = recording.leads[0].samples, &two = recording.leads[1].samples;
    std::vector<Lead> derived(4);
    const char* names[] = {"III", "aVR", "aVL", "aVF"};
    for (int k = 0; k < 4; ++k) derived[k] = {names[k], std::vector<float>(one.size())};
    for (std::size_t i = 0; i < one.size(); ++i) {
      derived[0].samples[i] = two[i] - one[i];
      derived[1].samples[i] = -(one[i] + two[i]) / 2;
      derived[2].samples[i] = one[i] - two[i] / 2;
      derived[3].samples[i] = two[i] - one[i] / 2;
    }
    recording.leads.insert(recording.leads.begin() + 2, derived.begin(), derived.end());
  }

  const SyntheticEcg& options_;
  std::mt19937_64 random_;
  std::normal_distribution<double> normal_;
  std::uniform_real_distribution<double> uniform_;
  std::vector<Beat> beats_;
  std::vector<double> atria_;  // s, the P waves' middles, where they have times of their own
};

void require_within(double value, double low, double high, const char* name) {
  if (!(value >= low && value <= high))
    throw Error(ErrorCode::invalid_value, "A synthetic ECG cannot be made with this value", name,
                "Give " + std::to_string(low) + " to " + std::to_string(high));
}

}  // namespace

AnnotatedEcg make_annotated_ecg(const SyntheticEcg& options) {
  require_within(options.seconds, 0, 7 * 86400, "seconds");
  require_within(options.sampling_frequency, 50, 10000, "sampling_frequency");
  require_within(options.heart_rate, 20, 300, "heart_rate");
  require_within(options.rate_variability, 0, 0.3, "rate_variability");
  require_within(options.premature_part, 0, 0.5, "premature_part");
  require_within(options.st_shift, -2, 2, "st_shift");
  require_within(options.flutter_rate, 0, 400, "flutter_rate");
  require_within(options.flutter_ratio, 1, 8, "flutter_ratio");
  for (const double amplitude : {options.noise, options.wander, options.mains})
    require_within(amplitude, 0, 100, "noise, wander and mains");
  return Generator(options).make();
}

Recording make_ecg(const SyntheticEcg& options) {
  return make_annotated_ecg(options).recording;
}

}  // namespace meridian::signal
