#include "app/bench/store_load.h"

#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <future>
#include <vector>

#include "archive/compose.h"
#include "base/error.h"

namespace meridian::app {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::int64_t kSeriesSize = 50;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// UIDs of one length, so that one can stand in another's place; new in every run.
std::string numbered_uid(int kind, std::int64_t number) {
  static const auto run = Clock::now().time_since_epoch().count();
  return fmt::format("2.25.{}{:019}{:016}", kind, run, number);
}

void replace_all(std::string& bytes, const std::string& from, const std::string& to) {
  for (auto at = bytes.find(from); at != std::string::npos; at = bytes.find(from, at + to.size()))
    bytes.replace(at, to.size(), to);
}

std::int64_t next_number() {
  static std::atomic<std::int64_t> number{1};
  return number++;
}

}  // namespace

StoreLoad::StoreLoad(doors::dimse::DimsePeer peer, const vision::GreyImage& film) : peer_(std::move(peer)) {
  archive::FilmFacts facts;
  facts.patient_id = "BENCH";
  facts.study_uid = numbered_uid(1, 0);
  facts.series_uid = numbered_uid(2, 0);
  facts.instance_uid = numbered_uid(3, 0);
  film_ = archive::compose_film(film, facts);
}

StoreLoad::Result StoreLoad::run(int associations, double seconds) const {
  const auto start = Clock::now();
  std::vector<std::future<Result>> running;
  running.reserve(static_cast<std::size_t>(associations));
  for (int i = 0; i < associations; ++i)
    running.push_back(std::async(std::launch::async, [&] { return send(seconds); }));
  Result all;
  for (auto& one : running) {
    const Result result = one.get();
    all.sent += result.sent;
    all.last_instance = result.last_instance;
  }
  all.seconds = seconds_since(start);
  return all;
}

StoreLoad::Result StoreLoad::send(double seconds) const {
  doors::dimse::StoreUser user(peer_, {{"1.2.840.10008.5.1.4.1.1.1.1", "1.2.840.10008.1.2.1"}});
  std::string film = film_;
  replace_all(film, numbered_uid(1, 0), numbered_uid(1, next_number()));
  std::string series = numbered_uid(2, 0);
  Result result;
  result.last_instance = numbered_uid(3, 0);
  for (const auto start = Clock::now(); seconds_since(start) < seconds; ++result.sent) {
    if (result.sent % kSeriesSize == 0)
      replace_all(film, std::exchange(series, numbered_uid(2, next_number())), series);
    const std::string instance = numbered_uid(3, next_number());
    replace_all(film, result.last_instance, instance);
    result.last_instance = instance;
    if (user.store(film) != 0)
      throw Error(ErrorCode::internal, "The archive refused an instance of the bench", peer_.ae_title);
  }
  return result;
}

}  // namespace meridian::app
