// Brings the ImagingStudies of arriving instances up to date: a burst of instances of a study is one new
// version of it, not one an instance. What is to be done is a job beside the instances, so that neither a
// crash nor a stop loses it.
#pragma once
#include <string_view>
#include <thread>

#include "care/context.h"

namespace meridian::care {

inline constexpr std::string_view kStudyTopic = "imaging-study.refresh";

class StudyUpdates {
 public:
  explicit StudyUpdates(const Context& context) : context_(context) {}
  ~StudyUpdates() { stop(); }

  // Starts a thread that does what is to be done, at most once a second: an ImagingStudy lags so far behind
  // its instances while they arrive, and not at all when they come one by one.
  void start();
  void stop();
  // One that is due now, on the caller's thread; false when there is none. All of them.
  bool run_one();
  void run_all();

 private:
  void work(const std::stop_token& stop);

  Context context_;
  std::jthread thread_;
};

}  // namespace meridian::care
