#include "assistants/imaging/slide_reading.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <thread>

#include "assistants/imaging/evidence.h"
#include "assistants/imaging/measurements.h"
#include "assistants/imaging/slide_count.h"
#include "assistants/imaging/slide_grid.h"
#include "base/parallel.h"
#include "engine/evidence.h"
#include "vision/prepare.h"
#include "vision/region.h"

namespace meridian::assistants::imaging {
namespace {

constexpr int kBandCells = 2;   // rows of cells that are counted together, and side of a field of the map
constexpr int kBlockCells = 4;  // columns of cells that are read together
constexpr int kMapSide = 1024, kMostParts = 16;  // pixels of the map, and of each of its fields
constexpr std::size_t kDensest = 3;              // fields that are pointed at
constexpr std::uint8_t kMask = 1, kSeed = 2;

using Cell = std::vector<std::uint8_t>;  // of each pixel kMask and kSeed
using CellRow = std::map<std::int64_t, Cell>;

class SlideReading {
 public:
  SlideReading(const Network& network, const engine::Input& input)
      : network_(network),
        description_(network.description()),
        slide_(*input.slide),
        long_run_(input.long_run),
        margin_(description_.prepare.size / vision::kTileMarginShare),
        grid_(lay_grid(slide_, description_.prepare.size - 2 * margin_)),
        threads_(std::max(1, static_cast<int>(std::thread::hardware_concurrency()))) {
    count_.plan = fmt::format("{} {}x{} level {} cell {}", description_.model.sha256, grid_.width,
                              grid_.height, grid_.level, grid_.cell);
    count_.across = static_cast<int>((grid_.columns + kBandCells - 1) / kBandCells);
    count_.down = static_cast<int>((grid_.rows + kBandCells - 1) / kBandCells);
    count_.map.resize(static_cast<std::size_t>(count_.across) * static_cast<std::size_t>(count_.down));
  }

  const SlideGrid& grid() const { return grid_; }

  void run() {
    if (long_run_)
      if (auto kept = SlideCount::from_text(long_run_->kept(), count_)) count_ = std::move(*kept);
    const std::int64_t all = grid_.tissue_cells();
    for (; count_.bands < count_.down;) {
      const std::int64_t first = count_.bands * kBandCells, end = std::min(grid_.rows, first + kBandCells);
      look_at_rows(std::max<std::int64_t>(0, first - 1), std::min(grid_.rows, end + 1));
      for (std::int64_t row = first; row < end; ++row)
        for (std::int64_t column = 0; column < grid_.columns; ++column)
          count_.cells += grid_.has_tissue(column, row);
      count_band(first, end);
      rows_.erase(rows_.begin(), rows_.lower_bound(end - 1));
      ++count_.bands;
      if (long_run_) long_run_->keep(count_.to_text(), count_.cells, all);
    }
  }

  engine::Reading reading() const {
    const Class& one = description_.classes.at(description_.objects->mask);
    engine::Finding finding;
    finding.code = one.code.value_or(engine::Coding{});
    const std::int64_t objects = count_.objects();
    finding.positive = objects > 0;
    std::string en = fmt::format("{} on the slide: {}", one.text.en, objects),
                zh = fmt::format("切片{}：{}个", one.text.zh, objects);
    finding.measurements.push_back(as_count("count", {"number", "数目"}, static_cast<int>(objects)));
    if (grid_.spacing) add_measures(finding, en, zh);
    finding.text = {en + ".", zh + "。"};
    finding.evidence = Json::object({});
    if (objects > 0) {
      finding.evidence["heat_map"] = heat();
      finding.evidence["regions"] = densest();
    }
    engine::Reading reading;
    reading.findings.push_back(std::move(finding));
    return reading;
  }

 private:
  void look_at_rows(std::int64_t first, std::int64_t end) {
    std::vector<std::int64_t> missing;
    for (std::int64_t row = first; row < end; ++row)
      if (!rows_.contains(row)) missing.push_back(row);
    if (missing.empty()) return;
    const auto blocks = static_cast<std::size_t>((grid_.columns + kBlockCells - 1) / kBlockCells);
    std::vector<std::map<std::int64_t, CellRow>> seen(blocks);
    for_each_index(blocks, threads_, [&](std::size_t block) {
      if (long_run_) long_run_->alive();
      seen[block] =
          look_at_block(static_cast<std::int64_t>(block) * kBlockCells, missing.front(), missing.back());
    });
    for (const std::int64_t row : missing) {
      CellRow& all = rows_[row];
      for (auto& block : seen)
        if (const auto found = block.find(row); found != block.end()) all.merge(found->second);
    }
  }

