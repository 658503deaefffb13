#include "app/bench/stream_bench.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

#include "app/bench/beat_confusion.h"
#include "app/bench/ecg_reference.h"
#include "archive/waveform/reader.h"
#include "assistants/ecg/stream.h"
#include "signal/beat_matching.h"
#include "signal/replay.h"

namespace meridian::app {
namespace {

using assistants::ecg::EcgStream;
using Clock = std::chrono::steady_clock;

constexpr double kWindowSeconds = 0.15;  // EC57

struct Streamed {
  ClassifiedBeats beats;
  double latest = 0;             // s, the longest delay of a beat
  double computing = 0;          // s
  std::vector<double> a_second;  // s of computing, by second of signal
};

Streamed stream_through(EcgStream& stream, const signal::Recording& recording) {
  Streamed streamed;
  std::size_t come = 0;
  double second = 0;
  signal::replay(
      recording, signal::samples_of_piece(recording.sampling_frequency),
      [&](const std::vector<std::vector<float>>& piece) {
        const auto start = Clock::now();
        const auto events = stream.add(piece);
        const double taken = std::chrono::duration<double>(Clock::now() - start).count();
        const std::size_t before = come;
        come += piece.front().size();
        streamed.computing += taken;
        second += taken;
        const auto seconds_come = [&](std::size_t samples) {
          return static_cast<std::size_t>(static_cast<double>(samples) / recording.sampling_frequency);
        };
        if (seconds_come(come) != seconds_come(before)) streamed.a_second.push_back(std::exchange(second, 0));
        for (const auto& beat : events.beats) {
          streamed.beats.samples.push_back(beat.sample);
          streamed.beats.classes.push_back(beat.aami_class);
          const double at = static_cast<double>(beat.sample) / recording.sampling_frequency;
          const double told = static_cast<double>(come) / recording.sampling_frequency;
          if (at > EcgStream::kLearning) streamed.latest = std::max(streamed.latest, told - at);
        }
      });
  return streamed;
}

}  // namespace

void bench_stream(const std::filesystem::path& folder, double threshold, Figures& figures) {
  const auto models = assistants::ecg::Models::load();
  signal::BeatMatches gross;
  BeatConfusion confusion;
  double latest = 0, computing = 0, signal_seconds = 0;
  std::vector<double> seconds;
  for (const auto& header : headers_in(folder)) {
    const signal::Recording recording = archive::read_recording(header);
    std::vector<std::string> leads;
    for (const signal::Lead& lead : recording.leads) leads.push_back(lead.name);
    EcgStream stream(models, leads, recording.sampling_frequency, threshold);
    const Streamed streamed = stream_through(stream, recording);
    const ReferenceBeats reference = reference_beats(header, static_cast<std::int64_t>(recording.length()));
    const auto window = std::llround(kWindowSeconds * recording.sampling_frequency);
    const auto matches =
        signal::match_beats(reference.samples, streamed.beats.samples, window, reference.flutter);
    gross.true_positives += matches.true_positives;
    gross.false_negatives += matches.false_negatives;
    gross.false_positives += matches.false_positives;
    if (mit_bih_part(header.stem().string()) == MitBihPart::test)
      confusion.add(reference, streamed.beats, window);
    latest = std::max(latest, streamed.latest);
    computing += streamed.computing;
    signal_seconds += recording.seconds();
    seconds.insert(seconds.end(), streamed.a_second.begin(), streamed.a_second.end());
  }
  figures.add("stream, QRS sensitivity, gross", 100 * gross.sensitivity(), "%", 3);
  figures.add("stream, QRS positive predictivity, gross", 100 * gross.positive_predictive_value(), "%", 3);
  figures.add("stream, beats V, F1 on DS2", confusion.f1('V'), "1", 3);
  figures.add("stream, longest delay of a beat", latest, "s", 2);
  figures.add("stream, a second of two leads read, mean", 1000 * computing / signal_seconds, "ms", 2);
  figures.add("stream, a second of two leads read, p99", 1000 * percentile(std::move(seconds), 0.99), "ms",
              2);
}

}  // namespace meridian::app
