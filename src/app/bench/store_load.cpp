#include "app/bench/store_load.h"

#include <chrono>
#include <future>
#include <vector>

#include "app/bench/scan_copies.h"
#include "archive/transfer_syntax.h"
#include "base/error.h"

namespace meridian::app {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

}  // namespace

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
  doors::dimse::StoreUser user(peer_, {{kCtImageStorage, std::string(archive::kExplicitLittleEndian)}});
  ScanCopies scans({});
  Result result;
  for (const auto start = Clock::now(); seconds_since(start) < seconds; ++result.sent)
    if (user.store(scans.next()) != 0)
      throw Error(ErrorCode::internal, "The archive refused an instance of the bench", peer_.ae_title);
  result.last_instance = scans.instance_uid();
  return result;
}

}  // namespace meridian::app
