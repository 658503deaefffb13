#include "archive/waveform/edf_reader.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <utility>

#include "archive/waveform/edf_header.h"
#include "archive/waveform/lead_name.h"
#include "archive/waveform/pieces.h"
#include "archive/waveform/voltage.h"
#include "base/error.h"
#include "signal/remark.h"

namespace meridian::archive {
namespace {

constexpr double kFastest = 1e6;  // Hz
constexpr char kEndOfOnset = '\x14';

[[noreturn]] void fail(const std::string& what, const std::string& where) {
  throw Error(ErrorCode::invalid_structure, what, where, "Check the file against the EDF specification");
}

bool is_marked_ecg(const std::string& label) {
  std::string kind = label.substr(0, 3);
  std::transform(kind.begin(), kind.end(), kind.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return (kind == "ECG" || kind == "EKG") &&
         (label.size() == 3 || !std::isalpha(static_cast<unsigned char>(label[3])));
}

// "ECG II" is lead II.
std::string lead_of(const std::string& label) {
  if (!is_marked_ecg(label)) return standard_lead_name(label);
  const auto name = label.find_first_not_of(" :-_", 3);
  return name == std::string::npos ? label : standard_lead_name(std::string_view(label).substr(name));
}

std::int32_t stored_at(std::string_view bytes, std::size_t at, std::size_t width) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < width; ++i)
    value |= static_cast<std::uint32_t>(static_cast<std::uint8_t>(bytes[at + i])) << (8 * i);
  const std::uint32_t sign = width == 3 ? 0x800000 : 0x8000;  // BDF, EDF
  return static_cast<std::int32_t>((value ^ sign) - sign);
}

struct Calibration {
  double scale, offset;  // millivolts = stored * scale + offset
};

Calibration calibration_of(const EdfSignal& signal) {
  const double range = signal.digital_maximum - signal.digital_minimum;
  const double scale = (signal.physical_maximum - signal.physical_minimum) / range;
  if (!std::isfinite(scale) || scale == 0)
    fail("The physical or digital range of a signal is empty", signal.label);
  const double unit = *millivolts_per(signal.unit);
  return {scale * unit, (signal.physical_minimum - signal.digital_minimum * scale) * unit};
}

class Reader {
 public:
  explicit Reader(std::string_view bytes)
      : header_(parse_edf_header(bytes)), records_(bytes.substr(std::min(header_.bytes, bytes.size()))) {}

  signal::Recording read() {
    recording_.source = header_.sample_bytes == 3 ? "BDF" : "EDF";
    recording_.start = header_.start;
    recording_.subject = header_.subject;
    count_records();
    choose_leads();
    find_times();
    read_leads();
    return std::move(recording_);
  }

 private:
  void count_records() {
    if (header_.record_bytes == 0) fail("Its records are empty", "header");
    count_ = records_.size() / header_.record_bytes;
    if (count_ == 0) fail("It holds no whole record", "byte " + std::to_string(header_.bytes));
    if (!header_.records || *header_.records == count_) return;
    recording_.doubts.push_back(
        signal::remark(*header_.records > count_ ? "records-cut" : "records",
                       {{"held", std::to_string(count_)}, {"announced", std::to_string(*header_.records)}}));
    count_ = std::min(count_, *header_.records);
    if (count_ == 0) fail("It announces no record", "header");
  }

  void choose_leads() {
    const auto& signals = header_.signals;
    const bool marked = std::any_of(signals.begin(), signals.end(),
                                    [](const EdfSignal& signal) { return is_marked_ecg(signal.label); });
    for (const EdfSignal& signal : signals) {
      if (header_.annotated && is_edf_annotation(signal)) continue;
      std::string why = why_not_read(signal, marked);
      const bool again = std::any_of(leads_.begin(), leads_.end(), [&](const EdfSignal* lead) {
        return lead_of(lead->label) == lead_of(signal.label);
      });
      if (why.empty() && again) why = signal::remark("lead-again", {{"lead", signal.label}});
      if (why.empty())
        leads_.push_back(&signal);
      else
        recording_.unread.push_back(std::move(why));
    }
    if (leads_.empty()) fail("It holds no signal that is an ECG lead", "header");
    if (!(header_.record_seconds > 0)) fail("Its records have no duration", "header");
    fastest_ = 0;
    for (const EdfSignal* signal : leads_) fastest_ = std::max(fastest_, signal->samples);
    recording_.sampling_frequency = static_cast<double>(fastest_) / header_.record_seconds;
    if (recording_.sampling_frequency > kFastest) fail("Its sampling rate is not possible", "header");
    require_readable_size(count_ * fastest_, leads_.size(), "header");
  }

