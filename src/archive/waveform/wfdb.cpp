#include "archive/waveform/wfdb.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>

#include "archive/waveform/lead_name.h"
#include "archive/waveform/wfdb_header.h"
#include "archive/waveform/wfdb_samples.h"
#include "base/error.h"

namespace meridian::archive {
namespace {

// 72 hours of 4 leads at 250 Hz: one gigabyte in memory.
constexpr std::uint64_t kMaxSamples = std::uint64_t(1) << 28;
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

using Samples = std::vector<std::int32_t>;

void require_size(std::uint64_t frames, std::uint64_t per_frame, const std::string& record) {
  if (per_frame != 0 && frames > kMaxSamples / per_frame)
    throw Error(ErrorCode::too_large, "The record announces more samples than are read at once", record,
                "Split the record into parts");
}

// The neighbouring signals that share one file; each frame holds the samples of all of them.
struct FileGroup {
  std::size_t first, count;
  std::size_t samples_per_frame;
};

std::vector<FileGroup> group_by_file(const WfdbHeader& header) {
  std::vector<FileGroup> groups;
  for (std::size_t i = 0; i < header.signals.size(); ++i) {
    const WfdbSignal& signal = header.signals[i];
    const bool same = !groups.empty() && header.signals[groups.back().first].file_name == signal.file_name;
    if (!same) groups.push_back({i, 0, 0});
    if (signal.format != header.signals[groups.back().first].format)
      throw Error(ErrorCode::invalid_value, "Signals of one file have different storage formats",
                  signal.file_name, "Check the .hea file");
    ++groups.back().count;
    groups.back().samples_per_frame += static_cast<std::size_t>(signal.samples_per_frame);
  }
  return groups;
}

void undo_differences(Samples& samples, std::int64_t initial_value) {
  std::int64_t value = initial_value;
  for (std::int32_t& sample : samples) {
    value += sample;
    sample = static_cast<std::int32_t>(static_cast<std::int16_t>(value));
  }
}

// Writers that make no checksum put 0; many of them leave an old initial value too.
bool has_checksum(const WfdbSignal& signal) {
  return signal.checksum.value_or(0) != 0;
}

bool begins_as_announced(const WfdbSignal& signal, const Samples& samples) {
  return signal.format == 8 || !signal.initial_value || samples.empty() ||
         samples.front() == *signal.initial_value;
}

void verify(const WfdbSignal& signal, const Samples& samples, const std::string& record) {
  if (!has_checksum(signal)) return;
  const std::string where = record + " " + signal.description;
  if (!begins_as_announced(signal, samples))
    throw Error(ErrorCode::corrupted, "The first sample is not the one the header gives", where,
                "Fetch the record again; its header and signal file do not belong together");
  std::uint64_t sum = 0;
  for (const std::int32_t sample : samples) sum += static_cast<std::uint64_t>(std::int64_t(sample));
  if (static_cast<std::uint16_t>(sum) != static_cast<std::uint16_t>(*signal.checksum))
    throw Error(ErrorCode::corrupted, "The checksum of a signal does not agree with the header", where,
                "Fetch the record again; the signal file was altered or cut");
}

// The samples of each signal of the group, checked, in the order of the header.
std::vector<Samples> read_group(const FileSource& files, const WfdbHeader& header, const FileGroup& group,
                                std::optional<std::uint64_t> frames_announced) {
  const WfdbSignal& first = header.signals[group.first];
  const std::string bytes = files(first.file_name);
  if (first.byte_offset > bytes.size())
    throw Error(ErrorCode::invalid_structure, "The signal file is shorter than its byte offset",
                first.file_name, "Fetch the record again");
  const std::string_view body = std::string_view(bytes).substr(first.byte_offset);
  const std::uint64_t held = wfdb_samples_in(first.format, body.size()) / group.samples_per_frame;
  const std::uint64_t frames = frames_announced.value_or(held);
  if (frames > held)
    throw Error(ErrorCode::invalid_structure,
                "The signal file is cut short: it holds " + std::to_string(held) + " of " +
                    std::to_string(frames) + " samples a signal",
                first.file_name, "Fetch the record again");
  require_size(frames, group.samples_per_frame, header.record_name);
  const Samples all = decode_wfdb_samples(first.format, body, frames * group.samples_per_frame);
  std::vector<Samples> result;
  std::size_t place = 0;
  for (std::size_t i = group.first; i < group.first + group.count; ++i) {
    const WfdbSignal& signal = header.signals[i];
    const auto per_frame = static_cast<std::size_t>(signal.samples_per_frame);
    Samples samples(frames * per_frame);
    for (std::size_t frame = 0; frame < frames; ++frame)
      std::copy_n(all.begin() + static_cast<std::ptrdiff_t>(frame * group.samples_per_frame + place),
                  per_frame, samples.begin() + static_cast<std::ptrdiff_t>(frame * per_frame));
    place += per_frame;
    if (signal.format == 8) undo_differences(samples, signal.initial_value.value_or(0));
    verify(signal, samples, header.record_name);
    result.push_back(std::move(samples));
  }
  return result;
}

// Millivolts in one unit, or nothing when the unit is not one of voltage.
std::optional<double> millivolts_per(std::string_view unit) {
  if (unit == "mV" || unit == "mv" || unit.empty()) return 1.0;
  if (unit == "uV" || unit == "uv" || unit == "\xC2\xB5V" || unit == "\xCE\xBCV") return 1e-3;
  if (unit == "V") return 1e3;
  if (unit == "nV") return 1e-6;
  return std::nullopt;
}

std::vector<float> to_millivolts(const WfdbSignal& signal, const Samples& samples, double unit) {
  std::vector<float> result(samples.size(), kNaN);
  const auto skew =
      static_cast<std::size_t>(signal.skew) * static_cast<std::size_t>(signal.samples_per_frame);
  const double scale = unit / signal.gain;
  const auto missing = wfdb_missing_value(signal.format);
  for (std::size_t i = skew; i < samples.size(); ++i)
    if (samples[i] != missing) result[i - skew] = static_cast<float>((samples[i] - signal.baseline) * scale);
  return result;
}

// Brings a signal of fewer samples a frame to the fastest one's rate by linear interpolation.
std::vector<float> upsample(const std::vector<float>& samples, std::size_t factor) {
  if (factor == 1 || samples.empty()) return samples;
  std::vector<float> result(samples.size() * factor);
  for (std::size_t i = 0; i < result.size(); ++i) {
    const std::size_t at = i / factor;
    const std::size_t next = std::min(at + 1, samples.size() - 1);
    const float part = static_cast<float>(i % factor) / static_cast<float>(factor);
    result[i] = samples[at] + part * (samples[next] - samples[at]);
  }
  return result;
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
  if (!millivolts_per(signal.units)) return name + ": unit " + signal.units + " is not a voltage";
  if (!may_be_ecg_lead(signal.description)) return name + ": not an ECG lead";
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
    const int rate = fastest(header);
    recording.sampling_frequency = header.frame_frequency * rate;
    recording.start = header.start;
    recording.source = "WFDB";
    std::optional<std::uint64_t> frames = header.frames;
    for (const FileGroup& group : group_by_file(header)) {
      const auto signals = read_group(files_, header, group, frames);
      if (!frames) frames = signals.front().size() / header.signals[group.first].samples_per_frame;
      for (std::size_t i = 0; i < group.count; ++i)
        add_lead(header.signals[group.first + i], signals[i], rate, recording);
    }
    return recording;
  }

