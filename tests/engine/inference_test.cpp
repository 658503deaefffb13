#include <gtest/gtest.h>

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "base/encoding.h"
#include "base/error.h"
#include "base/resource.h"
#include "engine/inference/runtime.h"
#include "engine/inference/session.h"

namespace meridian::engine {
namespace {

// Two ONNX models of a few nodes, made by hand: y = 2 x + 1 for x of [-1, 3]; and one whose input is int64.
const std::string kLine = from_base64(
    "CAcSADptCg4KAXgKAWESAXoiA011bAoOCgF6CgFiEgF5IgNBZGQSAWcqDQgBEAEiBAAAAEBCAWEqDQgBEAEiBAAAgD9CAWJa"
    "FAoBeBIPCg0IARIJCgMSAW4KAggDYhQKAXkSDwoNCAESCQoDEgFuCgIIA0IECgAQDQ==");
const std::string kWholeNumbers = from_base64(
    "CAcSADpnCg4KAXgKAWESAXoiA011bAoOCgF6CgFiEgF5IgNBZGQSAWcqCggBEAc6AQJCAWEqCggBEAc6AQFCAWJaFAoBeBIP"
    "Cg0IBxIJCgMSAW4KAggDYhQKAXkSDwoNCAcSCQoDEgFuCgIIA0IECgAQDQ==");

bool installed() {
  try {
    Runtime::instance();
    return true;
  } catch (const Error&) {
    return false;
  }
}

#define NEEDS_ONNXRUNTIME() \
  if (!installed()) GTEST_SKIP() << "ONNX Runtime is not installed (npm ci --ignore-scripts)"

template <typename Action>
Error error_of(Action action) {
  try {
    action();
  } catch (const Error& error) {
    return error;
  }
  return Error(ErrorCode::internal, "nothing was thrown");
}

TEST(Inference, RunsAModel) {
  NEEDS_ONNXRUNTIME();
  const auto session = Session::of_bytes(kLine, "line");
  ASSERT_EQ(session->inputs().size(), 1u);
  EXPECT_EQ(session->inputs()[0].name, "x");
  EXPECT_EQ(session->inputs()[0].shape, (std::vector<std::int64_t>{-1, 3}));
  const std::vector<Tensor> outputs = session->run({{{2, 3}, {0, 1, 2, 3, 4, 5}}});
  ASSERT_EQ(outputs.size(), 1u);
  EXPECT_EQ(outputs[0].shape, (std::vector<std::int64_t>{2, 3}));
  EXPECT_EQ(outputs[0].values, (std::vector<float>{1, 3, 5, 7, 9, 11}));
}

TEST(Inference, ServesManyThreads) {
  NEEDS_ONNXRUNTIME();
  const auto session = Session::of_bytes(kLine, "line");
  std::vector<std::thread> threads;
  std::vector<int> right(4, 0);
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&, i] {
      const float x = static_cast<float>(i);
      for (int run = 0; run < 50; ++run)
        right[i] += session->run({{{1, 3}, {x, x, x}}})[0].values == std::vector<float>(3, 2 * x + 1);
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, std::vector<int>(4, 50));
}

TEST(Inference, RefusesInputsThatDoNotFit) {
  NEEDS_ONNXRUNTIME();
  const auto session = Session::of_bytes(kLine, "line");
  const std::vector<std::vector<Tensor>> wrong{{},
                                               {{{1, 3}, {1, 2, 3}}, {{1, 3}, {1, 2, 3}}},
                                               {{{1, 4}, {1, 2, 3, 4}}},
                                               {{{3}, {1, 2, 3}}},
                                               {{{1, 3}, {1, 2}}},
                                               {{{0, 3}, {}}},
                                               {{{-1, 3}, {1, 2, 3}}}};
  for (const std::vector<Tensor>& inputs : wrong)
    EXPECT_EQ(error_of([&] { session->run(inputs); }).code(), ErrorCode::invalid_value);
}

TEST(Inference, RefusesWhatIsNoModel) {
  NEEDS_ONNXRUNTIME();
  for (const std::string& bytes :
       {std::string(), std::string("no model"), kLine.substr(0, kLine.size() / 2)}) {
    const Error error = error_of([&] { Session::of_bytes(bytes, "broken"); });
    EXPECT_EQ(error.code(), ErrorCode::invalid_structure) << bytes.size();
    EXPECT_EQ(error.where(), "broken");
  }
}

TEST(Inference, RefusesModelsOfOtherNumbers) {
  NEEDS_ONNXRUNTIME();
  EXPECT_EQ(error_of([] { Session::of_bytes(kWholeNumbers, "whole"); }).code(), ErrorCode::invalid_structure);
}

TEST(Inference, SaysWhichModelIsMissing) {
  const Error error = error_of([] { Session::load({"nowhere.onnx", std::string(64, '0')}); });
  EXPECT_EQ(error.code(), ErrorCode::unavailable);
  EXPECT_EQ(error.where(), "models/nowhere.onnx");
  EXPECT_FALSE(error.advice().empty());
}

// The folder of models is found below $MERIDIAN_HOME.
class InferenceHome : public testing::Test {
 protected:
  void SetUp() override {
    home_ = std::filesystem::path(testing::TempDir()) / ("meridian-home-" + std::to_string(::getpid()));
    std::filesystem::create_directories(home_ / "models");
    std::ofstream(home_ / "models" / "line.onnx", std::ios::binary) << kLine;
    setenv("MERIDIAN_HOME", home_.c_str(), 1);
  }
  void TearDown() override {
    unsetenv("MERIDIAN_HOME");
    std::filesystem::remove_all(home_);
  }
  std::filesystem::path home_;
};

TEST_F(InferenceHome, ChecksTheModelsDigest) {
  NEEDS_ONNXRUNTIME();
  EXPECT_EQ(Session::load({"line.onnx", to_hex(sha256(kLine))})->outputs()[0].name, "y");
  const Error error = error_of([] { Session::load({"line.onnx", std::string(64, '0')}); });
  EXPECT_EQ(error.code(), ErrorCode::corrupted);
}

TEST(Runtime, SaysWhatToDoWithoutTheLibrary) {
  const Error missing = error_of([] { Runtime("/nowhere/libonnxruntime.so"); });
  EXPECT_EQ(missing.code(), ErrorCode::unavailable);
  EXPECT_NE(missing.advice().find("npm ci"), std::string::npos);
  EXPECT_EQ(error_of([] { Runtime("libm.so.6"); }).code(), ErrorCode::unavailable);
}

}  // namespace
}  // namespace meridian::engine
