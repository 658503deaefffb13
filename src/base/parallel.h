// Work that is divided among threads.
#pragma once
#include <atomic>
#include <cstddef>
#include <functional>
#include <future>
#include <vector>

namespace meridian {

// Calls work(0) to work(count - 1), each once, from so many threads at once, this one among them. Returns
// when all have returned; the first exception is thrown again, and what has not begun is then left out.
inline void for_each_index(std::size_t count, int threads, const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next{0};
  const auto run = [&] {
    try {
      for (std::size_t i = next++; i < count; i = next++) work(i);
    } catch (...) {
      next = count;
      throw;
    }
  };
  std::vector<std::future<void>> others;
  for (int i = 1; i < threads && static_cast<std::size_t>(i) < count; ++i)
    others.push_back(std::async(std::launch::async, run));
  std::exception_ptr failure;
  try {
    run();
  } catch (...) {
    failure = std::current_exception();
  }
  for (auto& other : others) {
    try {
      other.get();
    } catch (...) {
      if (!failure) failure = std::current_exception();
    }
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace meridian
