#include <algorithm>
#include <cstdio>

#include "app/commands/commands.h"
#include "app/progress.h"
#include "app/read/open.h"
#include "app/read/report.h"
#include "assistants/assistants.h"
#include "base/error.h"
#include "base/file.h"
#include "engine/matching.h"

namespace meridian::app {
namespace {

namespace fs = std::filesystem;

using Assistants = std::vector<std::unique_ptr<engine::Assistant>>;

const engine::Assistant* choose(const Assistants& assistants, const std::string& id,
                                const OpenedInput& opened) {
  for (const auto& assistant : assistants)
    if (id.empty() ? engine::matches(assistant->card(), opened.facts) : assistant->card().id == id)
      return assistant.get();
  return nullptr;
}

void require_known(const Assistants& assistants, const std::string& id) {
  std::string known;
  for (const auto& assistant : assistants) {
    if (id.empty() || assistant->card().id == id) return;
    known += (known.empty() ? "" : ", ") + assistant->card().id;
  }
  throw Error(ErrorCode::usage, "There is no assistant \"" + id + "\"", {}, "There are " + known);
}

// An input that cannot be opened is an answer like any other: refused, because.
ReadInput unreadable(const std::string& name, const Error& error) {
  ReadInput input{.name = name};
  input.reading.refused =
      engine::Refusal{std::string(traits(error.code()).name),
                      {"Not analysed: " + error.describe(), "未分析：" + error.describe()}};
  return input;
}

ReadInput read_one(const Assistants& assistants, const std::string& id, const fs::path& file,
                   bool keep_pictures) {
  ReadInput result{.name = file.string()};
  try {
    OpenedInput opened = open_input(file);
    const engine::Assistant* assistant = choose(assistants, id, opened);
    if (!assistant)
      throw Error(ErrorCode::refused, "No assistant reads inputs of the modality " + opened.facts.modality);
    result.card = &assistant->card();
    result.reading = assistant->run(opened.input);
    if (keep_pictures) {
      result.recording = std::move(opened.input.recording);
      result.image = std::move(opened.input.image);
    }
    return result;
  } catch (const Error& error) {
    if (error.code() == ErrorCode::unavailable) throw;
    return unreadable(file.string(), error);
  }
}

void print(const ReadInput& input, const ReadOptions& options) {
  static const engine::Card nobody{};
  if (options.json)
    std::printf("%s\n",
                engine::to_json(input.reading, input.card ? *input.card : nobody, input.name).dump().c_str());
  else
    std::printf("%s", terminal_report(input, options.chinese).c_str());
  std::fflush(stdout);
}

}  // namespace

int read(const ReadOptions& options) {
  const Assistants assistants = assistants::all();
  require_known(assistants, options.assistant);
  const std::vector<fs::path> files = inputs_below(options.files);
  std::vector<ReadInput> pages;
  Progress progress("Reading", "inputs");
  bool all_read = true;
  for (std::size_t i = 0; i < files.size(); ++i) {
    ReadInput input = read_one(assistants, options.assistant, files[i], !options.html.empty());
    progress.end();
    print(input, options);
    progress.show(static_cast<std::int64_t>(i + 1), static_cast<std::int64_t>(files.size()));
    all_read = all_read && !input.reading.refused;
    if (!options.html.empty()) pages.push_back(std::move(input));
  }
  progress.end();
  if (!options.html.empty()) write_file(options.html, html_report(pages, options.chinese));
  return all_read ? 0 : traits(ErrorCode::invalid_value).exit_code;
}

}  // namespace meridian::app
