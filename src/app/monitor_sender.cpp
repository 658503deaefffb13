#include "app/monitor_sender.h"

#include <algorithm>

#include "base/log.h"

namespace meridian::app {
namespace {

constexpr std::chrono::seconds kFirstBackOff{1}, kLongestBackOff{60};

bool may_pass(ErrorCode code) {
  using enum ErrorCode;
  return code == unavailable || code == timed_out || code == locked_out;
}

}  // namespace

MonitorSender::MonitorSender(const MonitorTarget& target, std::vector<std::string> leads,
                             double sampling_frequency, std::function<Clock::time_point()> clock)
    : target_(target),
      leads_(std::move(leads)),
      sampling_frequency_(sampling_frequency),
      clock_(std::move(clock)),
      came_(clock_()) {
  line_.emplace(target_, leads_, sampling_frequency_);
}

void MonitorSender::send(const std::vector<std::vector<float>>& samples) {
  try {
    if (!line_ && clock_() >= next_try_) come_again();
    if (line_) return line_->send(samples);
  } catch (const Error& error) {
    if (!may_pass(error.code())) throw;
    lose(error);
  }
  unsent_ += samples.empty() ? 0 : samples.front().size();
}

void MonitorSender::come_again() {
  line_.emplace(target_, leads_, sampling_frequency_);
  came_ = clock_();
  log_warning("monitor-came-again",
              {{"unsent_seconds", static_cast<double>(std::exchange(unsent_, 0)) / sampling_frequency_}});
}

void MonitorSender::lose(const Error& why) {
  if (line_ && clock_() - came_ >= kLongestBackOff) back_off_ = {};  // it stood
  line_.reset();
  back_off_ = std::clamp(back_off_ * 2, kFirstBackOff, kLongestBackOff);
  next_try_ = clock_() + back_off_;
  log_warning("monitor-line-broke",
              {{"reason", why.what()}, {"next_try_seconds", std::int64_t{back_off_.count()}}});
}

void MonitorSender::finish() {
  if (!line_)
    throw Error(ErrorCode::unavailable, "The signal ended while the line to the node was broken",
                target_.node);
  line_->finish();
}

}  // namespace meridian::app
