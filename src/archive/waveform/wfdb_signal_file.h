// One signal file of a WFDB record: the stored numbers of the signals that share it.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "archive/waveform/wfdb_header.h"

namespace meridian::archive {

class WfdbSignalFile {
 public:
  // Signals that name the file, in the header's order; they must outlive this. Throws invalid_value
  // (different formats in one file), not_supported (a format), invalid_structure (shorter than its byte
  // offset), and what decode_flac throws.
  WfdbSignalFile(std::span<const WfdbSignal> signals, std::string bytes);

  std::uint64_t frames() const { return frames_; }  // whole ones
  // The samples of so many frames, by signal. Those of format 8 are differences.
  void read(std::uint64_t first_frame, std::uint64_t frames,
            std::vector<std::vector<std::int32_t>>& out) const;

 private:
  std::span<const WfdbSignal> signals_;
  std::string bytes_;
  std::vector<std::vector<std::int32_t>> flac_;  // by signal; empty: the format is not FLAC
  std::size_t frame_size_ = 0;                   // samples
  std::uint64_t frames_ = 0;
};

}  // namespace meridian::archive