  std::map<std::int64_t, CellRow> look_at_block(std::int64_t first_column, std::int64_t first_row,
                                                std::int64_t last_row) const {
    const std::int64_t end_column = std::min(grid_.columns, first_column + kBlockCells);
    std::vector<std::pair<std::int64_t, std::int64_t>> wanted;
    for (std::int64_t row = first_row; row <= last_row; ++row)
      for (std::int64_t column = first_column; column < end_column; ++column)
        if (grid_.has_tissue(column, row)) wanted.emplace_back(column, row);
    if (wanted.empty()) return {};
    const auto pixels = [&](std::int64_t cells) {
      return static_cast<int>(cells * grid_.cell) + 2 * margin_;
    };
    const vision::ColourImage part =
        slide_.read(grid_.level, first_column * grid_.cell - margin_, first_row * grid_.cell - margin_,
                    pixels(end_column - first_column), pixels(last_row - first_row + 1));
    std::map<std::int64_t, CellRow> seen;
    for (const auto& [column, row] : wanted)
      seen[row][column] = look_at_cell(part, static_cast<int>((column - first_column) * grid_.cell),
                                       static_cast<int>((row - first_row) * grid_.cell));
    return seen;
  }

  Cell look_at_cell(const vision::ColourImage& part, int left, int top) const {
    const int size = description_.prepare.size;
    const Network::Outputs outputs = network_.run(vision::planes_of_square(part, left, top, size));
    const auto square = static_cast<std::size_t>(size) * static_cast<std::size_t>(size);
    const Objects& objects = *description_.objects;
    Cell cell(static_cast<std::size_t>(grid_.cell) * static_cast<std::size_t>(grid_.cell));
    const auto put = [&](std::size_t index, std::uint8_t bit) {
      const float* map = outputs.masks->values.data() + index * square;
      const double threshold = description_.classes.at(index).mask_threshold();
      for (int y = 0; y < grid_.cell; ++y)
        for (int x = 0; x < grid_.cell; ++x)
          if (static_cast<double>(map[static_cast<std::size_t>(y + margin_) * static_cast<std::size_t>(size) +
                                      static_cast<std::size_t>(x + margin_)]) > threshold)
            cell[static_cast<std::size_t>(y) * static_cast<std::size_t>(grid_.cell) +
                 static_cast<std::size_t>(x)] |= bit;
    };
    put(objects.mask, kMask);
    put(objects.seeds, kSeed);
    return cell;
  }

  // Objects whose seed begins in the band, seen with a cell around each block of it: an object across an edge
  // is whole in both blocks, and is counted in the one where its seed begins.
  void count_band(std::int64_t first, std::int64_t end) {
    std::vector<std::vector<vision::PlacedObject>> found(
        static_cast<std::size_t>((grid_.columns + kBlockCells - 1) / kBlockCells));
    for_each_index(found.size(), threads_, [&](std::size_t block) {
      if (long_run_) long_run_->alive();
      found[block] = objects_in(static_cast<std::int64_t>(block) * kBlockCells, first, end);
    });
    for (std::size_t block = 0; block < found.size(); ++block)
      for (const vision::PlacedObject& object : found[block]) {
        const std::int64_t x = static_cast<std::int64_t>(block) * kBlockCells * grid_.cell + object.x;
        const std::int64_t field = x / (static_cast<std::int64_t>(kBandCells) * grid_.cell);
        ++count_.map.at(static_cast<std::size_t>(count_.bands * count_.across + field));
        ++count_.areas[object.area];
      }
  }

  // Their x counts from the block's left edge.
  std::vector<vision::PlacedObject> objects_in(std::int64_t first_column, std::int64_t first_row,
                                               std::int64_t end_row) const {
    const int width = (kBlockCells + 2) * grid_.cell,
              height = static_cast<int>(end_row - first_row + 2) * grid_.cell;
    std::vector<std::uint8_t> mask(static_cast<std::size_t>(width) * static_cast<std::size_t>(height)),
        seeds = mask;
    bool any = false;
    for (auto row = rows_.lower_bound(first_row - 1); row != rows_.end() && row->first <= end_row; ++row)
      for (auto cell = row->second.lower_bound(first_column - 1);
           cell != row->second.end() && cell->first <= first_column + kBlockCells; ++cell) {
        place(cell->second, static_cast<int>(cell->first - first_column + 1) * grid_.cell,
              static_cast<int>(row->first - first_row + 1) * grid_.cell, width, mask, seeds);
        any = true;
      }
    if (!any) return {};
    std::vector<vision::PlacedObject> inside;
    for (vision::PlacedObject object :
         vision::place_objects(mask, seeds, width, height, description_.objects->smallest)) {
      object.x -= grid_.cell;
      object.y -= grid_.cell;
      const bool is_in = object.x >= 0 && object.y >= 0 && object.x < kBlockCells * grid_.cell &&
                         object.y < static_cast<int>(end_row - first_row) * grid_.cell;
      if (is_in) inside.push_back(object);
    }
    return inside;
  }

  void place(const Cell& cell, int left, int top, int width, std::vector<std::uint8_t>& mask,
             std::vector<std::uint8_t>& seeds) const {
    const auto side = static_cast<std::size_t>(grid_.cell);
    for (std::size_t y = 0; y < side; ++y) {
      const std::size_t to = (static_cast<std::size_t>(top) + y) * static_cast<std::size_t>(width) +
                             static_cast<std::size_t>(left);
      for (std::size_t x = 0; x < side; ++x) {
        mask[to + x] = cell[y * side + x] & kMask;
        seeds[to + x] = cell[y * side + x] & kSeed;
      }
    }
  }

