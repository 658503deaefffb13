#include "engine/live/look_along.h"

namespace meridian::engine {
namespace {

class Looking {
 public:
  using Take = std::function<std::optional<FrameFeed::Captured>()>;
  using Show = std::function<void(FrameFeed::Captured, std::vector<vision::Track>)>;

  Looking(const Take& take, LiveReader& reader, const Show& show)
      : take_(take), reader_(reader), show_(show) {}

  void run() {
    while (look_at_next()) {
    }
  }

  void rethrow() const {
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  struct Taken {
    std::int64_t ticket = 0;
    std::optional<FrameFeed::Captured> frame;  // none: there are no more
    std::exception_ptr failure;
  };

  Taken take() {
    const std::lock_guard lock(taking_);
    Taken taken{next_++, {}, {}};
    if (over_) return taken;
    try {
      taken.frame = take_();
    } catch (...) {
      taken.failure = std::current_exception();
    }
    over_ = !taken.frame;
    return taken;
  }

  bool look_at_next() {
    Taken taken = take();
    std::vector<vision::Outlined> seen;
    if (taken.frame) {
      try {
        seen = reader_.see(taken.frame->frame.picture);
      } catch (...) {
        taken.failure = std::current_exception();
      }
    }
    std::unique_lock lock(showing_);
    turn_changed_.wait(lock, [&] { return turn_ == taken.ticket; });
    const bool goes_on = !failure_ && finish(std::move(taken), seen);
    ++turn_;
    turn_changed_.notify_all();
    return goes_on;
  }

  bool finish(Taken taken, const std::vector<vision::Outlined>& seen) {
    failure_ = taken.failure;
    if (failure_ || !taken.frame) return false;
    try {
      show_(std::move(*taken.frame), reader_.follow(seen));
    } catch (...) {
      failure_ = std::current_exception();
    }
    return !failure_;
  }

  const Take& take_;
  LiveReader& reader_;
  const Show& show_;
  std::mutex taking_, showing_;
  std::condition_variable turn_changed_;
  std::int64_t next_ = 0, turn_ = 0;
  bool over_ = false;
  std::exception_ptr failure_;
};

}  // namespace

void look_along(const std::function<std::optional<FrameFeed::Captured>()>& take, LiveReader& reader,
                const std::function<void(FrameFeed::Captured, std::vector<vision::Track>)>& show,
                int beside) {
  Looking looking(take, reader, show);
  {
    std::vector<std::jthread> others;
    for (int i = 1; i < beside; ++i) others.emplace_back([&] { looking.run(); });
    looking.run();
  }
  looking.rethrow();
}

}  // namespace meridian::engine