  static void add_lead(const WfdbSignal& signal, const Samples& samples, int rate,
                       signal::Recording& recording) {
    if (std::string why = why_not_read(signal); !why.empty()) {
      recording.unread.push_back(std::move(why));
      return;
    }
    if (rate % signal.samples_per_frame != 0)
      throw Error(ErrorCode::not_supported, "Signals whose sampling rates are not multiples are not read",
                  signal.description, "Resample the record with xform");
    if (!signal.calibrated)
      recording.unread.push_back(signal.description +
                                 ": the header gives no gain; 200 per millivolt is assumed");
    if (!has_checksum(signal) && !begins_as_announced(signal, samples))
      recording.unread.push_back(signal.description +
                                 ": the header's initial value is not the file's, and it has no "
                                 "checksum by which to tell which is right");
    const auto millivolts = to_millivolts(signal, samples, *millivolts_per(signal.units));
    recording.leads.push_back(
        {standard_lead_name(signal.description),
         upsample(millivolts, static_cast<std::size_t>(rate / signal.samples_per_frame))});
  }

  // A record in segments has the leads of its first segment, which in a variable layout has no samples.
  signal::Recording read_segments(const WfdbHeader& header) const {
    std::uint64_t total = 0;
    for (const WfdbSegment& segment : header.segments) {
      require_size(segment.frames, 1, header.record_name);
      require_size(total += segment.frames, 1, header.record_name);
    }
    if (header.frames && *header.frames != total)
      throw Error(ErrorCode::invalid_structure, "The segments are together not as long as the record",
                  header.record_name, "Check the .hea file");
    signal::Recording whole;
    std::uint64_t rate = 1;
    for (const WfdbSegment& segment : header.segments) {
      if (segment.record_name == "~") {
        append_gap(segment.frames * rate, whole);
        continue;
      }
      const WfdbHeader part = header_of(segment.record_name);
      require_fit(part, segment, header);
      if (whole.leads.empty()) {
        rate = static_cast<std::uint64_t>(fastest(part));
        whole = begin_with(part, header);
        require_size(total * rate, whole.leads.size(), header.record_name);
      }
      if (segment.frames > 0) append(read_segment(part), segment.frames * rate, whole);
    }
    return whole;
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

  static void append(const signal::Recording& part, std::uint64_t samples, signal::Recording& whole) {
    if (part.sampling_frequency != whole.sampling_frequency ||
        part.length() != (part.leads.empty() ? 0 : samples))
      throw Error(ErrorCode::invalid_structure,
                  "A segment's leads have another sampling rate than the first's", "",
                  "Check the .hea files");
    for (signal::Lead& lead : whole.leads) {
      const auto same = std::find_if(part.leads.begin(), part.leads.end(),
                                     [&](const signal::Lead& other) { return other.name == lead.name; });
      if (same != part.leads.end())
        lead.samples.insert(lead.samples.end(), same->samples.begin(), same->samples.end());
      else
        lead.samples.resize(lead.samples.size() + samples, kNaN);
    }
  }

  const FileSource& files_;
};

}  // namespace

signal::Recording read_wfdb(const FileSource& files, const std::string& record_name) {
  return Reader(files).read(record_name);
}

}  // namespace meridian::archive
