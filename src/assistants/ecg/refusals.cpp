#include "assistants/ecg/refusals.h"

#include <algorithm>

namespace meridian::assistants::ecg {
namespace {

using engine::Refusal;
using signal::Quality;

constexpr double kShortest = 5;                                       // s
constexpr double kLowestFrequency = 50, kHighestFrequency = 100'000;  // Hz
constexpr double kLeastUsable = 0.5;                                  // of the recording
constexpr std::size_t kFewestBeats = 3;

double part_without_signal(const signal::LeadQuality& lead) {
  const auto without = std::count_if(lead.seconds.begin(), lead.seconds.end(), [](Quality quality) {
    return quality == Quality::flat || quality == Quality::missing;
  });
  return lead.seconds.empty() ? 1 : static_cast<double>(without) / static_cast<double>(lead.seconds.size());
}

}  // namespace

std::optional<Refusal> refuse_unsuitable(const std::optional<signal::Recording>& recording) {
  if (!recording || recording->length() == 0)
    return Refusal{"no-recording",
                   {"Not analysed, because there is no ECG lead in it.", "未分析：其中没有心电导联。"}};
  const double frequency = recording->sampling_frequency;
  if (!(frequency >= kLowestFrequency && frequency <= kHighestFrequency))
    return Refusal{"invalid-sampling-frequency",
                   {"Not analysed, because its sampling frequency is not one of an ECG (50 Hz or more).",
                    "未分析：采样频率不是心电图所用的频率（至少50 Hz）。"}};
  const bool uneven =
      std::any_of(recording->leads.begin(), recording->leads.end(),
                  [&](const signal::Lead& lead) { return lead.samples.size() != recording->length(); });
  if (uneven)
    return Refusal{"uneven-leads",
                   {"Not analysed, because its leads differ in length.", "未分析：各导联长度不一致。"}};
  if (recording->seconds() < kShortest)
    return Refusal{"too-short",
                   {"Not analysed, because it is shorter than 5 seconds.", "未分析：记录不足5秒。"}};
  return std::nullopt;
}

std::optional<Refusal> refuse_unusable(const Analysis& analysis) {
  const bool silent = std::all_of(analysis.quality.begin(), analysis.quality.end(), [](const auto& lead) {
    return part_without_signal(lead) > 1 - kLeastUsable;
  });
  if (silent)
    return Refusal{
        "no-signal",
        {"Not analysed, because all leads are flat or missing for most of the time: check the electrodes "
         "and the patient.",
         "未分析：各导联大部分时间为平线或缺失，请检查电极和患者。"}};
  if (analysis.usable_part < kLeastUsable)
    return Refusal{
        "too-noisy",
        {"Not analysed, because for more than half of the time no lead is free enough of noise: record it "
         "again with the patient at rest.",
         "未分析：超过一半时间各导联噪声过大，请让患者静卧后重新记录。"}};
  return std::nullopt;
}

std::optional<Refusal> refuse_without_beats(const Analysis& analysis) {
  if (analysis.beats.size() >= kFewestBeats) return std::nullopt;
  return Refusal{
      "too-few-beats",
      {"Not analysed, because fewer than 3 beats were found: see to the patient, then check the electrodes.",
       "未分析：检出心搏不足3个，请先查看患者，再检查电极。"}};
}

}  // namespace meridian::assistants::ecg
