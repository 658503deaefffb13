// A load of C-STOREs of one drawn CT image under ever new UIDs.
#pragma once
#include <cstdint>
#include <string>
#include <utility>

#include "doors/dimse/store_user.h"

namespace meridian::app {

class StoreLoad {
 public:
  explicit StoreLoad(doors::dimse::DimsePeer peer) : peer_(std::move(peer)) {}

  struct Result {
    std::int64_t sent = 0;  // acknowledged with status 0
    double seconds = 0;
    std::string last_instance;  // its UID
    double per_second() const { return static_cast<double>(sent) / seconds; }
  };
  // Each association sends the next instance when the last is acknowledged, for so long. Throws unavailable
  // (no such peer), internal (it refused an instance).
  Result run(int associations, double seconds) const;

 private:
  Result send(double seconds) const;

  const doors::dimse::DimsePeer peer_;
};

}  // namespace meridian::app
