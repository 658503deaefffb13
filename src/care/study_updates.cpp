#include "care/study_updates.h"

#include <condition_variable>
#include <mutex>

#include "base/error.h"
#include "base/log.h"
#include "care/study.h"

namespace meridian::care {
namespace {

using namespace std::chrono_literals;

constexpr auto kPace = 1s;  // between two rounds

}  // namespace

void StudyUpdates::start() {
  thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
}

void StudyUpdates::stop() {
  thread_ = {};
}

bool StudyUpdates::run_one() {
  const auto job = context_.queue.take(std::string(kStudyTopic));
  if (!job) return false;
  try {
    context_.record.write(trust::Principal::system(), [&](record::Writer& writer) {
      refresh_study(writer, context_.archive, job->payload.text("study"));
      context_.queue.finish(writer.transaction(), *job);
    });
  } catch (const Error& error) {
    log_error("imaging-study-not-refreshed",
              {{"study", job->payload.text("study")}, {"reason", error.describe()}});
    context_.queue.fail(*job, error.describe());
  }
  return true;
}

void StudyUpdates::run_all() {
  while (run_one()) {
  }
}

void StudyUpdates::work(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any stopped;
  while (!stop.stop_requested()) {
    try {
      while (!stop.stop_requested() && run_one()) {
      }
    } catch (const Error& error) {  // the database, which every other work needs too
      log_error("imaging-studies-not-refreshed", {{"reason", error.describe()}});
    }
    std::unique_lock lock(mutex);
    stopped.wait_for(lock, stop, kPace, [] { return false; });
  }
}

}  // namespace meridian::care
