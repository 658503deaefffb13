#include "archive/waveform/wfdb.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <span>

#include "archive/waveform/lead_name.h"
#include "archive/waveform/pieces.h"
#include "archive/waveform/voltage.h"
#include "archive/waveform/wfdb_header.h"
#include "archive/waveform/wfdb_samples.h"
#include "archive/waveform/wfdb_signal_file.h"
#include "base/error.h"
#include "signal/remark.h"

namespace meridian::archive {
namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr std::uint64_t kFramesAtOnce = 16384;

// The neighbouring signals that share one file.
struct FileGroup {
  std::size_t first, count;
};

std::vector<FileGroup> group_by_file(const WfdbHeader& header) {
  std::vector<FileGroup> groups;
  for (std::size_t i = 0; i < header.signals.size(); ++i) {
    const bool same =
        !groups.empty() && header.signals[groups.back().first].file_name == header.signals[i].file_name;
    if (!same) groups.push_back({i, 0});
    ++groups.back().count;
  }
  return groups;
}

// An empty unit is WFDB's default.
std::optional<double> millivolts_of(const WfdbSignal& signal) {
  return signal.units.empty() ? 1.0 : millivolts_per(signal.units);
}

// One signal on its way from stored numbers to millivolts, block by block.
class SignalReading {
 public:
  SignalReading(const WfdbSignal& signal, std::uint64_t frames)
      : signal_(signal),
        scale_(millivolts_of(signal).value_or(0) / signal.gain),
        missing_(wfdb_missing_value(signal.format)),
        skew_(static_cast<std::size_t>(signal.skew) * static_cast<std::size_t>(signal.samples_per_frame)),
        value_(signal.initial_value.value_or(0)),
        samples_(frames * static_cast<std::size_t>(signal.samples_per_frame), kNaN) {}

  void take(std::vector<std::int32_t>& block) {
    if (signal_.format == 8) undo_differences(block);
    if (read_ == 0 && !block.empty()) first_ = block.front();
    for (const std::int32_t stored : block) sum_ += static_cast<std::uint64_t>(std::int64_t(stored));
    const std::size_t from = skew_ > read_ ? skew_ - read_ : 0;
    float* const to = samples_.data() + (read_ + from - skew_);  // the first that this block can fill
    for (std::size_t i = from; i < block.size(); ++i)
      to[i - from] = block[i] == missing_ ? kNaN : static_cast<float>((block[i] - signal_.baseline) * scale_);
    read_ += block.size();
  }

  // Writers that make no checksum put 0; many of them leave an old initial value too.
  void verify(const std::string& record, std::vector<std::string>& doubts) const {
    const bool has_checksum = signal_.checksum.value_or(0) != 0;
    const bool begins_well =
        signal_.format == 8 || !signal_.initial_value || read_ == 0 || first_ == *signal_.initial_value;
    const bool adds_up =
        has_checksum && static_cast<std::uint16_t>(sum_) == static_cast<std::uint16_t>(*signal_.checksum);
    if (has_checksum && !adds_up && !begins_well)
      throw Error(ErrorCode::corrupted, "Neither the first sample nor the checksum is the header's",
                  record + " " + signal_.description,
                  "Fetch the record again; its header and signal file do not belong together");
    if (has_checksum && !adds_up)
      doubts.push_back(signal::remark("checksum", {{"lead", signal_.description}}));
    if (!adds_up && !begins_well)
      doubts.push_back(signal::remark("initial-value", {{"lead", signal_.description}}));
    if (!signal_.calibrated)
      doubts.push_back(signal::remark("gain-assumed", {{"lead", signal_.description}, {"gain", "200"}}));
  }

  std::size_t length() const { return samples_.size(); }
  std::vector<float> take_samples() { return std::move(samples_); }

 private:
  void undo_differences(std::vector<std::int32_t>& block) {
    for (std::int32_t& sample : block) {
      value_ += sample;
      sample = static_cast<std::int32_t>(static_cast<std::int16_t>(value_));
    }
  }

