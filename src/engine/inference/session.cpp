#include "engine/inference/session.h"

#include "base/encoding.h"
#include "base/error.h"
#include "base/file.h"
#include "base/resource.h"
#include "engine/inference/owned.h"

namespace meridian::engine {
namespace {

using onnx::Function;

constexpr std::size_t kLargestModel = std::size_t(1) << 30;

std::string shape_text(std::span<const std::int64_t> shape) {
  std::string text;
  for (const std::int64_t side : shape) text += (text.empty() ? "" : "x") + std::to_string(side);
  return "[" + text + "]";
}

std::vector<std::int64_t> shape_of(const Runtime& runtime, const void* tensor_info) {
  std::size_t count = 0;
  runtime.call(Function::dimension_count, tensor_info, &count);
  std::vector<std::int64_t> shape(count);
  runtime.call(Function::dimensions, tensor_info, shape.data(), count);
  return shape;
}

// The functions that tell of inputs, or of outputs.
struct Side {
  Function count, type, name;
};
constexpr Side kInputs{Function::session_input_count, Function::session_input_type,
                       Function::session_input_name};
constexpr Side kOutputs{Function::session_output_count, Function::session_output_type,
                        Function::session_output_name};

std::string name_of(const Runtime& runtime, const void* session, const Side& side, std::size_t index) {
  void* allocator = nullptr;
  runtime.call(Function::default_allocator, &allocator);
  char* text = nullptr;
  runtime.call(side.name, session, index, allocator, &text);
  std::string name = text;
  runtime.call(Function::allocator_free, allocator, static_cast<void*>(text));
  return name;
}

TensorInfo describe(const Runtime& runtime, const void* session, const Side& side, std::size_t index) {
  TensorInfo info{name_of(runtime, session, side, index), {}};
  Owned type(runtime, Function::release_type_info);
  runtime.call(side.type, session, index, type.out());
  const void* tensor = nullptr;  // belongs to the type
  runtime.call(Function::tensor_info_of_type, static_cast<const void*>(type.get()), &tensor);
  int element = 0;
  if (tensor) runtime.call(Function::element_type, tensor, &element);
  if (element != onnx::kFloat)
    throw Error(ErrorCode::invalid_structure, "The model's \"" + info.name + "\" is not a float32 tensor", {},
                "Export the model with float32 inputs and outputs");
  info.shape = shape_of(runtime, tensor);
  return info;
}

std::vector<TensorInfo> describe_all(const Runtime& runtime, const void* session, const Side& side) {
  std::size_t count = 0;
  runtime.call(side.count, session, &count);
  std::vector<TensorInfo> all;
  for (std::size_t i = 0; i < count; ++i) all.push_back(describe(runtime, session, side, i));
  return all;
}

void check_input(const Tensor& tensor, const TensorInfo& info) {
  bool fits = tensor.shape.size() == info.shape.size();
  std::int64_t count = 1;
  for (std::size_t i = 0; fits && i < tensor.shape.size(); ++i) {
    fits = tensor.shape[i] > 0 && (info.shape[i] < 0 || info.shape[i] == tensor.shape[i]);
    count *= tensor.shape[i];
  }
  if (!fits || static_cast<std::size_t>(count) != tensor.values.size())
    throw Error(ErrorCode::invalid_value, "The model's \"" + info.name + "\" takes " +
                                              shape_text(info.shape) + ", not " + shape_text(tensor.shape) +
                                              " with " + std::to_string(tensor.values.size()) + " values");
}

}  // namespace

struct Session::State {
  explicit State(const Runtime& r)
      : runtime(r), session(r, Function::release_session), memory(r, Function::release_memory_info) {}

  void prepare(const std::string& bytes, int threads);
  Owned to_value(const Tensor& tensor) const;
  Tensor to_tensor(void* value) const;

