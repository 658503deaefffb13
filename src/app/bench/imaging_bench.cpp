#include "app/bench/imaging_bench.h"

#include <algorithm>
#include <chrono>
#include <cstdio>

#include <fmt/format.h>

#include "app/bench/class_accuracy.h"
#include "app/bench/figures.h"
#include "app/bench/imaging_cases.h"
#include "app/bench/imaging_speed.h"
#include "app/bench/mask_scores.h"
#include "app/bench/shortcut_baseline.h"
#include "app/bench/slide_bench.h"
#include "app/read/open.h"
#include "assistants/assistants.h"
#include "base/error.h"
#include "base/file.h"
#include "vision/colour.h"
#include "vision/disturbance.h"
#include "vision/metrics.h"
#include "vision/picture.h"

namespace meridian::app {
namespace {

constexpr std::size_t kFewestOfASide = 5;  // cases of a subgroup by which an area is told

// One case of the test part, as it was read.
struct Scored {
  const ImagingCase* one = nullptr;
  engine::Reading reading;

  double probability(const std::string& name) const {
    const auto found = std::ranges::find(reading.classes, name, &engine::ClassProbability::name);
    return found == reading.classes.end() ? 0 : found->probability;
  }
};

// Scores of one class, those of cases that are of it first.
struct Sides {
  std::vector<double> positives, negatives;
  void add(bool is_positive, double score) { (is_positive ? positives : negatives).push_back(score); }
  std::size_t count() const { return positives.size() + negatives.size(); }
  bool are_enough(std::size_t each) const { return positives.size() >= each && negatives.size() >= each; }
};

class TaskBench {
 public:
  TaskBench(const ImagingTask& task, const engine::Assistant& assistant, Figures& figures,
            const std::filesystem::path& data)
      : task_(task), assistant_(assistant), figures_(figures), cases_(task.cases(data)) {}

  void measure() {
    if (std::ranges::none_of(cases_, [](const ImagingCase& one) { return one.part == vision::Part::test; }))
      throw Error(ErrorCode::not_found, "The set has no test part", task_.set);
    read_test_part();
    if (!task_.mask.empty()) return report_masks();
    for (const auto& [name, unused] : cases_.front().truth) report_class(name);
    for (const auto& [name, disturbance] : vision::disturbances()) report_disturbed(name, disturbance);
    if (cases_.front().truth.size() == 1)
      report_operating_point(cases_.front().truth.begin()->first);
    else
      report_accuracy();
  }

 private:
  void read_test_part() {
    int total = 0;
    std::vector<double> seconds;
    for (const ImagingCase& one : cases_) {
      if (one.part != vision::Part::test) continue;
      const auto start = std::chrono::steady_clock::now();
      engine::Reading reading = assistant_.run(*open_input(one.file).input);
      const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
      seconds.push_back(taken.count());
      if (!reading.refused) scored_.push_back({&one, std::move(reading)});
      ++total;
    }
    add_share("refused", total - static_cast<int>(scored_.size()), total);
    seconds.erase(seconds.begin());  // it loaded the models
    figures_.add_latency(named("from the file's bytes to findings"), std::move(seconds));
  }

  std::string named(const std::string& what) const { return task_.assistant + " " + task_.set + ": " + what; }

  void add_share(const std::string& what, int hits, int total) {
    if (total > 0) figures_.add_measured(named(what), vision::proportion(hits, total), total);
  }

  void add_area(const std::string& what, const Sides& sides) {
    figures_.add_measured(named(what), vision::roc_auc(sides.positives, sides.negatives), sides.count());
  }

  Sides sides_of(const std::string& name, auto score) const {
    Sides sides;
    for (const Scored& scored : scored_) sides.add(scored.one->truth.at(name), score(scored));
    return sides;
  }

  void report_class(const std::string& name) {
    const auto probability = [&](const Scored& scored) { return scored.probability(name); };
    const Sides sides = sides_of(name, probability);
    if (!sides.are_enough(2)) return;
    add_area("AUC " + name, sides);
    report_shortcut(name, sides);
    report_groups(name);
  }

  void report_shortcut(const std::string& name, const Sides& model) {
    const ShortcutBaseline shortcut = learnt(name);
    const Sides sides =
        sides_of(name, [&](const Scored& scored) { return shortcut.score(numbers_of(*scored.one)); });
    add_area("AUC of the shortcut " + name, sides);
    figures_.add_measured(
        named("gain over the shortcut " + name),
        vision::roc_auc_gain(model.positives, model.negatives, sides.positives, sides.negatives),
        model.count());
  }

  ShortcutBaseline learnt(const std::string& name) {
    std::vector<GlobalNumbers> pictures;
    std::vector<bool> labels;
    for (const ImagingCase& one : cases_) {
      if (one.part == vision::Part::test) continue;
      pictures.push_back(numbers_of(one));
      labels.push_back(one.truth.at(name));
    }
    return {pictures, labels};
  }

  const GlobalNumbers& numbers_of(const ImagingCase& one) {
    const auto [place, is_new] = numbers_.try_emplace(&one);
    if (is_new) place->second = global_numbers(vision::decode_picture(read_file(one.file)).grey);
    return place->second;
  }

