#include <cstdio>
#include <iostream>
#include <optional>

#include "app/commands/commands.h"
#include "archive/waveform/csv_reader.h"
#include "archive/waveform/reader.h"
#include "assistants/ecg/stream.h"
#include "base/error.h"
#include "engine/card.h"
#include "signal/replay.h"

namespace meridian::app {
namespace {

using assistants::ecg::EcgStream;

constexpr std::size_t kLongestLine = 1u << 16;

class Monitor {
 public:
  // The first piece tells the leads and the sampling frequency.
  void take(const signal::Recording& piece) {
    if (!stream_) {
      frequency_ = piece.sampling_frequency;
      std::vector<std::string> leads;
      for (const signal::Lead& lead : piece.leads) leads.push_back(lead.name);
      stream_.emplace(models_, std::move(leads), frequency_, card_.operating_point->threshold);
    }
    signal::replay(piece, signal::samples_of_piece(piece.sampling_frequency),
                   [&](const std::vector<std::vector<float>>& samples) { print(stream_->add(samples)); });
  }

 private:
  void print(const assistants::ecg::StreamEvents& events) const {
    for (const auto& beat : events.beats) std::printf("%s\n", to_json(beat, frequency_).dump().c_str());
    for (const auto& alarm : events.alarms) std::printf("%s\n", to_json(alarm, frequency_).dump().c_str());
    if (!events.beats.empty() || !events.alarms.empty()) std::fflush(stdout);
  }

  assistants::ecg::Models models_ = assistants::ecg::Models::load();
  engine::Card card_ = engine::Card::load("ecg");
  std::optional<EcgStream> stream_;
  double frequency_ = 0;
};

bool read_line(std::string& line) {
  if (!std::getline(std::cin, line)) return false;
  if (line.size() > kLongestLine)
    throw Error(ErrorCode::too_large, "A line of the stream has more than 64 KiB", "standard input",
                "Send a row of numbers a line");
  line += '\n';
  return true;
}

// Rows that come are read as tables below the head that came first: the comments and the names of the leads.
void monitor_rows(Monitor& monitor) {
  std::string head, line;
  while (read_line(line)) {
    head += line;
    if (!line.starts_with('#')) break;
    if (head.size() > kLongestLine)
      throw Error(ErrorCode::too_large, "The stream begins with more than 64 KiB of comments",
                  "standard input", "Declare the layout as docs/recordings.md says");
  }
  std::string rows;
  std::size_t count = 0, needed = 1;  // rows of a piece; the first tells how many a tenth of a second are
  while (read_line(line)) {
    rows += line;
    if (++count < needed) continue;
    const signal::Recording piece = archive::read_csv_ecg(head + rows, {});
    monitor.take(piece);
    needed = signal::samples_of_piece(piece.sampling_frequency);
    rows.clear();
    count = 0;
  }
  if (!rows.empty()) monitor.take(archive::read_csv_ecg(head + rows, {}));
}

}  // namespace

void monitor(const std::string& source) {
  Monitor monitor;
  if (source == "-")
    monitor_rows(monitor);
  else
    monitor.take(archive::read_recording(std::filesystem::path(source)));
}

}  // namespace meridian::app
