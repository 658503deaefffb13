// A reading that takes minutes: it tells how far it is, and is taken up where it was when the program ended.
#pragma once
#include <cstdint>
#include <string>

namespace meridian::engine {

class LongRun {
 public:
  virtual ~LongRun() = default;
  // What was kept last of the same input by the same version of the assistant; empty when nothing was.
  virtual std::string kept() = 0;
  // How far it is, and all that is needed to go on from there. Throws busy when the reader is to stop now,
  // and conflict when another has its job: it must pass both on.
  virtual void keep(const std::string& state, std::int64_t done, std::int64_t of) = 0;
  // Between two of these, every few seconds and from any thread: it is still at work, so that nobody else
  // takes its job. Throws as keep() does.
  virtual void alive() = 0;
};

}  // namespace meridian::engine
