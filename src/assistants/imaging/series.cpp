#include "assistants/imaging/series.h"

#include <algorithm>
#include <functional>

namespace meridian::assistants::imaging {
namespace {

bool is_better(const engine::Finding& one, const engine::Finding& other) {
  if (one.positive != other.positive) return one.positive;
  return one.probability.value_or(0) > other.probability.value_or(0);
}

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
    if (is_new || is_better(finding, place->second.finding)) place->second = {std::move(finding), slices_};
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
  for (const auto& [code, seen] : best_) {
    engine::Finding finding = seen.finding;
    const std::string number = std::to_string(seen.slice), of = std::to_string(slices_);
    finding.evidence["slice"] = Json::object({{"number", seen.slice}, {"of", slices_}});
    if (finding.positive) {
      finding.text.en += " Seen best on slice " + number + " of " + of + ".";
      finding.text.zh += "以第" + number + "层（共" + of + "层）最明显。";
    }
    reading.findings.push_back(std::move(finding));
  }
  std::ranges::stable_sort(reading.findings, std::greater<>(),
                           [](const engine::Finding& one) { return one.positive; });
  return reading;
}

}  // namespace meridian::assistants::imaging
