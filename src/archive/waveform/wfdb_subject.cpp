#include "archive/waveform/wfdb_subject.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <vector>

#include "archive/waveform/subject.h"
#include "base/text.h"

namespace meridian::archive {
namespace {

// The words of a comment; what marks a name ("<age>:", "Age:") is left away.
std::vector<std::string> words_of(std::string_view comment) {
  std::vector<std::string> words(1);
  for (const char c : lower_case(comment)) {
    const bool between = c == ' ' || c == '\t' || c == '\r' || c == ':' || c == '<' || c == '>' || c == '#';
    if (!between)
      words.back() += c;
    else if (!words.back().empty())
      words.emplace_back();
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

}  // namespace

signal::RecordedSubject subject_of_comments(std::span<const std::string_view> comments) {
  signal::RecordedSubject subject;
  for (const std::string_view comment : comments) {
    const std::vector<std::string> words = words_of(comment);
    for (std::size_t i = 0; i + 1 < words.size(); ++i) {
      if (words[i] == "age" && !subject.age_years) subject.age_years = age_of(words[i + 1]);
      if ((words[i] == "sex" || words[i] == "gender") && subject.sex.empty())
        subject.sex = gender_of(words[i + 1]);
    }
  }
  if (comments.empty() || subject.age_years || !subject.sex.empty()) return subject;
  const std::vector<std::string> words = words_of(comments.front());
  if (words.size() < 2) return subject;
  subject.sex = gender_of(words[1]);
  if (!subject.sex.empty()) subject.age_years = age_of(words[0]);
  return subject;
}

}  // namespace meridian::archive