  static std::string why_not_read(const EdfSignal& signal, bool marked) {
    if (!millivolts_per(signal.unit))
      return signal::remark("unit-no-voltage", {{"lead", signal.label}, {"unit", signal.unit}});
    if (marked ? !is_marked_ecg(signal.label) : !may_be_ecg_lead(signal.label))
      return signal::remark("not-an-ecg-lead", {{"lead", signal.label}});
    return signal.samples == 0 ? signal::remark("no-samples", {{"lead", signal.label}}) : "";
  }

  // The sample at which each record begins.
  void find_times() {
    firsts_.resize(count_);
    for (std::uint64_t r = 0; r < count_; ++r) firsts_[r] = static_cast<std::int64_t>(r * fastest_);
    std::size_t annotations = 0;
    for (std::uint64_t r = 0; header_.annotated && r < count_; ++r) {
      const auto onset = read_annotations(r, annotations);
      if (!header_.discontinuous) continue;
      if (!onset) fail("A record of a discontinuous file gives no time", "record " + std::to_string(r + 1));
      firsts_[r] = std::llround(*onset * recording_.sampling_frequency);
      if (r > 0 && firsts_[r] < firsts_[r - 1])
        fail("The records are not in the order of time", "record " + std::to_string(r + 1));
    }
    if (annotations > 0)
      recording_.unread.push_back(signal::remark("annotations", {{"count", std::to_string(annotations)}}));
  }

  // The onset of the record, which the first annotation of the first annotation signal gives; counts the
  // others.
  std::optional<double> read_annotations(std::uint64_t record, std::size_t& others) const {
    std::optional<double> onset;
    bool first = true;
    for (const EdfSignal& signal : header_.signals) {
      if (!is_edf_annotation(signal)) continue;
      std::string_view lists = records_.substr(record * header_.record_bytes + signal.offset,
                                               signal.samples * header_.sample_bytes);
      while (!lists.empty() && lists.front() != '\0') {
        const std::string_view list = lists.substr(0, lists.find('\0'));
        lists.remove_prefix(std::min(list.size() + 1, lists.size()));
        if (std::exchange(first, false)) onset = onset_of(list);
        others += annotations_in(list);
      }
    }
    return onset;
  }

  static std::optional<double> onset_of(std::string_view list) {
    const std::string_view digits = list.substr(list.starts_with('+') ? 1 : 0);
    double seconds = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), seconds);
    if (error != std::errc() || !(std::fabs(seconds) < 1e8)) return std::nullopt;
    return seconds;
  }

  // Texts behind the onset that are not empty.
  static std::size_t annotations_in(std::string_view list) {
    std::size_t count = 0;
    for (auto at = list.find(kEndOfOnset); at != std::string_view::npos && at + 1 < list.size();
         at = list.find(kEndOfOnset, at + 1))
      if (list[at + 1] != kEndOfOnset) ++count;
    return count;
  }

  void read_leads() {
    std::vector<Piece> pieces;
    for (const EdfSignal* signal : leads_) {
      if (fastest_ % signal->samples != 0) {
        recording_.unread.push_back(signal::remark("lead-other-rate", {{"lead", signal->label}}));
        continue;
      }
      for (std::uint64_t r = 0; r < count_;) {
        std::uint64_t end = r + 1;
        while (end < count_ && firsts_[end] == firsts_[end - 1] + static_cast<std::int64_t>(fastest_)) ++end;
        pieces.push_back(read_run(*signal, r, end));
        r = end;
      }
    }
    join_pieces(std::move(pieces), recording_);
  }

  // Records that follow each other without a gap.
  Piece read_run(const EdfSignal& signal, std::uint64_t begin, std::uint64_t end) const {
    const Calibration calibration = calibration_of(signal);
    std::vector<float> samples;
    samples.reserve((end - begin) * signal.samples);
    for (std::uint64_t r = begin; r < end; ++r) {
      const std::size_t at = r * header_.record_bytes + signal.offset;
      for (std::size_t i = 0; i < signal.samples; ++i) {
        const std::int32_t stored = stored_at(records_, at + i * header_.sample_bytes, header_.sample_bytes);
        samples.push_back(static_cast<float>(stored * calibration.scale + calibration.offset));
      }
    }
    return {lead_of(signal.label), firsts_[begin], upsample(samples, fastest_ / signal.samples)};
  }

  EdfHeader header_;
  std::string_view records_;
  std::uint64_t count_ = 0;
  std::size_t fastest_ = 0;  // samples a record
  std::vector<const EdfSignal*> leads_;
  std::vector<std::int64_t> firsts_;
  signal::Recording recording_;
};

}  // namespace

signal::Recording read_edf(std::string_view bytes) {
  return Reader(bytes).read();
}

}  // namespace meridian::archive
