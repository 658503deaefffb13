#include <chrono>
#include <cstdio>
#include <iostream>
#include <memory>
#include <optional>
#include <thread>

#include "app/commands/commands.h"
#include "app/monitor_sender.h"
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

class Listener {
 public:
  virtual ~Listener() = default;
  virtual void begin(const std::vector<std::string>& leads, double sampling_frequency) = 0;
  virtual void add(const std::vector<std::vector<float>>& samples) = 0;
  virtual void end() {}
};

// Reads the ECG here.
class Printer : public Listener {
 public:
  void begin(const std::vector<std::string>& leads, double sampling_frequency) override {
    frequency_ = sampling_frequency;
    stream_.emplace(models_, leads, frequency_, card_.operating_point->threshold);
  }
  void add(const std::vector<std::vector<float>>& samples) override {
    const engine::StreamEvents events = stream_->add(samples);
    for (const auto& beat : events.beats) std::printf("%s\n", to_json(beat, frequency_).dump().c_str());
    for (const auto& alarm : events.alarms) std::printf("%s\n", to_json(alarm, frequency_).dump().c_str());
    if (!events.beats.empty() || !events.alarms.empty()) std::fflush(stdout);
  }

 private:
  assistants::ecg::Models models_ = assistants::ecg::Models::load();
  engine::Card card_ = engine::Card::load("ecg");
  std::optional<EcgStream> stream_;
  double frequency_ = 0;
};

// Has a node read it. A recording goes at its own pace; a stream sets its pace itself.
class Forwarder : public Listener {
 public:
  Forwarder(const MonitorTarget& target, bool paced) : target_(target), paced_(paced) {}
  void begin(const std::vector<std::string>& leads, double sampling_frequency) override {
    frequency_ = sampling_frequency;
    sender_.emplace(target_, leads, frequency_);
    due_ = Clock::now();
  }
  void add(const std::vector<std::vector<float>>& samples) override {
    if (paced_) std::this_thread::sleep_until(due_);
    due_ += std::chrono::duration_cast<Clock::duration>(
        std::chrono::duration<double>(static_cast<double>(samples.front().size()) / frequency_));
    sender_->send(samples);
  }
  void end() override {
    if (sender_) sender_->finish();
  }

 private:
  using Clock = std::chrono::steady_clock;
  const MonitorTarget& target_;
  bool paced_;
  std::optional<MonitorSender> sender_;
  Clock::time_point due_;
  double frequency_ = 0;
};

class Monitor {
 public:
  explicit Monitor(Listener& listener) : listener_(listener) {}
  // The first piece tells the leads and the sampling frequency.
  void take(const signal::Recording& piece) {
    if (!begun_) {
      std::vector<std::string> leads;
      for (const signal::Lead& lead : piece.leads) leads.push_back(lead.name);
      listener_.begin(leads, piece.sampling_frequency);
      begun_ = true;
    }
    signal::replay(piece, signal::samples_of_piece(piece.sampling_frequency),
                   [&](const std::vector<std::vector<float>>& samples) { listener_.add(samples); });
  }

 private:
  Listener& listener_;
  bool begun_ = false;
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

void monitor(const MonitorOptions& options) {
  std::unique_ptr<Listener> listener;
  const bool piped = options.source == "-";
  if (options.target.node.empty())
    listener = std::make_unique<Printer>();
  else
    listener = std::make_unique<Forwarder>(options.target, !piped);
  Monitor monitor(*listener);
  if (piped)
    monitor_rows(monitor);
  else
    monitor.take(archive::read_recording(std::filesystem::path(options.source)));
  listener->end();
}

}  // namespace meridian::app
