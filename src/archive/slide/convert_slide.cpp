#include "archive/slide/convert_slide.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <limits>

#include "base/error.h"
#include "base/parallel.h"
#include "vision/picture.h"

namespace meridian::archive {
namespace {

constexpr std::int64_t kSmallEnough = 1024;  // pixels a side of the smallest level
constexpr double kStep = 4;                  // between levels that are added
constexpr double kLeastStep = 1.5, kMostStep = 5;
constexpr std::uint64_t kLeastOutput = std::uint64_t(1) << 30;  // bytes that any slide may become
constexpr std::uint64_t kMostGrowth = 8;  // times: squares compressed anew, and levels that it lacked

// A level as it will be: as the scanner wrote it, or smaller than one that it wrote.
struct Planned {
  vision::SlideLevel level;
  std::size_t source = 0;
  double shrink = 1;  // pixels of the source along one of this
  std::int64_t across() const { return (level.width + level.tile_width - 1) / level.tile_width; }
  std::int64_t down() const { return (level.height + level.tile_height - 1) / level.tile_height; }
  std::int64_t squares() const { return across() * down(); }
};

Planned as_written(const SlideFile& slide, std::size_t source) {
  return {slide.levels()[source], source, 1};
}

// The level that follows one: the scanner's next, where it has one not much smaller, else one made from the
// last that it wrote.
Planned next_level(const SlideFile& slide, const Planned& last) {
  const auto& levels = slide.levels();
  for (std::size_t i = last.source + 1; i < levels.size(); ++i) {
    const double step = levels[i].downsample / last.level.downsample;
    if (step >= kLeastStep && step <= kMostStep) return as_written(slide, i);
  }
  Planned made = last;
  made.shrink = last.shrink * kStep;
  const auto smaller = [](std::int64_t pixels) {
    return std::max<std::int64_t>(1, static_cast<std::int64_t>(std::ceil(double(pixels) / kStep)));
  };
  made.level.width = smaller(last.level.width);
  made.level.height = smaller(last.level.height);
  made.level.downsample *= kStep;
  if (made.shrink * made.shrink * made.level.tile_width > double(vision::kMostRegionPixels))
    throw Error(ErrorCode::too_large,
                fmt::format("The slide of {} x {} pixels lacks the smaller levels that are needed to show it",
                            slide.levels().front().width, slide.levels().front().height),
                {}, "Export it from the scanner's program with all its levels");
  return made;
}

std::vector<Planned> plan(const SlideFile& slide, std::int64_t most_squares) {
  std::vector<Planned> all{as_written(slide, 0)};
  std::int64_t squares = all.back().squares();
  while (std::max(all.back().level.width, all.back().level.height) > kSmallEnough &&
         squares <= most_squares) {
    all.push_back(next_level(slide, all.back()));
    squares += all.back().squares();
  }
  if (squares > most_squares)
    throw Error(ErrorCode::too_large,
                fmt::format("The slide says that it has {} x {} pixels, more than {} squares",
                            slide.levels().front().width, slide.levels().front().height, most_squares));
  return all;
}

// A square of a level that is made smaller is read in strips of at most so many pixels.
vision::ColourImage shrunk(const SlideFile& slide, const Planned& planned, std::int64_t column,
                           std::int64_t row) {
  const int width = planned.level.tile_width, height = planned.level.tile_height;
  vision::ColourImage square = vision::white(width, height);
  const auto reach = static_cast<std::int64_t>(planned.shrink * width);
  const auto rows_at_once = static_cast<int>(std::clamp<std::int64_t>(
      (std::int64_t(1) << 22) / std::max<std::int64_t>(1, reach) / static_cast<std::int64_t>(planned.shrink),
      1, height));
  for (int y = 0; y < height; y += rows_at_once) {
    const int rows = std::min(rows_at_once, height - y);
    const auto top = static_cast<std::int64_t>(planned.shrink * double(row * height + y));
    const vision::ColourImage part =
        slide.read(planned.source, static_cast<std::int64_t>(planned.shrink * double(column * width)), top,
                   static_cast<int>(reach), static_cast<int>(planned.shrink * rows));
    vision::paste(square, vision::resize(part, width, rows), 0, y);
  }
  return square;
}

struct Square {
  std::string jpeg;
  bool is_rgb = false;
};

Square make_square(const SlideFile& slide, const Planned& planned, std::int64_t tile, bool take_over,
                   int quality) {
  const std::int64_t column = tile % planned.across(), row = tile / planned.across();
  if (take_over) {
    auto stored = slide.stored_tile(planned.source, column, row);
    if (!stored) throw Error(ErrorCode::corrupted, "A square of the slide is gone since it was looked at");
    return {std::move(stored->jpeg), stored->is_rgb};
  }
  const vision::SlideLevel& level = planned.level;
  const vision::ColourImage picture =
      planned.shrink == 1 ? slide.read(planned.source, column * level.tile_width, row * level.tile_height,
                                       level.tile_width, level.tile_height)
                          : shrunk(slide, planned, column, row);
  return {vision::encode_jpeg(picture, quality), false};
}

class Converter {
 public:
  Converter(const SlideFile& slide, SlideFacts facts, const SlideConversion& how,
            const std::function<void(std::string)>& sink,
            const std::function<void(std::int64_t, std::int64_t)>& progress)
      : slide_(slide),
        facts_(std::move(facts)),
        how_(how),
        sink_(sink),
        progress_(progress),
        levels_(plan(slide, how.most_squares)) {
    for (const Planned& planned : levels_) squares_ += planned.squares();
  }

