#include "care/slides.h"

#include <algorithm>
#include <list>
#include <mutex>
#include <set>

#include "archive/slide/open_slide.h"
#include "base/error.h"
#include "base/id.h"
#include "care/recordings.h"
#include "engine/resources.h"
#include "vision/picture.h"

namespace meridian::care {
namespace {

constexpr std::size_t kKeptOpen = 8;  // slides; each holds its headers, and at most 64 MiB of decoded squares
constexpr int kQuality = 80;          // of squares that are plain white

Error no_such_square(const std::string& instance) {
  return Error(ErrorCode::not_found, "The slide has no such square, or has changed since it was opened",
               instance, "Open the slide again");
}

Json level_json(const vision::SlideLevel& level) {
  return Json::object({{"width", level.width},
                       {"height", level.height},
                       {"tileWidth", level.tile_width},
                       {"tileHeight", level.tile_height}});
}

}  // namespace

struct Slides::Opened {
  std::string version, study, series;
  std::set<std::string> instances;
  std::shared_ptr<const archive::SlideSeries> slide;
};

struct Slides::Cache {
  std::mutex mutex;
  std::list<std::shared_ptr<const Opened>> used;  // the last one first

  std::shared_ptr<const Opened> find(const std::string& version) {
    const std::lock_guard lock(mutex);
    const auto found =
        std::ranges::find_if(used, [&](const auto& opened) { return opened->version == version; });
    if (found == used.end()) return {};
    used.splice(used.begin(), used, found);
    return used.front();
  }

  void add(const std::shared_ptr<const Opened>& opened) {
    const std::lock_guard lock(mutex);
    used.push_front(opened);
    if (used.size() > kKeptOpen) used.pop_back();
  }
};

Slides::Slides(const Context& context) : context_(context), cache_(std::make_unique<Cache>()) {}
Slides::~Slides() = default;

// The version follows from the instances, so that a slide of which more has come is another.
std::shared_ptr<const Slides::Opened> Slides::open(const std::string& instance) const {
  const auto facts = context_.archive.find(instance);
  if (!facts) throw no_such_square(instance);
  auto opened = std::make_shared<Opened>();
  opened->study = facts->key.study;
  opened->series = facts->key.series;
  std::string all = facts->key.series;
  for (const archive::InstanceFacts& one : context_.archive.instances(facts->key.study, facts->key.series)) {
    opened->instances.insert(one.key.instance);
    all.append("\n").append(one.key.instance);
  }
  opened->version = stable_id({"slide", all});
  if (auto known = cache_->find(opened->version)) return known;
  opened->slide = archive::open_slide(context_.archive, facts->key.study, facts->key.series);
  cache_->add(opened);
  return opened;
}

std::shared_ptr<const Slides::Opened> Slides::opened(const std::string& instance,
                                                     const std::string& version) const {
  auto known = cache_->find(version);
  if (!known) known = open(instance);
  if (known->version != version || !known->instances.contains(instance)) throw no_such_square(instance);
  return known;
}

Json Slides::describe(const trust::Principal& principal, const std::string& instance) const {
  const std::string patient = context_.database.read(
      [&](storage::Connection& connection) { return visible_patient(connection, principal, instance); });
  const auto slide = open(instance);
  trust::LedgerEntry entry;
  entry.action = "R";
  entry.kind = "dicom.rendered";
  entry.patient = patient;
  entry.entity = slide->series;
  context_.ledger.append_soon(principal, std::move(entry));
  const archive::SlideSeries& series = *slide->slide;
  Json levels = Json::array();
  for (const vision::SlideLevel& level : series.levels()) levels.push_back(level_json(level));
  return Json::object(
      {{"version", slide->version},
       {"width", series.levels().front().width},
       {"height", series.levels().front().height},
       {"spacing", series.spacing() ? Json(*series.spacing()) : Json()},
       {"levels", std::move(levels)},
       {"container", series.container()},
       {"label", engine::text_or_null(series.side_image(archive::SlideFlavour::label))},
       {"overview", engine::text_or_null(series.side_image(archive::SlideFlavour::overview))}});
}

archive::SlideTile Slides::tile(const trust::Principal& principal, const std::string& instance,
                                const std::string& version, std::size_t level, std::int64_t column,
                                std::int64_t row) const {
  context_.database.read(
      [&](storage::Connection& connection) { visible_patient(connection, principal, instance); });
  const auto slide = opened(instance, version);
  const auto& levels = slide->slide->levels();
  if (level >= levels.size() || column < 0 || row < 0 ||
      column * levels[level].tile_width >= levels[level].width ||
      row * levels[level].tile_height >= levels[level].height)
    throw no_such_square(instance);
  if (auto tile = slide->slide->tile(level, column, row)) return std::move(*tile);
  return {vision::encode_jpeg(vision::white(levels[level].tile_width, levels[level].tile_height), kQuality),
          "image/jpeg"};
}

}  // namespace meridian::care
