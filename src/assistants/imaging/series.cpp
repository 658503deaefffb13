#include "assistants/imaging/series.h"

#include <fmt/format.h>

#include <algorithm>

namespace meridian::assistants::imaging {
namespace {

void keep_largest(std::vector<engine::ClassProbability>& all,
                  const std::vector<engine::ClassProbability>& slice) {
  if (all.empty()) {
    all = slice;
    return;
  }
  for (std::size_t i = 0; i < std::min(all.size(), slice.size()); ++i)
    all[i].probability = std::max(all[i].probability, slice[i].probability);
}

}  // namespace

vision::GreyImage slice_of(const vision::Volume& volume, int index) {
  const std::size_t size = static_cast<std::size_t>(volume.width) * volume.height;
  const auto first =
      volume.voxels.begin() + static_cast<std::ptrdiff_t>(size * static_cast<std::size_t>(index));
  return {volume.width, volume.height, {first, first + static_cast<std::ptrdiff_t>(size)}, volume.spacing[0]};
}

void SeriesReading::add(engine::Reading slice) {
  ++slices_;
  if (slice.refused) {
    refused_.push_back(std::move(slice));
    return;
  }
  keep_largest(reading_.classes, slice.classes);
  if (slice.strangeness)
    reading_.strangeness = std::max(reading_.strangeness.value_or(0), *slice.strangeness);
  for (engine::Finding& finding : slice.findings) {
    const auto [place, is_new] = best_.try_emplace(finding.code.code);
    if (is_new || finding.probability > place->second.finding.probability)
      place->second = {std::move(finding), slices_};
  }
}

engine::Reading SeriesReading::finish() const {
  if (static_cast<int>(refused_.size()) == slices_) {
    if (!refused_.empty()) return refused_[refused_.size() / 2];
    return {
        .refused = engine::Refusal{
            "empty-series", {"Not analysed, because the series has no slices.", "未分析：序列中没有图像。"}}};
  }
  engine::Reading reading = reading_;
  for (const auto& [code, seen] : best_) reading.findings.push_back(pointer_to(seen));
  return reading;
}

engine::Finding SeriesReading::pointer_to(const Seen& seen) const {
  engine::Finding finding = seen.finding;
  finding.positive = false;
  finding.urgency = engine::Urgency::none;
  finding.threshold.reset();
  if (!finding.evidence.is_object()) finding.evidence = Json::object({});
  finding.evidence["slice"] = Json::object({{"number", seen.slice}, {"of", slices_}});
  const auto one = std::ranges::find_if(
      classes_, [&](const Class& known) { return known.code && known.code->code == finding.code.code; });
  const engine::LocalizedText what =
      one == classes_.end() ? engine::LocalizedText{finding.code.display, finding.code.display} : one->text;
  finding.text = {fmt::format("No verdict on the series. {}: most on slice {} of {}; look at it first.",
                              what.en, seen.slice, slices_),
                  fmt::format("不对整个序列作出判断。{}：以第{}层（共{}层）最为明显，请先阅该层。", what.zh,
                              seen.slice, slices_)};
  return finding;
}

}  // namespace meridian::assistants::imaging
