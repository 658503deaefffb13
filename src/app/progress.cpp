#include "app/progress.h"

#include <unistd.h>

#include <cstdio>

namespace meridian::app {
namespace {

using std::chrono::steady_clock;

constexpr int kBarWidth = 30;
constexpr std::chrono::milliseconds kBetweenDrawings{100};

}  // namespace

Progress::Progress(std::string title, std::string unit)
    : title_(std::move(title)),
      unit_(std::move(unit)),
      terminal_(::isatty(STDERR_FILENO)),
      started_(steady_clock::now()) {}

void Progress::show(std::int64_t done, std::int64_t total) {
  const auto moment = steady_clock::now();
  if (!terminal_ || (moment - drawn_ < kBetweenDrawings && done != total)) return;
  drawn_ = moment;
  const double share = total > 0 ? static_cast<double>(done) / static_cast<double>(total) : 0;
  const auto filled = static_cast<std::size_t>(share * kBarWidth);
  const std::string bar = std::string(filled, '#') + std::string(kBarWidth - filled, '.');
  const double elapsed = std::chrono::duration<double>(moment - started_).count();
  std::fprintf(stderr, "\r%s [%s] %lld of %lld %s", title_.c_str(), bar.c_str(), static_cast<long long>(done),
               static_cast<long long>(total), unit_.c_str());
  if (share > 0 && elapsed > 1) std::fprintf(stderr, ", %.0f s left ", elapsed / share - elapsed);
  std::fprintf(stderr, "\033[K");
}

void Progress::end() {
  if (terminal_) std::fprintf(stderr, "\r\033[K");
}

}  // namespace meridian::app
