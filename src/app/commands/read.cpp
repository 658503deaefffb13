#include <algorithm>
#include <cstdio>
#include <set>

#include "app/commands/commands.h"
#include "app/progress.h"
#include "app/read/masks.h"
#include "app/read/open.h"
#include "app/read/pictures.h"
#include "app/read/report.h"
#include "app/read/series.h"
#include "archive/nifti_orientation.h"
#include "assistants/assistants.h"
#include "base/error.h"
#include "base/file.h"
#include "engine/matching.h"

namespace meridian::app {
namespace {

namespace fs = std::filesystem;

using Assistants = std::vector<std::unique_ptr<engine::Assistant>>;

std::vector<const engine::Assistant*> choose(const Assistants& assistants, const std::string& id,
                                             const OpenedInput& opened) {
  if (!id.empty()) return {&assistants::named(assistants, id)};
  std::vector<const engine::Assistant*> chosen;
  for (const auto& assistant : assistants)
    if (engine::matches(assistant->card(), opened.facts)) chosen.push_back(assistant.get());
  if (chosen.empty())
    throw Error(ErrorCode::refused, "No assistant reads inputs of the modality " + opened.facts.modality, {},
                "Name one with --as");
  return chosen;
}

// Squares of a slide as they are read.
class ShownRun : public engine::LongRun {
 public:
  std::string kept() override { return {}; }
  void keep(const std::string&, std::int64_t done, std::int64_t of) override { progress_.show(done, of); }
  void alive() override {}
  void end() { progress_.end(); }

 private:
  Progress progress_{"Reading the slide", "squares"};
};

// As the assistant is to see it: slices that it looks at one by one must be axial, as the patient lay.
std::shared_ptr<const engine::Input> input_for(const engine::Card& card, const OpenedInput& opened,
                                               engine::LongRun& shown) {
  if (opened.input->slide) {
    auto input = std::make_shared<engine::Input>(*opened.input);
    input->long_run = &shown;
    return input;
  }
  const bool may_lie_otherwise = opened.input->volume && !opened.nifti_header.empty();
  if (!may_lie_otherwise || !engine::reads_series(card)) return opened.input;
  auto input = std::make_shared<engine::Input>();
  input->subject = opened.input->subject;
  input->image_facts = opened.input->image_facts;
  input->volume = archive::as_axial(*opened.input->volume, opened.nifti_header);
  return input;
}

// What cannot be opened or read is an answer like any other: refused, because.
engine::Reading not_analysed(const Error& error) {
  engine::Reading reading;
  reading.refused = engine::Refusal{std::string(traits(error.code()).name),
                                    {"Not analysed: " + error.describe(), "未分析：" + error.describe()}};
  return reading;
}

class Command {
 public:
  explicit Command(const ReadOptions& options) : options_(options), assistants_(assistants::all()) {
    if (!options.assistant.empty()) assistants::named(assistants_, options.assistant);
    if (!options.masks.empty()) masks_.emplace(options.masks);
    if (!options.pictures.empty()) pictures_.emplace(options.pictures);
  }

  // By each assistant that is asked, whatever befalls the others; one refusal when it cannot be opened or
  // none reads it. Throws unavailable when the one that was named is.
  std::vector<ReadInput> read(const fs::path& file) {
    return attempt(file, [&] { return read_opened(file, open_input(file)); });
  }

  // As read(file), the series as one input; nothing of one that has no slices. Gives what was left out of it.
  std::vector<ReadInput> read(const SeriesFiles& series, std::vector<fs::path>& left_out) {
    return attempt(series.name, [&] {
      OpenedSeries opened = open_series(series);
      left_out = std::move(opened.left_out);
      return opened.opened.input ? read_opened(series.name, opened.opened) : std::vector<ReadInput>();
    });
  }

  // Whether the assistant that was named looks at a series as one.
  bool reads_series() const {
    return !options_.assistant.empty() &&
           engine::reads_series(assistants::named(assistants_, options_.assistant).card());
  }

 private:
  static std::vector<ReadInput> attempt(const fs::path& name, const auto& read) {
    std::vector<ReadInput> results;
    try {
      results = read();
    } catch (const Error& error) {
      if (error.code() == ErrorCode::unavailable) throw;
      results.push_back({.name = name.string(), .reading = not_analysed(error)});
    }
    return results;
  }