  void add_measures(engine::Finding& finding, std::string& en, std::string& zh) const {
    constexpr double kMicrometresAMillimetre = 1000;
    const double pixel = *grid_.spacing * *grid_.spacing;
    const double tissue =
        grid_.tissue * static_cast<double>(grid_.width) * static_cast<double>(grid_.height) * pixel;
    if (tissue <= 0) return;
    const double density = static_cast<double>(count_.objects()) / tissue;
    en += fmt::format(", {:.0f} a square millimetre of {:.1f} mm² of tissue", density, tissue);
    zh += fmt::format("，组织面积{:.1f} mm²，每平方毫米{:.0f}个", tissue, density);
    finding.measurements.push_back(per_square_millimetre(density));
    finding.measurements.push_back(tissue_area(tissue));
    if (count_.objects() > 0)
      finding.measurements.push_back(in_square_micrometres(
          count_.median_area() * pixel * kMicrometresAMillimetre * kMicrometresAMillimetre));
  }

  // The fields' counts, the highest but for one in a thousand being 1, so that one crowded field does not
  // pale all others.
  Json heat() const {
    std::vector<double> counts;
    for (const std::uint32_t field : count_.map)
      if (field > 0) counts.push_back(field);
    std::ranges::sort(counts);
    const double most =
        counts.at(static_cast<std::size_t>(std::ceil(0.999 * static_cast<double>(counts.size() - 1))));
    // Each field as so many small ones, so that what of the last ones lies beyond the slide can be left out.
    const int parts = std::clamp(kMapSide / std::max(count_.across, count_.down), 1, kMostParts);
    const double side = static_cast<double>(kBandCells) * grid_.cell / parts;
    const auto pieces = [&](std::int64_t pixels) {
      return std::max(1, static_cast<int>(std::ceil(static_cast<double>(pixels) / side)));
    };
    vision::GreyImage map{pieces(grid_.width), pieces(grid_.height), {}, {}};
    for (int y = 0; y < map.height; ++y)
      for (int x = 0; x < map.width; ++x) {
        const auto field = static_cast<std::size_t>(y / parts) * static_cast<std::size_t>(count_.across) +
                           static_cast<std::size_t>(x / parts);
        map.pixels.push_back(static_cast<float>(std::min(1.0, count_.map.at(field) / most)));
      }
    const Size whole{static_cast<int>(grid_.width), static_cast<int>(grid_.height)};
    return heat_map(map, {0, 0, whole.width, whole.height}, whole);
  }

  Json densest() const {
    std::vector<std::size_t> fields(count_.map.size());
    for (std::size_t i = 0; i < fields.size(); ++i) fields[i] = i;
    const std::size_t most = std::min(kDensest, fields.size());
    std::partial_sort(fields.begin(), fields.begin() + static_cast<std::ptrdiff_t>(most), fields.end(),
                      [&](std::size_t a, std::size_t b) { return count_.map[a] > count_.map[b]; });
    Json regions = Json::array();
    const double side = static_cast<double>(kBandCells) * grid_.cell * grid_.downsample;
    for (std::size_t i = 0; i < most && count_.map[fields[i]] > 0; ++i) {
      const double left = static_cast<double>(fields[i] % static_cast<std::size_t>(count_.across)) * side,
                   top = static_cast<double>(fields[i] / static_cast<std::size_t>(count_.across)) * side;
      regions.push_back(engine::evidence_region(
          {fmt::format("densest field {}", i + 1), fmt::format("最密集视野{}", i + 1)},
          Json::array({Json::array({left, top}), Json::array({left + side, top}),
                       Json::array({left + side, top + side}), Json::array({left, top + side})})));
    }
    return regions;
  }

  const Network& network_;
  const Description& description_;
  const vision::Slide& slide_;
  engine::LongRun* const long_run_;
  const int margin_;
  const SlideGrid grid_;
  const int threads_;
  std::map<std::int64_t, CellRow> rows_;
  SlideCount count_;
};

engine::Reading refused(const char* reason, const char* en, const char* zh) {
  return {
      .refused = engine::Refusal{
          reason, {std::string("Not analysed, because ") + en + ".", std::string("未分析：") + zh + "。"}}};
}

}  // namespace

engine::Reading read_slide(const Network& network, const engine::Input& input) {
  const Description& description = network.description();
  const bool can = description.objects && description.colour &&
                   description.prepare.fit == vision::Fit::tile &&
                   description.prepare.equalise == vision::Equalisation::none;
  if (!can) return refused("other-kind", "this assistant reads no whole slides", "该辅助程序不能读取全切片");
  SlideReading reading(network, input);
  if (reading.grid().spacing && *reading.grid().spacing > kTooCoarse)
    return refused("too-coarse", "the slide was scanned too coarsely: at most 1 µm a pixel is needed",
                   "切片扫描分辨率不足，每像素不得超过1 µm");
  if (reading.grid().tissue_cells() == 0)
    return refused("no-tissue", "no stained tissue is found on the slide", "切片上未见染色组织");
  reading.run();
  return reading.reading();
}

}  // namespace meridian::assistants::imaging
