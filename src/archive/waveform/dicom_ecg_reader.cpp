#include "archive/waveform/dicom_ecg_reader.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>
#include <optional>

#include "archive/dataset.h"
#include "archive/part10.h"
#include "archive/scan.h"
#include "archive/waveform/dicom_remark.h"
#include "archive/waveform/ecg_lead_code.h"
#include "archive/waveform/lead_name.h"
#include "archive/waveform/pieces.h"
#include "archive/waveform/voltage.h"
#include "base/error.h"
#include "signal/remark.h"

namespace meridian::archive {
namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

[[noreturn]] void fail(ErrorCode code, const std::string& what, const std::string& where) {
  throw Error(code, what, where, "Ask the sender for a DICOM ECG waveform that passes a conformance check");
}

std::string text_of(DcmItem& item, const DcmTagKey& tag) {
  OFString value;
  return item.findAndGetOFString(tag, value).good() ? std::string(value.c_str()) : std::string();
}

std::optional<double> number_of(DcmItem& item, const DcmTagKey& tag) {
  Float64 value = 0;
  if (item.findAndGetFloat64(tag, value).bad() || !std::isfinite(value)) return std::nullopt;
  return value;
}

struct Code {
  std::string value, scheme, meaning;
};

Code code_of(DcmItem& item, const DcmTagKey& sequence) {
  DcmItem* code = nullptr;
  if (item.findAndGetSequenceItem(sequence, code).bad() || !code) return {};
  return {text_of(*code, DCM_CodeValue), text_of(*code, DCM_CodingSchemeDesignator),
          text_of(*code, DCM_CodeMeaning)};
}

struct Channel {
  std::string name;
  double millivolts_per_unit = 0;  // 0: not a voltage
  double baseline = 0;             // in stored units
  std::size_t skew = 0;            // samples by which the channel runs late
};

struct Group {
  std::string label;
  bool recorded = true;
  double frequency = 0;
  double offset = 0;  // seconds
  std::size_t samples = 0;
  std::vector<Channel> channels;
  std::vector<std::vector<float>> data;  // by channel, millivolts
};

// A coded lead has its standard name; else the label, else the code's meaning.
std::string channel_name(DcmItem& definition) {
  const Code source = code_of(definition, DCM_ChannelSourceSequence);
  std::string name = ecg_lead_name(source.scheme, source.value);
  if (name.empty()) name = standard_lead_name(text_of(definition, DCM_ChannelLabel));
  return name.empty() ? source.meaning : name;
}

Channel read_channel(DcmItem& definition, double frequency) {
  Channel channel;
  channel.name = channel_name(definition);
  const double sensitivity = number_of(definition, DCM_ChannelSensitivity).value_or(0);
  const double correction = number_of(definition, DCM_ChannelSensitivityCorrectionFactor).value_or(1);
  const Code unit = code_of(definition, DCM_ChannelSensitivityUnitsSequence);
  channel.millivolts_per_unit = sensitivity * correction * millivolts_per(unit.value).value_or(0);
  // The baseline is in units of the sensitivity; here it is kept in stored units.
  if (sensitivity * correction != 0)
    channel.baseline = number_of(definition, DCM_ChannelBaseline).value_or(0) / (sensitivity * correction);
  const double skew_samples = number_of(definition, DCM_ChannelSampleSkew).value_or(0);
  const double skew_seconds = number_of(definition, DCM_ChannelTimeSkew).value_or(0);
  const double skew = skew_samples + skew_seconds * frequency;
  channel.skew = skew > 0 && skew < 1e6 ? static_cast<std::size_t>(std::lround(skew)) : 0;
  return channel;
}

// One stored number of the encoding that (5400,1006) names.
class Decoder {
 public:
  Decoder(const std::string& encoding, const std::string& where) {
    if (encoding == "SS")
      kind_ = Kind::ss;
    else if (encoding == "US")
      kind_ = Kind::us;
    else if (encoding == "SB")
      kind_ = Kind::sb;
    else if (encoding == "UB")
      kind_ = Kind::ub;
    else if (encoding == "SL")
      kind_ = Kind::sl;
    else if (encoding == "UL")
      kind_ = Kind::ul;
    else
      fail(ErrorCode::not_supported, "Waveform sample encoding \"" + encoding + "\" is not read", where);
  }
  std::size_t width() const {
    if (kind_ == Kind::sb || kind_ == Kind::ub) return 1;
    return kind_ == Kind::ss || kind_ == Kind::us ? 2 : 4;
  }
  double at(const std::uint8_t* data, std::size_t index) const {
    switch (kind_) {
      case Kind::ss:
        return load<std::int16_t>(data, index);
      case Kind::us:
        return load<std::uint16_t>(data, index);
      case Kind::sb:
        return load<std::int8_t>(data, index);
      case Kind::ub:
        return load<std::uint8_t>(data, index);
      case Kind::sl:
        return load<std::int32_t>(data, index);
      default:
        return load<std::uint32_t>(data, index);
    }
  }

