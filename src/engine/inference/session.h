// A model that is ready to run.
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/card.h"

namespace meridian::engine {

struct Tensor {
  std::vector<std::int64_t> shape;
  std::vector<float> values;  // in row-major order
};

// One input or output of a model. A dimension of -1 may have any size.
struct TensorInfo {
  std::string name;
  std::vector<std::int64_t> shape;
};

class Session {
 public:
  // Reads models/FILE of the card, checks its digest and prepares it. Throws unavailable when the file or
  // ONNX Runtime is missing, corrupted when the digest is another one, invalid_structure when it is not a
  // model whose inputs and outputs are all float32 tensors. threads: of one run; callers that run beside each
  // other add theirs.
  static std::shared_ptr<const Session> load(const ModelFile& model, int threads = 1);
  // As above, from bytes.
  static std::shared_ptr<const Session> of_bytes(const std::string& bytes, const std::string& name,
                                                 int threads = 1);
  ~Session();

  std::span<const TensorInfo> inputs() const;
  std::span<const TensorInfo> outputs() const;
  // The outputs in their order, from the inputs in theirs. Safe from several threads. Throws invalid_value
  // when the number, a shape or the count of values of an input is not what the model takes; internal when it
  // fails.
  std::vector<Tensor> run(const std::vector<Tensor>& inputs) const;

 private:
  struct State;
  explicit Session(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace meridian::engine
