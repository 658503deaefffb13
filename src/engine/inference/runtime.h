// The ONNX Runtime library of this process, loaded when the first model is.
#pragma once
#include <filesystem>
#include <string>

#include "engine/inference/onnxruntime_api.h"

namespace meridian::engine {

// The library to load, from the configuration; an empty path is the one that came with the program from npm.
// Takes effect when called before the first model is loaded.
void set_onnxruntime_library(std::filesystem::path path);

class Runtime {
 public:
  // Throws unavailable when the library is missing, is none, or is older than 1.8. Tried anew after a
  // failure.
  static const Runtime& instance();
  // As instance(), from this file; for one who needs another library than the process's.
  explicit Runtime(const std::filesystem::path& library);
  ~Runtime();
  Runtime(const Runtime&) = delete;

  // Calls a function that gives a status; throws internal with ONNX Runtime's words when it failed.
  template <typename... Arguments>
  void call(onnx::Function function, Arguments... arguments) const {
    check(at<void*(Arguments...)>(function)(arguments...));
  }
  // Calls a function that gives back or frees a thing, and cannot fail.
  void release(onnx::Function function, void* thing) const { at<void(void*)>(function)(thing); }

  void* environment() const { return environment_; }
  std::string version() const { return version_; }

 private:
  template <typename Signature>
  Signature* at(onnx::Function function) const {
    return reinterpret_cast<Signature*>(const_cast<void*>(table_[static_cast<std::size_t>(function)]));
  }
  void check(void* status) const;
  void share_arena();

  const void* const* table_ = nullptr;
  void* environment_ = nullptr;
  std::string version_;
};

}  // namespace meridian::engine