 private:
  enum class Kind { ss, us, sb, ub, sl, ul };
  template <typename Number>
  static double load(const std::uint8_t* data, std::size_t index) {
    Number value;
    std::memcpy(&value, data + index * sizeof(Number), sizeof(Number));
    return value;
  }
  Kind kind_ = Kind::ss;
};

struct Data {
  const std::uint8_t* bytes = nullptr;
  std::size_t size = 0;
};

// The value's bytes in this machine's order, whether it is OB or OW.
Data bytes_of(DcmItem& item, const DcmTagKey& tag) {
  DcmElement* element = nullptr;
  if (item.findAndGetElement(tag, element).bad() || !element) return {};
  Uint8* bytes = nullptr;
  Uint16* words = nullptr;
  if (element->ident() == EVR_OW || element->getVR() == EVR_OW) {
    if (element->getUint16Array(words).good() && words)
      return {reinterpret_cast<const std::uint8_t*>(words), element->getLength()};
  }
  if (element->getUint8Array(bytes).good() && bytes) return {bytes, element->getLength()};
  return {};
}

void read_samples(DcmItem& item, Group& group, const std::string& where) {
  const Decoder decoder(text_of(item, DCM_WaveformSampleInterpretation), where);
  const Data data = bytes_of(item, DCM_WaveformData);
  const std::size_t channels = group.channels.size();
  if (group.samples > kMaxSamples / channels)
    fail(ErrorCode::too_large, "The waveform announces more samples than are read at once", where);
  if (data.size / decoder.width() / channels < group.samples)
    fail(ErrorCode::invalid_structure, "The waveform holds less data than it announces", where);
  const Data padding = bytes_of(item, DCM_WaveformPaddingValue);
  const bool padded = padding.size >= decoder.width();
  const double missing = padded ? decoder.at(padding.bytes, 0) : 0;
  group.data.assign(channels, std::vector<float>(group.samples, kNaN));
  for (std::size_t c = 0; c < channels; ++c) {
    const Channel& channel = group.channels[c];
    for (std::size_t i = channel.skew; i < group.samples; ++i) {
      const double value = decoder.at(data.bytes, i * channels + c);
      if (padded && value == missing) continue;
      group.data[c][i - channel.skew] =
          static_cast<float>((value + channel.baseline) * channel.millivolts_per_unit);
    }
  }
}

Group read_group(DcmItem& item, unsigned long index) {
  const std::string where = "(5400,0100)[" + std::to_string(index + 1) + "]";
  Group group;
  group.label = text_of(item, DCM_MultiplexGroupLabel);
  if (group.label.empty()) group.label = "group " + std::to_string(index + 1);
  group.recorded = text_of(item, DCM_WaveformOriginality) != "DERIVED";
  group.frequency = number_of(item, DCM_SamplingFrequency).value_or(0);
  group.offset = number_of(item, DCM_MultiplexGroupTimeOffset).value_or(0) / 1000;  // stored in milliseconds
  Uint16 channels = 0;
  Uint32 samples = 0;
  item.findAndGetUint16(DCM_NumberOfWaveformChannels, channels);
  item.findAndGetUint32(DCM_NumberOfWaveformSamples, samples);
  group.samples = samples;
  if (channels == 0 || !(group.frequency > 0) || group.frequency > 1e6 || !(std::fabs(group.offset) < 1e6))
    fail(ErrorCode::invalid_structure, "A waveform needs channels and a sampling frequency", where);
  for (unsigned long c = 0; c < channels; ++c) {
    DcmItem* definition = nullptr;
    if (item.findAndGetSequenceItem(DCM_ChannelDefinitionSequence, definition, static_cast<signed long>(c))
            .bad() ||
        !definition)
      fail(ErrorCode::invalid_structure, "A waveform channel is not described", where);
    group.channels.push_back(read_channel(*definition, group.frequency));
  }
  read_samples(item, group, where);
  return group;
}

std::vector<Group> read_groups(DcmDataset& dataset) {
  DcmSequenceOfItems* sequence = nullptr;
  if (dataset.findAndGetSequence(DCM_WaveformSequence, sequence).bad() || !sequence || sequence->card() == 0)
    fail(ErrorCode::invalid_structure, "This DICOM object holds no waveform", "(5400,0100)");
  std::vector<Group> groups;
  for (unsigned long i = 0; i < sequence->card(); ++i) groups.push_back(read_group(*sequence->getItem(i), i));
  return groups;
}

const Group& main_group(const std::vector<Group>& groups) {
  const auto weight = [](const Group& group) {
    return static_cast<double>(group.samples * group.channels.size()) + (group.recorded ? 1e12 : 0);
  };
  return *std::max_element(groups.begin(), groups.end(),
                           [&](const Group& a, const Group& b) { return weight(a) < weight(b); });
}

bool has_lead(const signal::Recording& recording, const std::string& name) {
  return std::any_of(recording.leads.begin(), recording.leads.end(),
                     [&](const signal::Lead& lead) { return lead.name == name; });
}

void add_leads(const Group& group, std::ptrdiff_t shift, std::size_t length, signal::Recording& recording) {
  for (std::size_t c = 0; c < group.channels.size(); ++c) {
    const Channel& channel = group.channels[c];
    if (channel.millivolts_per_unit == 0) {
      recording.unread.push_back(signal::remark("not-calibrated", {{"lead", channel.name}}));
      continue;
    }
    if (has_lead(recording, channel.name)) {
      recording.unread.push_back(signal::remark("lead-again", {{"lead", group.label + " " + channel.name}}));
      continue;
    }
    signal::Lead lead{channel.name, std::vector<float>(length, kNaN)};
    for (std::size_t i = 0; i < group.samples; ++i) {
      const auto at = static_cast<std::ptrdiff_t>(i) + shift;
      if (at >= 0 && at < static_cast<std::ptrdiff_t>(length)) lead.samples[at] = group.data[c][i];
    }
    recording.leads.push_back(std::move(lead));
  }
}

// start: the moment from which the groups' offsets count.
signal::Recording join(const std::vector<Group>& groups, std::optional<Instant> start) {
  const Group& main = main_group(groups);
  signal::Recording recording;
  recording.source = "DICOM";
  recording.sampling_frequency = main.frequency;
  std::uint64_t held = 0, leads = 0;
  double begin = main.offset, end = main.offset + static_cast<double>(main.samples) / main.frequency;
  const auto joins = [&](const Group& group) { return group.recorded && group.frequency == main.frequency; };
  for (const Group& group : groups) {
    if (!joins(group)) continue;
    begin = std::min(begin, group.offset);
    end = std::max(end, group.offset + static_cast<double>(group.samples) / group.frequency);
    held += group.samples;
    leads += group.channels.size();
  }
  const double length = std::round((end - begin) * main.frequency);
  if (length > static_cast<double>(kMaxSamples))
    fail(ErrorCode::too_large, "The waveform's groups lie too far apart in time", "(0018,1068)");
  require_few_gaps(static_cast<std::uint64_t>(length), std::max<std::uint64_t>(held, main.samples));
  require_readable_size(static_cast<std::uint64_t>(length), leads, "(0018,1068)");
  if (start) recording.start = *start + std::chrono::microseconds(std::llround(begin * 1e6));
  const auto add = [&](const Group& group) {
    add_leads(group, std::lround((group.offset - begin) * main.frequency), static_cast<std::size_t>(length),
              recording);
  };
  add(main);
  for (const Group& group : groups) {
    if (&group == &main) continue;
    if (joins(group))
      add(group);
    else
      recording.unread.push_back(
          signal::remark(group.recorded ? "group-other-rate" : "group-derived", {{"group", group.label}}));
  }
  return recording;
}

std::optional<Instant> start_of(DcmDataset& dataset) {
  OFDateTime time;
  OFString text;
  if (dataset.findAndGetOFString(DCM_AcquisitionDateTime, text).bad() || text.empty()) return std::nullopt;
  if (DcmDateTime::getOFDateTimeFromString(text, time).bad()) return std::nullopt;
  const std::chrono::year_month_day day{std::chrono::year(static_cast<int>(time.getDate().getYear())),
                                        std::chrono::month(time.getDate().getMonth()),
                                        std::chrono::day(time.getDate().getDay())};
  if (!day.ok()) return std::nullopt;
  // A time without zone is taken as UTC.
  const bool zoned = text.find_first_of("+-") != OFString_npos;
  const double seconds =
      time.getTime().getTimeInSeconds() - (zoned ? time.getTime().getTimeZone() * 3600 : 0);
  return std::chrono::sys_days(day) + std::chrono::microseconds(std::llround(seconds * 1e6));
}

// An age string: "061Y", "018M", "003W", "012D".
std::optional<double> age_of_text(const std::string& text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end + 1 != text.data() + text.size() || number < 0) return std::nullopt;
  switch (*end) {
    case 'Y':
      return number;
    case 'M':
      return number / 12.0;
    case 'W':
      return number * 7 / 365.25;
    case 'D':
      return number / 365.25;
    default:
      return std::nullopt;
  }
}

