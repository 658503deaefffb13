// The part of ONNX Runtime's C interface that is used here, so that building needs no header of it and any
// newer library serves. The interface is one table of functions that only ever grows: a function keeps its
// place.
#pragma once
#include <cstddef>
#include <cstdint>

namespace meridian::engine::onnx {

// Version 8 of the table, which ONNX Runtime has given since 1.8.
constexpr std::uint32_t kTableVersion = 8;

// Places in the table.
enum class Function : std::size_t {
  get_error_message = 2,
  create_env = 3,
  create_session_from_array = 8,
  run = 9,
  create_session_options = 10,
  set_intra_op_threads = 24,
  set_inter_op_threads = 25,
  session_input_count = 30,
  session_output_count = 31,
  session_input_type = 33,
  session_output_type = 34,
  session_input_name = 36,
  session_output_name = 37,
  create_tensor_with_data = 49,
  tensor_data = 51,
  tensor_info_of_type = 55,
  element_type = 60,
  dimension_count = 61,
  dimensions = 62,
  tensor_info_of_value = 65,
  create_cpu_memory_info = 69,
  allocator_free = 76,
  default_allocator = 78,
  release_env = 92,
  release_status = 93,
  release_memory_info = 94,
  release_session = 95,
  release_value = 96,
  release_type_info = 98,
  release_tensor_info = 99,
  release_session_options = 100,
  add_session_config_entry = 130,
  create_and_register_allocator = 144,
  create_arena_config = 156,
  release_arena_config = 157,
};

constexpr int kLogErrors = 3;       // OrtLoggingLevel
constexpr int kFloat = 1;           // ONNXTensorElementDataType
constexpr int kArenaAllocator = 1;  // OrtAllocatorType
constexpr int kDefaultMemory = 0;   // OrtMemType
constexpr int kAsRequested = 1;     // an arena grows by what is asked for, not to the next power of two
constexpr int kUsual = -1;          // of an arena: as the library chooses

// What OrtGetApiBase gives.
struct Base {
  const void* const* (*table)(std::uint32_t version);  // nullptr when the library is older
  const char* (*version)();
};

}  // namespace meridian::engine::onnx
