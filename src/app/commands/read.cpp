#include <algorithm>
#include <cstdio>

#include "app/commands/commands.h"
#include "app/progress.h"
#include "app/read/masks.h"
#include "app/read/open.h"
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
  }

  // By each assistant that is asked, whatever befalls the others; one refusal when it cannot be opened or
  // none reads it. Throws unavailable when the one that was named is.
  std::vector<ReadInput> read(const fs::path& file) {
    std::vector<ReadInput> results;
    try {
      results = read(file, open_input(file));
    } catch (const Error& error) {
      if (error.code() == ErrorCode::unavailable) throw;
      results.push_back({.name = file.string(), .reading = not_analysed(error)});
    }
    return results;
  }

  std::vector<ReadInput> read(const fs::path& name, const OpenedInput& opened) {
    std::vector<ReadInput> results;
    for (const engine::Assistant* assistant : choose(assistants_, options_.assistant, opened))
      results.push_back(read_by(*assistant, name, opened));
    return results;
  }

  // Whether the assistant that was named looks at a series as one.
  bool reads_series() const {
    return !options_.assistant.empty() &&
           engine::reads_series(assistants::named(assistants_, options_.assistant).card());
  }

 private:
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
    return result;
  }

  const ReadOptions& options_;
  const Assistants assistants_;
  std::optional<MaskWriter> masks_;
};

void print(const ReadInput& input, const ReadOptions& options) {
  if (options.json)
    std::printf("%s\n", reading_json(input).dump().c_str());
  else
    std::printf("%s", terminal_report(input, options.chinese).c_str());
  std::fflush(stdout);
}

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
  const std::vector<OpenedSeries> series = command.reads_series()
                                               ? open_series(inputs_below(folders_among(options.files)))
                                               : std::vector<OpenedSeries>();
  for (const OpenedSeries& one : series)
    std::erase_if(files, [&](const fs::path& file) { return one.files.contains(file); });
  std::vector<ReadInput> pages;
  Progress progress("Reading", "inputs");
  bool all_read = true;
  const std::size_t count = series.size() + files.size();
  for (std::size_t i = 0; i < count; ++i) {
    bool is_read = false;
    std::vector<ReadInput> inputs = i < series.size() ? command.read(series[i].name, series[i].opened)
                                                      : command.read(files[i - series.size()]);
    for (ReadInput& input : inputs) {
      progress.end();
      print(input, options);
      is_read = is_read || !input.reading.refused;
      if (!options.html.empty() || !options.pdf.empty()) pages.push_back(std::move(input));
    }
    all_read = all_read && is_read;
    progress.show(static_cast<std::int64_t>(i + 1), static_cast<std::int64_t>(count));
  }
  progress.end();
  if (!options.html.empty()) write_file(options.html, html_report(pages, options.chinese));
  if (!options.pdf.empty()) write_file(options.pdf, pdf_report(pages, options.chinese));
  return all_read ? 0 : traits(ErrorCode::invalid_value).exit_code;
}

}  // namespace meridian::app