// What the program itself said of a recording when it made this of another format.
void read_remarks(DcmDataset& dataset, signal::Recording& recording) {
  DcmSequenceOfItems* sequence = nullptr;
  if (dataset.findAndGetSequence(DCM_WaveformAnnotationSequence, sequence).bad() || !sequence) return;
  for (unsigned long i = 0; i < sequence->card(); ++i) {
    const std::string text = text_of(*sequence->getItem(i), DCM_UnformattedTextValue);
    if (text.starts_with(kDoubtMark))
      recording.doubts.push_back(text.substr(kDoubtMark.size()));
    else if (text.starts_with(kUnreadMark))
      recording.unread.push_back(text.substr(kUnreadMark.size()));
    else if (!text.empty())
      recording.unread.push_back(signal::remark("annotation"));
  }
}

}  // namespace

signal::Recording read_dicom_ecg(std::string bytes) {
  const std::string file = inflate_part10(complete_part10(std::move(bytes)));
  const FileMeta meta = read_file_meta(file);
  const std::string_view content = std::string_view(file).substr(meta.dataset_offset);
  scan_dataset(content, *meta.syntax);
  const auto dataset = load_dataset(content, *meta.syntax);
  signal::Recording recording = join(read_groups(*dataset), start_of(*dataset));
  recording.subject.age_years = age_of_text(text_of(*dataset, DCM_PatientAge));
  read_remarks(*dataset, recording);
  return recording;
}

}  // namespace meridian::archive
