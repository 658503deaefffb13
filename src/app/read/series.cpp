#include "app/read/series.h"

#include <algorithm>
#include <map>

#include "archive/parse.h"
#include "archive/part10.h"
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
  int number = 0;
  fs::path file;
};

using SlicesBySeries = std::map<std::string, std::vector<Slice>>;

void add_slice(SlicesBySeries& series, const fs::path& file) {
  try {
    std::string bytes = read_file(file, kLargestSlice);
    if (!care::is_dicom(bytes)) return;
    const archive::InstanceFacts facts = archive::parse_instance(std::move(bytes)).facts;
    if (facts.modality == "CT") series[facts.key.series].push_back({facts.instance_number, file});
  } catch (const Error& error) {
    log_warning("slice-not-read", {{"file", file.string()}, {"error", error.describe()}});
  }
}

archive::FrameImage frame_of(const fs::path& file) {
  try {
    return archive::read_frame(archive::complete_part10(read_file(file, kLargestSlice)), 1);
  } catch (const Error& error) {
    const std::string where = file.string() + (error.where().empty() ? "" : ", " + error.where());
    throw Error(error.code(), error.what(), where, error.advice());
  }
}

}  // namespace

std::vector<SeriesFiles> find_series(std::span<const fs::path> files) {
  SlicesBySeries found;
  for (const fs::path& file : files) add_slice(found, file);
  std::vector<SeriesFiles> all;
  for (auto& [uid, slices] : found) {
    std::ranges::stable_sort(slices, {}, &Slice::number);
    SeriesFiles& series = all.emplace_back(SeriesFiles{uid, {}});
    for (Slice& slice : slices) series.files.push_back(std::move(slice.file));
  }
  return all;
}

OpenedSeries open_series(const SeriesFiles& series) {
  OpenedSeries read;
  engine::CtSeriesBuilder builder;
  for (const fs::path& file : series.files)
    if (!builder.add(frame_of(file), file.string())) read.left_out.push_back(file);
  if (builder.empty()) return read;
  read.opened = open_input(series.files.front());
  auto input = std::make_shared<engine::Input>();
  input->subject = read.opened.input->subject;
  input->image_facts = read.opened.input->image_facts;
  input->volume = builder.take().volume;
  read.opened.input = std::move(input);
  return read;
}

}  // namespace meridian::app