  const WfdbSignal& signal_;
  double scale_;
  std::optional<std::int32_t> missing_;
  std::size_t skew_, read_ = 0;
  std::int64_t value_;  // of format 8, so far
  std::int32_t first_ = 0;
  std::uint64_t sum_ = 0;
  std::vector<float> samples_;
};

// The signals of one file; `frames` becomes what the file holds where the header did not say.
std::vector<SignalReading> read_group(const FileSource& files, const WfdbHeader& header,
                                      const FileGroup& group, std::optional<std::uint64_t>& frames) {
  const std::span<const WfdbSignal> signals(header.signals.data() + group.first, group.count);
  const std::string& name = signals.front().file_name;
  const WfdbSignalFile file(signals, files(name));
  if (!frames) frames = file.frames();
  if (*frames > file.frames())
    throw Error(ErrorCode::invalid_structure,
                "The signal file is cut short: it holds " + std::to_string(file.frames()) + " of " +
                    std::to_string(*frames) + " samples a signal",
                name, "Fetch the record again");
  std::vector<SignalReading> readings;
  for (const WfdbSignal& signal : signals) {
    require_readable_size(*frames * static_cast<std::uint64_t>(signal.samples_per_frame),
                          header.signals.size(), header.record_name);
    readings.emplace_back(signal, *frames);
  }
  std::vector<std::vector<std::int32_t>> blocks;
  for (std::uint64_t at = 0; at < *frames; at += kFramesAtOnce) {
    file.read(at, std::min(kFramesAtOnce, *frames - at), blocks);
    for (std::size_t i = 0; i < readings.size(); ++i) readings[i].take(blocks[i]);
  }
  return readings;
}

int fastest(const WfdbHeader& header) {
  int samples_per_frame = 1;
  for (const WfdbSignal& signal : header.signals)
    samples_per_frame = std::max(samples_per_frame, signal.samples_per_frame);
  return samples_per_frame;
}

// Empty when the signal is to be read as an ECG lead, else the words for `unread`.
std::string why_not_read(const WfdbSignal& signal) {
  const std::string name = signal.description.empty() ? "unnamed signal" : signal.description;
  if (!millivolts_of(signal))
    return signal::remark("unit-no-voltage", {{"lead", name}, {"unit", signal.units}});
  if (!may_be_ecg_lead(signal.description)) return signal::remark("not-an-ecg-lead", {{"lead", name}});
  return {};
}

class Reader {
 public:
  explicit Reader(const FileSource& files) : files_(files) {}

  signal::Recording read(const std::string& record_name) const {
    const WfdbHeader header = header_of(record_name);
    return header.segments.empty() ? read_segment(header) : read_segments(header);
  }

 private:
  WfdbHeader header_of(const std::string& record_name) const {
    return parse_wfdb_header(files_(record_name + ".hea"));
  }

  signal::Recording read_segment(const WfdbHeader& header) const {
    signal::Recording recording;
    recording.sampling_frequency = header.frame_frequency * fastest(header);
    recording.start = header.start;
    recording.source = "WFDB";
    recording.subject = header.subject;
    std::optional<std::uint64_t> frames = header.frames;
    for (const FileGroup& group : group_by_file(header)) {
      auto readings = read_group(files_, header, group, frames);
      for (std::size_t i = 0; i < group.count; ++i)
        add_lead(header, header.signals[group.first + i], readings[i], recording);
    }
    return recording;
  }

  static void add_lead(const WfdbHeader& header, const WfdbSignal& signal, SignalReading& reading,
                       signal::Recording& recording) {
    if (std::string why = why_not_read(signal); !why.empty()) {
      recording.unread.push_back(std::move(why));
      return;
    }
    const int rate = fastest(header);
    if (rate % signal.samples_per_frame != 0)
      throw Error(ErrorCode::not_supported, "Signals whose sampling rates are not multiples are not read",
                  signal.description, "Resample the record with xform");
    reading.verify(header.record_name, recording.doubts);
    const std::size_t slower = static_cast<std::size_t>(rate / signal.samples_per_frame);
    require_readable_size(reading.length() * slower, header.signals.size(), header.record_name);
    recording.leads.push_back(
        {standard_lead_name(signal.description), upsample(reading.take_samples(), slower)});
  }

  // A record in segments has the leads of its first one, which in a variable layout has no samples.
  signal::Recording read_segments(const WfdbHeader& header) const {
    std::uint64_t total = 0;
    for (const WfdbSegment& segment : header.segments) {
      require_readable_size(segment.frames, 1, header.record_name);
      require_readable_size(total += segment.frames, 1, header.record_name);
    }
    if (header.frames && *header.frames != total)
      throw Error(ErrorCode::invalid_structure, "The segments are together not as long as the record",
                  header.record_name, "Check the .hea file");
    const WfdbHeader layout = layout_of(header);
    const auto rate = static_cast<std::uint64_t>(fastest(layout));
    signal::Recording whole = begin_with(layout, header);
    require_readable_size(total * rate, whole.leads.size(), header.record_name);
    std::vector<signal::Recording> parts = read_parts(header, total);
    auto part = parts.begin();
    for (const WfdbSegment& segment : header.segments) {
      if (is_gap(segment))
        append_gap(segment.frames * rate, whole);
      else if (segment.frames > 0)
        append(std::move(*part++), segment, rate, whole);
    }
    return whole;
  }

  static bool is_gap(const WfdbSegment& segment) { return segment.record_name == "~"; }

