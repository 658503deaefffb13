#include "engine/inference/runtime.h"

#include <dlfcn.h>

#include <memory>
#include <mutex>

#include "base/error.h"
#include "base/resource.h"
#include "engine/inference/owned.h"

namespace meridian::engine {
namespace {

#if defined(__aarch64__)
constexpr const char* kProcessor = "arm64";
#else
constexpr const char* kProcessor = "x64";
#endif

constexpr const char* kAdvice =
    "Run \"npm ci --ignore-scripts\" in the program's folder, or name a libonnxruntime.so of version 1.8 or "
    "later "
    "as assistants.onnxruntime in the configuration";

struct Choice {
  std::mutex mutex;
  std::filesystem::path path;
  std::unique_ptr<Runtime> runtime;
};

Choice& choice() {
  static Choice choice;
  return choice;
}

std::filesystem::path shipped_library() {
  const std::string file =
      std::string("node_modules/onnxruntime-node/bin/napi-v6/linux/") + kProcessor + "/libonnxruntime.so.1";
  try {
    return resource(file);
  } catch (const Error& error) {
    throw Error(ErrorCode::unavailable, "ONNX Runtime is not installed", file, kAdvice);
  }
}

const onnx::Base* base_of(const std::filesystem::path& library) {
  // Never unloaded: its threads and allocators outlive any order of ending that we could choose.
  void* handle = dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!handle)
    throw Error(ErrorCode::unavailable, std::string("ONNX Runtime cannot be loaded: ") + dlerror(),
                library.string(), kAdvice);
  auto get = reinterpret_cast<const onnx::Base* (*)()>(dlsym(handle, "OrtGetApiBase"));
  if (!get)
    throw Error(ErrorCode::unavailable, "This library is not ONNX Runtime", library.string(), kAdvice);
  return get();
}

}  // namespace

void set_onnxruntime_library(std::filesystem::path path) {
  Choice& chosen = choice();
  const std::lock_guard lock(chosen.mutex);
  chosen.path = std::move(path);
}

const Runtime& Runtime::instance() {
  Choice& chosen = choice();
  const std::lock_guard lock(chosen.mutex);
  if (!chosen.runtime)
    chosen.runtime = std::make_unique<Runtime>(chosen.path.empty() ? shipped_library() : chosen.path);
  return *chosen.runtime;
}

Runtime::Runtime(const std::filesystem::path& library) {
  const onnx::Base* base = base_of(library);
  version_ = base->version();
  table_ = base->table(onnx::kTableVersion);
  if (!table_)
    throw Error(ErrorCode::unavailable, "ONNX Runtime " + version_ + " is too old", library.string(),
                kAdvice);
  call(onnx::Function::create_env, onnx::kLogErrors, "meridian", &environment_);
  share_arena();
}

// One arena for all sessions: models seldom run at the same time, and each would keep what its largest run
// took.
void Runtime::share_arena() {
  Owned memory(*this, onnx::Function::release_memory_info);
  call(onnx::Function::create_cpu_memory_info, onnx::kArenaAllocator, onnx::kDefaultMemory, memory.out());
  Owned arena(*this, onnx::Function::release_arena_config);
  call(onnx::Function::create_arena_config, std::size_t{0}, onnx::kAsRequested, onnx::kUsual, onnx::kUsual,
       arena.out());
  call(onnx::Function::create_and_register_allocator, environment_, static_cast<const void*>(memory.get()),
       static_cast<const void*>(arena.get()));
}

Runtime::~Runtime() {
  release(onnx::Function::release_env, environment_);
}

void Runtime::check(void* status) const {
  if (!status) return;
  const std::string message = at<const char*(void*)>(onnx::Function::get_error_message)(status);
  release(onnx::Function::release_status, status);
  throw Error(ErrorCode::internal, "ONNX Runtime: " + message);
}

}  // namespace meridian::engine
