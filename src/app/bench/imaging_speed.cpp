#include "app/bench/imaging_speed.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <fstream>
#include <thread>

#include "archive/compose.h"
#include "archive/parse.h"
#include "archive/pixels.h"
#include "assistants/assistants.h"
#include "engine/inference/session.h"
#include "engine/input_loader.h"
#include "vision/phantom_film.h"

namespace meridian::app {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kSlices = 30, kSliceSide = 512;
constexpr int kFilms = 40, kThreads = 2;
constexpr int kRuns = 20;

double seconds_of(const auto& work) {
  const auto start = Clock::now();
  work();
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// Of this process; 0 where the system does not tell.
double resident_megabytes() {
  std::ifstream statm("/proc/self/statm");
  double total = 0, resident = 0;
  statm >> total >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1e6;
}

// A skull filled with brain, in Hounsfield units.
vision::Volume drawn_head() {
  vision::Volume head{kSliceSide, kSliceSide, kSlices, {}, {0.45, 0.45, 5}};
  for (int z = 0; z < kSlices; ++z)
    for (int y = 0; y < kSliceSide; ++y)
      for (int x = 0; x < kSliceSide; ++x) {
        const double r = std::hypot((x - 256) / 190.0, (y - 256) / 230.0);
        const double brain = 35 + 6 * std::sin(x / 9.0) * std::cos(y / 11.0 + z);
        head.voxels.push_back(static_cast<float>(r > 1 ? -1000 : r > 0.93 ? 1000 : brain));
      }
  return head;
}

std::string drawn_film(std::uint64_t seed) {
  archive::FilmFacts facts;
  facts.patient_id = "bench";
  return archive::compose_film(vision::draw({.side = 1024, .seed = seed}), facts);
}

engine::Input input_of(const std::string& dicom) {
  engine::Input input;
  const archive::Parsed parsed = archive::parse_instance(dicom);
  input.image_facts = {parsed.facts.modality, parsed.facts.body_part, parsed.facts.view_position,
                       parsed.facts.sop_class};
  engine::put_pixels(input, archive::read_frame(parsed.file, 1));
  return input;
}

bool is_ready(const engine::Assistant& assistant) {
  if (assistant.unavailable() || assistant.card().models.empty()) return false;
  return std::ranges::none_of(assistant.card().models,
                              [](const auto& model) { return model.sha256.empty(); });
}

// The ECG's models are tables, which its own code reads.
bool is_network(const engine::ModelFile& model) {
  return model.file.ends_with(".onnx");
}

const engine::Assistant* ready(const std::vector<std::unique_ptr<engine::Assistant>>& assistants,
                               const std::string& id) {
  for (const auto& one : assistants)
    if (one->card().id == id && is_ready(*one)) return one.get();
  return nullptr;
}

// All at once, on so many threads.
double films_a_second(const engine::Assistant& assistant, const std::vector<std::string>& films) {
  std::atomic<std::size_t> next = 0;
  const double taken = seconds_of([&] {
    std::vector<std::jthread> threads;
    threads.reserve(kThreads);
    for (int i = 0; i < kThreads; ++i)
      threads.emplace_back([&] {
        for (std::size_t film = next++; film < films.size(); film = next++)
          assistant.run(input_of(films[film]));
      });
  });
  return static_cast<double>(films.size()) / taken;
}

std::vector<engine::Tensor> empty_inputs(const engine::Session& session) {
  std::vector<engine::Tensor> inputs;
  for (const engine::TensorInfo& info : session.inputs()) {
    engine::Tensor input{info.shape, {}};
    std::int64_t count = 1;
    for (std::int64_t& length : input.shape) {
      if (length < 0) length = 1;
      count *= length;
    }
    input.values.resize(static_cast<std::size_t>(count));
    inputs.push_back(std::move(input));
  }
  return inputs;
}

double median_of(const auto& work) {
  std::vector<double> seconds;
  seconds.reserve(kRuns);
  for (int i = 0; i < kRuns; ++i) seconds.push_back(seconds_of(work));
  return percentile(std::move(seconds), 0.5);
}

double networks_seconds(const engine::Card& card) {
  double sum = 0;
  for (const engine::ModelFile& model : card.models) {
    const auto session = engine::Session::load(model);
    const std::vector<engine::Tensor> inputs = empty_inputs(*session);
    session->run(inputs);
    sum += median_of([&] { session->run(inputs); });
  }
  return sum;
}

}  // namespace

void add_imaging_speed(Figures& figures, const std::vector<std::unique_ptr<engine::Assistant>>& assistants) {
  if (const engine::Assistant* head_ct = ready(assistants, "head_ct")) {
    engine::Input series;
    series.volume = drawn_head();
    head_ct->run(series);  // loads the models
    figures.add("head_ct: a series of 30 slices", seconds_of([&] { head_ct->run(series); }), "s", 2);
  }
  std::vector<std::string> films;
  for (int i = 1; i <= kFilms; ++i) films.push_back(drawn_film(static_cast<std::uint64_t>(i)));
  for (const char* id : {"chest_xray", "chest_pneumonia"})
    if (const engine::Assistant* assistant = ready(assistants, id)) {
      const engine::Input film = input_of(films.front());
      assistant->run(film);
      figures.add(std::string(id) + ": films on two threads", films_a_second(*assistant, films), "1/s", 1);
      const double whole = median_of([&] { assistant->run(input_of(films.front())); });
      figures.add(std::string(id) + ": a film from DICOM bytes to findings", 1e3 * whole, "ms", 1);
      figures.add(std::string(id) + ": beside its networks, from a film in memory",
                  1e3 * (median_of([&] { assistant->run(film); }) - networks_seconds(assistant->card())),
                  "ms", 1);
    }
  figures.add("memory of all models, loaded and run once", models_megabytes(assistants), "MB");
}

double models_megabytes(const std::vector<std::unique_ptr<engine::Assistant>>& assistants) {
  const double before = resident_megabytes();
  std::vector<std::shared_ptr<const engine::Session>> all;
  for (const auto& one : assistants) {
    if (!is_ready(*one)) continue;
    for (const engine::ModelFile& model : one->card().models) {
      if (!is_network(model)) continue;
      all.push_back(engine::Session::load(model));
      all.back()->run(empty_inputs(*all.back()));
    }
  }
  return resident_megabytes() - before;
}

}  // namespace meridian::app
