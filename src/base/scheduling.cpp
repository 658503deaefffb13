#include "base/scheduling.h"

#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>

namespace meridian {
namespace {

// Of sched_setattr(2), which the C library does not have.
struct Attributes {
  std::uint32_t size = sizeof(Attributes);
  std::uint32_t policy = SCHED_OTHER;
  std::uint64_t flags = 0;
  std::int32_t nice = 0;
  std::uint32_t priority = 0;
  std::uint64_t runtime = 0;  // of a slice, in nanoseconds
  std::uint64_t deadline = 0, period = 0;
};

}  // namespace

void run_in_slices(std::chrono::microseconds slice) noexcept {
  Attributes attributes;
  attributes.nice = ::getpriority(PRIO_PROCESS, 0);
  attributes.runtime = static_cast<std::uint64_t>(std::chrono::nanoseconds(slice).count());
  ::syscall(SYS_sched_setattr, 0, &attributes, 0u);
}

}  // namespace meridian