  // How well the same pictures are told apart when they are worse.
  void report_disturbed(const std::string& how, const vision::Disturbance& disturbance) {
    std::map<std::string, Sides> sides;
    int total = 0, refused = 0;
    for (const ImagingCase& one : cases_) {
      if (one.part != vision::Part::test) continue;
      engine::Input input = *open_input(one.file).input;
      if (input.colour) input.colour = vision::disturbed(*input.colour, disturbance);
      if (input.image)
        input.image = input.colour ? vision::luminance(*input.colour) : disturbance(*input.image);
      const Scored scored{&one, assistant_.run(input)};
      ++total;
      refused += scored.reading.refused.has_value();
      if (scored.reading.refused) continue;
      for (const auto& [name, is_positive] : one.truth)
        sides[name].add(is_positive, scored.probability(name));
    }
    add_share("refused, " + how, refused, total);
    for (const auto& [name, scores] : sides)
      if (scores.are_enough(2)) add_area(fmt::format("AUC {}, {}", name, how), scores);
  }

  void report_groups(const std::string& name) {
    std::map<std::string, Sides> groups;
    for (const Scored& scored : scored_)
      for (const auto& [kind, value] : scored.one->about)
        groups[fmt::format("{}={}", kind, value)].add(scored.one->truth.at(name), scored.probability(name));
    for (const auto& [group, sides] : groups)
      if (sides.are_enough(kFewestOfASide)) add_area(fmt::format("AUC {}, {}", name, group), sides);
  }

  // Of the card's class; nothing when it has none.
  std::optional<double> threshold_of(const std::string& name) const {
    for (const Json& network : assistant_.card().whole.get("imaging").items())
      for (const Json& one : network.get("classes").items())
        if (one.text("name") == name && one.contains("threshold")) return one.get("threshold").as_double();
    return {};
  }

  void report_operating_point(const std::string& name) {
    const std::optional<double> threshold = threshold_of(name);
    if (!threshold) return;
    int sick = 0, well = 0, found = 0, cleared = 0;
    for (const Scored& scored : scored_) {
      const bool positive = scored.probability(name) >= *threshold;
      const bool is_sick = scored.one->truth.at(name);
      (is_sick ? sick : well) += 1;
      found += is_sick && positive;
      cleared += !is_sick && !positive;
    }
    add_share("sensitivity", found, sick);
    add_share("specificity", cleared, well);
    const Sides sides = sides_of(name, [&](const Scored& scored) { return scored.probability(name); });
    if (sides.count() > 0)
      figures_.add(named("calibration error"), vision::calibration_error(sides.positives, sides.negatives),
                   "1", 3);
  }

  // Among those that are of one of the assistant's classes.
  void report_accuracy() {
    int right = 0, total = 0;
    for (const Scored& scored : scored_) {
      const std::optional<bool> is_right = is_rightly_named(scored.reading, scored.one->truth);
      right += is_right.value_or(false);
      total += is_right.has_value();
    }
    add_share("accuracy", right, total);
  }

  void report_masks() {
    struct Scores {
      std::vector<double> values;
      std::vector<std::string> keys;
    };
    std::map<std::string, Scores> figures;
    for (const Scored& scored : scored_) {
      const auto map = std::ranges::find(scored.reading.maps, task_.mask, &engine::LabelMap::name);
      if (map == scored.reading.maps.end()) continue;
      for (const auto& [what, value] : score_map(*map, *scored.one->mask)) {
        figures[what].values.push_back(value);
        figures[what].keys.push_back(scored.one->key);
      }
    }
    for (const auto& [what, scores] : figures)
      figures_.add_measured(named(what), vision::grouped_mean(scores.values, scores.keys),
                            scores.values.size());
  }

  const ImagingTask& task_;
  const engine::Assistant& assistant_;
  Figures& figures_;
  const std::vector<ImagingCase> cases_;
  std::vector<Scored> scored_;
  std::map<const ImagingCase*, GlobalNumbers> numbers_;
};

void measure(const ImagingTask& task, const std::vector<std::unique_ptr<engine::Assistant>>& assistants,
             Figures& figures, const std::filesystem::path& data) {
  const auto assistant =
      std::ranges::find_if(assistants, [&](const auto& one) { return one->card().id == task.assistant; });
  if (assistant == assistants.end()) {
    std::fprintf(stderr, "%s: there is no such assistant, and it is left out\n", task.assistant.c_str());
    return;
  }
  try {
    TaskBench(task, **assistant, figures, data).measure();
  } catch (const Error& error) {
    if (error.code() != ErrorCode::unavailable && error.code() != ErrorCode::not_found) throw;
    std::fprintf(stderr, "%s %s is left out: %s\n", task.assistant.c_str(), task.set.c_str(),
                 error.describe().c_str());
  }
}

void measure_slide(const std::vector<std::unique_ptr<engine::Assistant>>& assistants, Figures& figures,
                   const std::filesystem::path& data) {
  try {
    bench_slide(data, assistants::named(assistants, "pathology"), figures);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::unavailable && error.code() != ErrorCode::not_found) throw;
    std::fprintf(stderr, "Whole slides are left out: %s\n", error.describe().c_str());
  }
}

}  // namespace

int bench_imaging(const BenchOptions& options) {
  if (!std::filesystem::exists(options.data / "img"))
    throw Error(ErrorCode::unavailable, "There are no images to measure with",
                (options.data / "img").string(), "Set $MERIDIAN_DATA or --data");
  const auto assistants = assistants::all();
  const std::string only =
      options.assistant.empty() ? "" : assistants::named(assistants, options.assistant).card().id;
  Figures figures("imaging");
  if (only.empty()) {  // first what other work on the machine would change
    add_imaging_speed(figures, assistants);
    measure_slide(assistants, figures, options.data);
  }
  for (const ImagingTask& task : imaging_tasks())
    if (only.empty() || task.assistant == only) measure(task, assistants, figures, options.data);
  figures.print(options.json);
  return 0;
}

}  // namespace meridian::app
