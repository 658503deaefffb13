#include "engine/changes.h"
#include "base/text.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace meridian::engine {
namespace {

// The length of a sentence's end at this place, or 0: a line's end, a Chinese full stop, or a Latin one
// before space.
std::size_t end_at(std::string_view text, std::size_t at) {
  if (text[at] == '\n') return 1;
  for (const std::string_view stop : {"。", "！", "？"})
    if (text.substr(at).starts_with(stop)) return stop.size();
  const bool latin = text[at] == '.' || text[at] == '!' || text[at] == '?';
  return latin && (at + 1 == text.size() || text[at + 1] == ' ' || text[at + 1] == '\n') ? 1 : 0;
}

std::vector<std::string_view> sentences(std::string_view text) {
  std::vector<std::string_view> found;
  std::size_t start = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = end_at(text, at);
    at += end ? end : 1;
    if (!end && at < text.size()) continue;
    const std::string_view sentence = trimmed(text.substr(start, at - start));
    if (!sentence.empty()) found.push_back(sentence);
    start = at;
  }
  return found;
}

void append_line(std::string& lines, std::string_view mark, std::string_view sentence) {
  if (!lines.empty()) lines += '\n';
  lines += mark;
  lines += sentence;
}

bool says(std::string_view text, std::string_view sentence) {
  return !sentence.empty() && text.find(sentence) != std::string_view::npos;
}

}  // namespace

std::string changes_against_drafts(const std::vector<LocalizedText>& proposed, const std::string& report) {
  std::string changes;
  for (const std::string_view sentence : sentences(report)) {
    const bool was_proposed = std::any_of(proposed.begin(), proposed.end(), [&](const LocalizedText& item) {
      return says(item.en, sentence) || says(item.zh, sentence);
    });
    if (!was_proposed) append_line(changes, "+ ", sentence);
  }
  for (const LocalizedText& item : proposed)
    if (!says(report, trimmed(item.en)) && !says(report, trimmed(item.zh)))
      append_line(changes, "- ", trimmed(item.en));
  return changes;
}

}  // namespace meridian::engine
