#include "app/bench/beat_confusion.h"

#include <cstdio>

namespace meridian::app {
namespace {

std::size_t index_of(char name) {
  const auto at = BeatConfusion::kClasses.find(name);
  return at == std::string_view::npos ? BeatConfusion::kClasses.size() : at;
}

}  // namespace

void BeatConfusion::add(const ReferenceBeats& reference, const ClassifiedBeats& found, std::int64_t window) {
  for (const auto& [truth, said] :
       signal::match_beats(reference.samples, found.samples, window, reference.flutter).pairs)
    ++counts_[truth ? index_of(reference.classes[*truth]) : kNone]
             [said ? index_of(found.classes[*said]) : kNone];
}

void BeatConfusion::print() const {
  constexpr std::string_view kNames = "NSVFQO";
  std::printf("%-8s", "");
  for (const char name : kNames) std::printf(" %7c", name);
  std::printf("\n");
  for (std::size_t row = 0; row < kNames.size(); ++row) {
    std::printf("%-8c", kNames[row]);
    for (const std::size_t count : counts_[row]) std::printf(" %7zu", count);
    std::printf("\n");
  }
}

BeatConfusion::Agreement BeatConfusion::agreement(std::size_t k) const {
  Agreement found{.both = static_cast<double>(counts_[k][k])};
  for (std::size_t other = 0; other <= kNone; ++other) {
    found.truth += static_cast<double>(counts_[k][other]);
    found.said += static_cast<double>(counts_[other][k]);
  }
  return found;
}

void BeatConfusion::add_to(Figures& figures) const {
  for (std::size_t k = 0; k < kClasses.size(); ++k) {
    const Agreement found = agreement(k);
    if (found.truth == 0) continue;
    const std::string name(1, kClasses[k]);
    figures.add("beats " + name + ", sensitivity", 100 * found.both / found.truth, "%", 2);
    figures.add("beats " + name + ", positive predictivity",
                found.said > 0 ? 100 * found.both / found.said : 0, "%", 2);
    figures.add("beats " + name + ", F1", found.f1(), "1", 3);
  }
}

double BeatConfusion::f1(char name) const {
  return agreement(index_of(name)).f1();
}

double BeatConfusion::sensitivity(char name) const {
  const Agreement found = agreement(index_of(name));
  return found.truth > 0 ? found.both / found.truth : 0;
}

double BeatConfusion::predictivity(char name) const {
  const Agreement found = agreement(index_of(name));
  return found.said > 0 ? found.both / found.said : 0;
}

}  // namespace meridian::app
