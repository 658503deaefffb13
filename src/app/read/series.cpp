#include "app/read/series.h"

#include <algorithm>
#include <map>

#include "archive/parse.h"
#include "base/error.h"
#include "base/file.h"
#include "base/log.h"
#include "care/intake.h"
#include "engine/ct_series.h"

namespace meridian::app {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLargestSlice = std::size_t(64) << 20;  // bytes of a file

struct Slice {
  fs::path file;
  archive::InstanceFacts facts;
};

using SlicesBySeries = std::map<std::string, std::vector<Slice>>;

void add_slice(SlicesBySeries& series, const fs::path& file) {
  try {
    std::string bytes = read_file(file, kLargestSlice);
    if (!care::is_dicom(bytes)) return;
    archive::InstanceFacts facts = archive::parse_instance(std::move(bytes)).facts;
    if (facts.modality == "CT") series[facts.key.series].push_back({file, std::move(facts)});
  } catch (const Error& error) {
    log_warning("slice-not-read", {{"file", file.string()}, {"error", error.describe()}});
  }
}

OpenedSeries opened_of(const std::string& uid, const std::vector<Slice>& slices) {
  OpenedSeries series{.name = uid, .opened = open_input(slices.front().file), .files = {}};
  engine::CtSeriesBuilder builder;
  for (const Slice& slice : slices) {
    const std::string bytes = archive::parse_instance(read_file(slice.file, kLargestSlice)).file;
    if (builder.add(archive::read_frame(bytes, 1), slice.facts.key.instance)) series.files.insert(slice.file);
  }
  auto input = std::make_shared<engine::Input>();
  input->subject = series.opened.input->subject;
  input->image_facts = series.opened.input->image_facts;
  input->volume = builder.take().volume;
  series.opened.input = std::move(input);
  return series;
}

}  // namespace

std::vector<OpenedSeries> open_series(std::span<const fs::path> files) {
  SlicesBySeries slices;
  for (const fs::path& file : files) add_slice(slices, file);
  std::vector<OpenedSeries> all;
  for (auto& [uid, of_series] : slices) {
    std::ranges::stable_sort(of_series, {}, [](const Slice& slice) { return slice.facts.instance_number; });
    OpenedSeries series = opened_of(uid, of_series);
    if (!series.files.empty()) all.push_back(std::move(series));
  }
  return all;
}

}  // namespace meridian::app
