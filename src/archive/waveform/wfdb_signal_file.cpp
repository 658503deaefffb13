#include "archive/waveform/wfdb_signal_file.h"

#include <algorithm>

#include "archive/waveform/flac.h"
#include "archive/waveform/wfdb_samples.h"
#include "base/error.h"

namespace meridian::archive {
namespace {

bool is_flac(int format) {
  return format == 508 || format == 516 || format == 524;
}

}  // namespace

WfdbSignalFile::WfdbSignalFile(std::span<const WfdbSignal> signals, std::string bytes)
    : signals_(signals), bytes_(std::move(bytes)) {
  const WfdbSignal& first = signals_.front();
  for (const WfdbSignal& signal : signals_) {
    if (signal.format != first.format)
      throw Error(ErrorCode::invalid_value, "Signals of one file have different storage formats",
                  signal.file_name, "Check the .hea file");
    frame_size_ += static_cast<std::size_t>(signal.samples_per_frame);
  }
  if (first.byte_offset > bytes_.size())
    throw Error(ErrorCode::invalid_structure, "The signal file is shorter than its byte offset",
                first.file_name, "Fetch the record again");
  bytes_.erase(0, first.byte_offset);
  if (is_flac(first.format)) {
    flac_ = decode_flac(bytes_, signals_.size());
    frames_ = flac_[0].size() / static_cast<std::size_t>(first.samples_per_frame);
    for (std::size_t i = 0; i < signals_.size(); ++i)
      frames_ = std::min<std::uint64_t>(
          frames_, flac_[i].size() / static_cast<std::size_t>(signals_[i].samples_per_frame));
  } else {
    frames_ = wfdb_samples_in(first.format, bytes_.size()) / frame_size_;
  }
}

void WfdbSignalFile::read(std::uint64_t first_frame, std::uint64_t frames,
                          std::vector<std::vector<std::int32_t>>& out) const {
  std::vector<std::int32_t> all;
  if (flac_.empty()) {
    all.resize(frames * frame_size_);
    decode_wfdb_samples(signals_.front().format, bytes_, first_frame * frame_size_, all);
  }
  out.resize(signals_.size());
  std::size_t place = 0;
  for (std::size_t i = 0; i < signals_.size(); ++i) {
    const auto per_frame = static_cast<std::size_t>(signals_[i].samples_per_frame);
    out[i].resize(frames * per_frame);
    if (!flac_.empty()) {
      std::copy_n(flac_[i].begin() + static_cast<std::ptrdiff_t>(first_frame * per_frame), out[i].size(),
                  out[i].begin());
      continue;
    }
    if (per_frame == 1)
      for (std::size_t frame = 0; frame < frames; ++frame) out[i][frame] = all[frame * frame_size_ + place];
    for (std::size_t frame = 0; per_frame > 1 && frame < frames; ++frame)
      std::copy_n(all.begin() + static_cast<std::ptrdiff_t>(frame * frame_size_ + place), per_frame,
                  out[i].begin() + static_cast<std::ptrdiff_t>(frame * per_frame));
    place += per_frame;
  }
}

}  // namespace meridian::archive
