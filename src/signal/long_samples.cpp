#include "signal/long_samples.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdint>

namespace meridian::signal {
namespace {

constexpr std::uintptr_t kPage = 4096, kLargePage = std::uintptr_t{2} << 20;  // bytes

}  // namespace

void reserve_long(std::vector<float>& samples, std::size_t count) {
  samples.reserve(count);
  const auto begin = (reinterpret_cast<std::uintptr_t>(samples.data()) + kPage - 1) / kPage * kPage;
  const auto end = reinterpret_cast<std::uintptr_t>(samples.data() + samples.capacity()) / kPage * kPage;
  // A system that has none says so, and nothing is lost.
  if (begin + 2 * kLargePage <= end) ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);
}

std::vector<float> copy_of(const std::vector<float>& samples, std::size_t length) {
  std::vector<float> copy;
  reserve_long(copy, length);
  copy.assign(samples.begin(),
              samples.begin() + static_cast<std::ptrdiff_t>(std::min(length, samples.size())));
  copy.resize(length, 0);
  return copy;
}

}  // namespace meridian::signal
