#include "archive/waveform/pieces.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <set>

#include "base/error.h"

namespace meridian::archive {
namespace {

constexpr std::uint64_t kMostGaps = 16;
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

signal::Lead* find_lead(signal::Recording& recording, const std::string& name) {
  const auto found = std::find_if(recording.leads.begin(), recording.leads.end(),
                                  [&](const signal::Lead& lead) { return lead.name == name; });
  return found == recording.leads.end() ? nullptr : &*found;
}

}  // namespace

void require_readable_size(std::uint64_t samples, std::uint64_t leads, const std::string& where) {
  if (leads != 0 && samples > kMaxSamples / leads)
    throw Error(ErrorCode::too_large, "The recording announces more samples than are read at once", where,
                "Split the recording into parts");
}

void require_few_gaps(std::uint64_t length, std::uint64_t held) {
  if (length / (kMostGaps + 1) > held)
    throw Error(ErrorCode::too_large, "The gaps of the recording are more than 16 times what was recorded",
                {}, "Split the recording at its gaps");
}

void join_pieces(std::vector<Piece> pieces, signal::Recording& recording) {
  if (pieces.empty()) return;
  std::int64_t begin = std::numeric_limits<std::int64_t>::max(),
               end = std::numeric_limits<std::int64_t>::min();
  std::uint64_t held = 0;
  for (const Piece& piece : pieces) {
    begin = std::min(begin, piece.first);
    end = std::max(end, piece.first + static_cast<std::int64_t>(piece.samples.size()));
    held += piece.samples.size();
  }
  const auto length = static_cast<std::uint64_t>(end - begin);
  require_few_gaps(length, held);
  if (recording.start && recording.sampling_frequency > 0)
    *recording.start += std::chrono::round<std::chrono::microseconds>(
        std::chrono::duration<double>(static_cast<double>(begin) / recording.sampling_frequency));
  std::set<std::string> names;
  for (const Piece& piece : pieces) names.insert(piece.lead);
  require_readable_size(length, names.size() + recording.leads.size(), {});
  for (Piece& piece : pieces) {
    const bool whole = piece.samples.size() == length && !find_lead(recording, piece.lead);
    if (whole) {
      recording.leads.push_back({std::move(piece.lead), std::move(piece.samples)});
      continue;
    }
    if (!find_lead(recording, piece.lead))
      recording.leads.push_back({piece.lead, std::vector<float>(length, kNaN)});
    std::copy(piece.samples.begin(), piece.samples.end(),
              find_lead(recording, piece.lead)->samples.begin() + (piece.first - begin));
  }
}

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

}  // namespace meridian::archive