  std::vector<ReadInput> read_opened(const fs::path& name, const OpenedInput& opened) {
    std::vector<ReadInput> results;
    for (const engine::Assistant* assistant : choose(assistants_, options_.assistant, opened))
      results.push_back(read_by(*assistant, name, opened));
    return results;
  }

  ReadInput read_by(const engine::Assistant& assistant, const fs::path& file, const OpenedInput& opened) {
    ReadInput result{.name = file.string(), .card = &assistant.card()};
    try {
      ShownRun shown;
      const auto input = input_for(assistant.card(), opened, shown);
      result.reading = assistant.run(*input);
      shown.end();
      result.input = opened.input->slide ? opened.input : input;
    } catch (const Error& error) {
      if (error.code() == ErrorCode::unavailable && !options_.assistant.empty()) throw;
      result.reading = not_analysed(error);
    }
    if (masks_) result.masks = masks_->write(result.reading, file, opened.nifti_header);
    if (pictures_) pictures_->write(result);
    return result;
  }

  const ReadOptions& options_;
  const Assistants assistants_;
  std::optional<MaskWriter> masks_;
  std::optional<PictureWriter> pictures_;
};

// Prints the readings as they come, and keeps them when a report is asked for.
class Output {
 public:
  explicit Output(const ReadOptions& options) : options_(options) {}

  // Of one input, none of a series without slices; beside it so many are still to be read.
  void add(std::vector<ReadInput> readings, std::size_t left) {
    bool is_read = readings.empty();
    for (ReadInput& reading : readings) {
      progress_.end();
      print(reading);
      is_read = is_read || !reading.reading.refused;
      if (!options_.html.empty() || !options_.pdf.empty()) pages_.push_back(std::move(reading));
    }
    all_read_ = all_read_ && is_read;
    ++done_;
    progress_.show(done_, done_ + static_cast<std::int64_t>(left));
  }

  // The exit status.
  int finish() {
    progress_.end();
    if (!options_.html.empty()) write_file(options_.html, html_report(pages_, options_.chinese));
    if (!options_.pdf.empty()) write_file(options_.pdf, pdf_report(pages_, options_.chinese));
    return all_read_ ? 0 : traits(ErrorCode::invalid_value).exit_code;
  }

 private:
  void print(const ReadInput& input) const {
    if (options_.json)
      std::printf("%s\n", reading_json(input).dump().c_str());
    else
      std::printf("%s", terminal_report(input, options_.chinese).c_str());
    std::fflush(stdout);
  }

  const ReadOptions& options_;
  Progress progress_{"Reading", "inputs"};
  std::int64_t done_ = 0;
  bool all_read_ = true;
  std::vector<ReadInput> pages_;
};

std::vector<fs::path> folders_among(const std::vector<fs::path>& named) {
  std::vector<fs::path> folders;
  std::ranges::copy_if(named, std::back_inserter(folders),
                       [](const fs::path& path) { return fs::is_directory(path); });
  return folders;
}

}  // namespace

int read(const ReadOptions& options) {
  Command command(options);
  std::vector<fs::path> files = inputs_below(options.files);
  const std::vector<SeriesFiles> series = command.reads_series()
                                              ? find_series(inputs_below(folders_among(options.files)))
                                              : std::vector<SeriesFiles>();
  std::set<fs::path> of_series;
  for (const SeriesFiles& one : series) of_series.insert(one.files.begin(), one.files.end());
  std::erase_if(files, [&](const fs::path& file) { return of_series.contains(file); });
  Output output(options);
  for (std::size_t i = 0; i < series.size(); ++i) {
    std::vector<fs::path> left_out;
    std::vector<ReadInput> readings = command.read(series[i], left_out);
    files.insert(files.end(), left_out.begin(), left_out.end());
    output.add(std::move(readings), series.size() - i - 1 + files.size());
  }
  for (std::size_t i = 0; i < files.size(); ++i) output.add(command.read(files[i]), files.size() - i - 1);
  return output.finish();
}

}  // namespace meridian::app