  void run() {
    add_side_image("label", SlideFlavour::label);
    add_side_image("macro", SlideFlavour::overview);
    for (std::size_t i = levels_.size(); i-- > 0;) add_level(static_cast<int>(i));
  }

 private:
  void add_side_image(const char* name, SlideFlavour flavour) {
    const auto picture = slide_.side_image(name);
    if (!picture) return;
    SlideInstance instance{.flavour = flavour, .number = ++number_};
    instance.width = instance.tile_width = picture->width;
    instance.height = instance.tile_height = picture->height;
    give(compose_slide(facts_, instance, {vision::encode_jpeg(*picture, how_.quality)}));
  }

  void give(std::string file) {
    given_ += file.size();
    if (given_ > how_.most_bytes)
      throw Error(ErrorCode::too_large,
                  fmt::format("As DICOM the slide would have more than {} bytes", how_.most_bytes));
    sink_(std::move(file));
  }

  // All squares, or none: a level has one kind of colours.
  bool can_take_over(const Planned& planned) const {
    if (planned.shrink != 1) return false;
    std::optional<bool> is_rgb;
    for (std::int64_t row = 0; row < planned.down(); ++row)
      for (std::int64_t column = 0; column < planned.across(); ++column) {
        const auto square = slide_.stored_tile(planned.source, column, row);
        if (!square || is_rgb.value_or(square->is_rgb) != square->is_rgb) return false;
        is_rgb = square->is_rgb;
      }
    return true;
  }

  void add_level(int index) {
    const Planned& planned = levels_[static_cast<std::size_t>(index)];
    const bool take_over = can_take_over(planned);
    const std::int64_t tiles = planned.squares();
    SlideInstance instance{.resampled = planned.shrink > 1, .level = index};
    instance.width = planned.level.width;
    instance.height = planned.level.height;
    instance.tile_width = planned.level.tile_width;
    instance.tile_height = planned.level.tile_height;
    if (slide_.spacing()) instance.spacing = *slide_.spacing() * planned.level.downsample;
    std::vector<std::string> part;
    std::uint64_t bytes = 0;
    const std::int64_t at_once = std::max(1, how_.threads) * std::int64_t(8);
    for (std::int64_t first = 0; first < tiles; first += at_once) {
      const std::int64_t end = std::min(tiles, first + at_once);
      for (Square& square : make_squares(planned, first, end, take_over)) {
        instance.is_rgb = square.is_rgb;
        bytes += square.jpeg.size();
        part.push_back(std::move(square.jpeg));
        if (bytes < how_.part_bytes && part.size() < how_.part_frames) continue;
        flush(instance, part, bytes, instance.first_tile + part.size() < static_cast<std::uint64_t>(tiles));
      }
      progress_(done_ += end - first, squares_);
    }
    if (!part.empty()) flush(instance, part, bytes, false);
  }

  void flush(SlideInstance& instance, std::vector<std::string>& part, std::uint64_t& bytes, bool more) {
    instance.in_parts = instance.in_parts || more;
    instance.number = ++number_;
    give(compose_slide(facts_, instance, part));
    instance.first_tile += part.size();
    ++instance.part;
    part.clear();
    bytes = 0;
  }

  std::vector<Square> make_squares(const Planned& planned, std::int64_t first, std::int64_t end,
                                   bool take_over) const {
    std::vector<Square> squares(static_cast<std::size_t>(end - first));
    for_each_index(squares.size(), how_.threads, [&](std::size_t i) {
      squares[i] =
          make_square(slide_, planned, first + static_cast<std::int64_t>(i), take_over, how_.quality);
    });
    return squares;
  }

  const SlideFile& slide_;
  const SlideFacts facts_;
  const SlideConversion how_;
  const std::function<void(std::string)>& sink_;
  const std::function<void(std::int64_t, std::int64_t)>& progress_;
  const std::vector<Planned> levels_;
  std::int64_t squares_ = 0, done_ = 0;
  std::uint64_t given_ = 0;  // bytes
  int number_ = 0;
};

// "12/29/09", "09:59:15", as Aperio writes them. In no zone: the day is what counts.
std::optional<Instant> aperio_moment(const std::string& date, const std::string& time) {
  int month = 0, day = 0, year = 0, hour = 0, minute = 0, second = 0;
  if (std::sscanf(date.c_str(), "%2d/%2d/%4d", &month, &day, &year) != 3) return {};
  std::sscanf(time.c_str(), "%2d:%2d:%2d", &hour, &minute, &second);
  if (year < 100) year += 2000;
  const std::chrono::year_month_day on{std::chrono::year(year), std::chrono::month(unsigned(month)),
                                       std::chrono::day(unsigned(day))};
  if (!on.ok() || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return {};
  return std::chrono::sys_days(on) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         std::chrono::seconds(second);
}

}  // namespace

SlideFacts described_by(const SlideFile& slide, SlideFacts facts) {
  facts.scanner = slide.property("openslide.vendor");
  const std::string power = slide.property("openslide.objective-power");
  std::from_chars(power.data(), power.data() + power.size(), facts.objective);
  if (const auto moment = aperio_moment(slide.property("aperio.Date"), slide.property("aperio.Time")))
    facts.taken = *moment;
  return facts;
}

std::uint64_t most_converted_bytes(std::uint64_t slide_bytes) {
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max() / kMostGrowth;
  return std::max(kLeastOutput, kMostGrowth * std::min(slide_bytes, kMost));
}

void convert_slide(const SlideFile& slide, const SlideFacts& facts, const SlideConversion& how,
                   const std::function<void(std::string file)>& sink,
                   const std::function<void(std::int64_t done, std::int64_t of)>& progress) {
  Converter(slide, facts, how, sink, progress).run();
}

}  // namespace meridian::archive