  const Runtime& runtime;
  Owned session, memory;
  std::vector<TensorInfo> inputs, outputs;
  std::vector<const char*> input_names, output_names;
};

void Session::State::prepare(const std::string& bytes, int threads) {
  Owned options(runtime, Function::release_session_options);
  runtime.call(Function::create_session_options, options.out());
  runtime.call(Function::set_intra_op_threads, options.get(), threads);
  runtime.call(Function::set_inter_op_threads, options.get(), 1);
  // Waiting threads must not spin: this machine's two cores serve others meanwhile.
  runtime.call(Function::add_session_config_entry, options.get(), "session.intra_op.allow_spinning", "0");
  runtime.call(Function::add_session_config_entry, options.get(), "session.use_env_allocators", "1");
  runtime.call(Function::create_session_from_array, runtime.environment(),
               static_cast<const void*>(bytes.data()), bytes.size(), static_cast<const void*>(options.get()),
               session.out());
  runtime.call(Function::create_cpu_memory_info, onnx::kArenaAllocator, onnx::kDefaultMemory, memory.out());
  inputs = describe_all(runtime, session.get(), kInputs);
  outputs = describe_all(runtime, session.get(), kOutputs);
  for (const TensorInfo& info : inputs) input_names.push_back(info.name.c_str());
  for (const TensorInfo& info : outputs) output_names.push_back(info.name.c_str());
}

// The value looks at the tensor's own numbers, which ONNX Runtime only reads.
Owned Session::State::to_value(const Tensor& tensor) const {
  Owned value(runtime, Function::release_value);
  runtime.call(Function::create_tensor_with_data, static_cast<const void*>(memory.get()),
               static_cast<void*>(const_cast<float*>(tensor.values.data())),
               tensor.values.size() * sizeof(float), tensor.shape.data(), tensor.shape.size(), onnx::kFloat,
               value.out());
  return value;
}

Tensor Session::State::to_tensor(void* value) const {
  Owned info(runtime, Function::release_tensor_info);
  runtime.call(Function::tensor_info_of_value, static_cast<const void*>(value), info.out());
  Tensor tensor{shape_of(runtime, info.get()), {}};
  std::size_t count = 1;
  for (const std::int64_t side : tensor.shape) count *= static_cast<std::size_t>(side);
  void* data = nullptr;
  runtime.call(Function::tensor_data, value, &data);
  const float* values = static_cast<const float*>(data);
  tensor.values.assign(values, values + count);
  return tensor;
}

Session::Session(std::unique_ptr<State> state) : state_(std::move(state)) {}
Session::~Session() = default;

std::shared_ptr<const Session> Session::load(const ModelFile& model, int threads) {
  const std::string file = "models/" + model.file;
  std::string bytes;
  try {
    bytes = read_file(resource(file), kLargestModel);
  } catch (const Error& error) {
    throw Error(ErrorCode::unavailable, "The model is missing: " + std::string(error.what()), file,
                "Restore it from the program's package, or train it as training/README.md says");
  }
  if (to_hex(sha256(bytes)) != model.sha256)
    throw Error(ErrorCode::corrupted, "The model is not the one that its card describes", file,
                "Restore it from the program's package, or write its SHA-256 and numbers into the card");
  return of_bytes(bytes, file, threads);
}

std::shared_ptr<const Session> Session::of_bytes(const std::string& bytes, const std::string& name,
                                                 int threads) {
  auto state = std::make_unique<State>(Runtime::instance());
  try {
    state->prepare(bytes, threads);
  } catch (const Error& error) {
    throw Error(ErrorCode::invalid_structure, error.what(), name,
                error.advice().empty() ? "Export the model as ONNX again" : error.advice());
  }
  return std::shared_ptr<const Session>(new Session(std::move(state)));
}

std::span<const TensorInfo> Session::inputs() const {
  return state_->inputs;
}
std::span<const TensorInfo> Session::outputs() const {
  return state_->outputs;
}

std::vector<Tensor> Session::run(const std::vector<Tensor>& inputs) const {
  const State& state = *state_;
  if (inputs.size() != state.inputs.size())
    throw Error(ErrorCode::invalid_value, "The model takes " + std::to_string(state.inputs.size()) +
                                              " inputs, not " + std::to_string(inputs.size()));
  std::vector<Owned> values;
  std::vector<const void*> given;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    check_input(inputs[i], state.inputs[i]);
    values.push_back(state.to_value(inputs[i]));
    given.push_back(values.back().get());
  }
  std::vector<void*> results(state.outputs.size(), nullptr);
  state.runtime.call(Function::run, state.session.get(), static_cast<const void*>(nullptr),
                     state.input_names.data(), given.data(), given.size(), state.output_names.data(),
                     results.size(), results.data());
  std::vector<Owned> owned;
  for (void* result : results) *owned.emplace_back(state.runtime, Function::release_value).out() = result;
  std::vector<Tensor> outputs;
  outputs.reserve(owned.size());
  for (const Owned& value : owned) outputs.push_back(state.to_tensor(value.get()));
  return outputs;
}

}  // namespace meridian::engine
