// A thing of ONNX Runtime's, freed by the function that frees its kind.
#pragma once
#include <utility>

#include "engine/inference/runtime.h"

namespace meridian::engine {

class Owned {
 public:
  Owned(const Runtime& runtime, onnx::Function release) : runtime_(runtime), release_(release) {}
  ~Owned() {
    if (thing_) runtime_.release(release_, thing_);
  }
  Owned(Owned&& other) noexcept
      : runtime_(other.runtime_), release_(other.release_), thing_(std::exchange(other.thing_, nullptr)) {}

  void* get() const { return thing_; }
  void** out() { return &thing_; }  // where a function of its puts a new one; of one that holds none

 private:
  const Runtime& runtime_;
  onnx::Function release_;
  void* thing_ = nullptr;
};

}  // namespace meridian::engine