  // The segments that hold samples, all read before room is made for the gaps between them.
  std::vector<signal::Recording> read_parts(const WfdbHeader& header, std::uint64_t frames) const {
    std::vector<signal::Recording> parts;
    std::uint64_t held = 0;
    for (const WfdbSegment& segment : header.segments) {
      if (segment.frames == 0 || is_gap(segment)) continue;
      const WfdbHeader part = header_of(segment.record_name);
      require_fit(part, segment, header);
      parts.push_back(read_segment(part));
      held += segment.frames;
    }
    require_few_gaps(frames, held);
    return parts;
  }

  // The first segment that is a record; the length 0 of one that only lists leads is kept as none.
  WfdbHeader layout_of(const WfdbHeader& header) const {
    for (const WfdbSegment& segment : header.segments) {
      if (is_gap(segment)) continue;
      WfdbHeader layout = header_of(segment.record_name);
      require_fit(layout, segment, header);
      return layout;
    }
    throw Error(ErrorCode::invalid_structure, "The record has no segment that holds signals",
                header.record_name, "Check the .hea file");
  }

  static void require_fit(const WfdbHeader& part, const WfdbSegment& segment, const WfdbHeader& header) {
    if (!part.segments.empty())
      throw Error(ErrorCode::not_supported, "Segments within segments are not read", segment.record_name, "");
    if (part.frame_frequency != header.frame_frequency || part.frames.value_or(0) != segment.frames)
      throw Error(ErrorCode::invalid_structure,
                  "A segment has another length or sampling rate than announced", segment.record_name,
                  "Check the .hea files");
  }

  static signal::Recording begin_with(const WfdbHeader& part, const WfdbHeader& header) {
    signal::Recording whole;
    whole.sampling_frequency = part.frame_frequency * fastest(part);
    whole.start = header.start ? header.start : part.start;
    whole.source = "WFDB";
    whole.subject = header.subject;
    for (const WfdbSignal& signal : part.signals) {
      std::string why = why_not_read(signal);
      if (why.empty())
        whole.leads.push_back({standard_lead_name(signal.description), {}});
      else
        whole.unread.push_back(std::move(why));
    }
    return whole;
  }

  static void append_gap(std::uint64_t samples, signal::Recording& whole) {
    for (signal::Lead& lead : whole.leads) lead.samples.resize(lead.samples.size() + samples, kNaN);
  }

  static void append(signal::Recording part, const WfdbSegment& segment, std::uint64_t rate,
                     signal::Recording& whole) {
    const std::uint64_t samples = segment.frames * rate;
    const double slower = whole.sampling_frequency / part.sampling_frequency;
    if (slower < 1 || slower != std::floor(slower))
      throw Error(ErrorCode::invalid_structure, "A segment's sampling rate does not fit that of the first",
                  segment.record_name, "Check the .hea files");
    for (signal::Lead& lead : whole.leads) {
      const auto same = std::find_if(part.leads.begin(), part.leads.end(),
                                     [&](const signal::Lead& other) { return other.name == lead.name; });
      if (same != part.leads.end()) {
        const auto values = upsample(same->samples, static_cast<std::size_t>(slower));
        lead.samples.insert(lead.samples.end(), values.begin(), values.end());
        part.leads.erase(same);
      } else {
        lead.samples.resize(lead.samples.size() + samples, kNaN);
      }
    }
    for (const signal::Lead& lead : part.leads)
      whole.unread.push_back(
          signal::remark("lead-not-in-first-segment", {{"lead", segment.record_name + " " + lead.name}}));
    for (const std::string& doubt : part.doubts)
      whole.doubts.push_back(signal::remark("segment", {{"segment", segment.record_name}, {"part", doubt}}));
  }

  const FileSource& files_;
};

// None when the segment's header is missing.
std::vector<std::string> signal_files_of(const FileSource& files, const std::string& segment) {
  std::vector<std::string> names;
  try {
    for (const WfdbSignal& signal : parse_wfdb_header(files(segment + ".hea")).signals)
      names.push_back(signal.file_name);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::not_found) throw;
  }
  return names;
}

}  // namespace

std::vector<std::string> wfdb_file_names(const FileSource& files, const std::string& record_name) {
  std::vector<std::string> names{record_name + ".hea"};
  const auto add = [&](const std::string& name) {
    require_plain_name(name);
    if (name != "~" && std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  };
  const WfdbHeader header = parse_wfdb_header(files(names.front()));
  for (const WfdbSignal& signal : header.signals) add(signal.file_name);
  for (const WfdbSegment& segment : header.segments) {
    if (segment.record_name == "~") continue;
    add(segment.record_name + ".hea");
    for (const std::string& name : signal_files_of(files, segment.record_name)) add(name);
  }
  return names;
}

signal::Recording read_wfdb(const FileSource& files, const std::string& record_name) {
  return Reader(files).read(record_name);
}

}  // namespace meridian::archive
