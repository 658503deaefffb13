// Long readings: told as they go, and taken up where they were.
#include "engine/run_progress.h"

#include <gtest/gtest.h>

#include "engine/node.h"

namespace meridian::engine {
namespace {

Node::Assistants one(Run run) {
  Node::Assistants assistants;
  assistants.push_back(scripted("sample", "ECG", std::move(run)));
  return assistants;
}

class LongRuns : public testing::Test {
 protected:
  std::vector<RunProgress> under_way(Node& node) {
    return node.database->read(
        [](storage::Connection& connection) { return runs_under_way(connection, "Patient/p1"); });
  }
  TemporaryFolder folder_;
};

TEST_F(LongRuns, AreTakenUpAfterAStop) {
  std::vector<std::string> found;
  Runner* runner = nullptr;
  std::thread stopper;
  Node node(folder_.path(), one([&](const Input& input) {
              found.push_back(input.long_run->kept());
              if (found.size() > 1) return fibrillation();
              input.long_run->keep("half", 5, 10);
              // The program is told to stop while the reading goes on.
              stopper = std::thread([&] { runner->stop(); });
              for (;;) input.long_run->keep("half", 5, 10);
            }));
  runner = &node.runner;
  file_ecg(node);
  node.runner.run_one();
  stopper.join();
  ASSERT_EQ(found.size(), 1u);
  const auto runs = under_way(node);
  ASSERT_EQ(runs.size(), 1u);
  EXPECT_EQ(runs[0].assistant, "sample");
  EXPECT_EQ(runs[0].done, 5);
  EXPECT_EQ(runs[0].of, 10);
  EXPECT_EQ(node.queue.waiting(std::string(kRunTopic)), 1);  // given back, not failed
  EXPECT_TRUE(node.find("DiagnosticReport").empty());

  Runner again(node.record, node.queue, node.registry, node.archive);
  EXPECT_TRUE(again.run_one());
  EXPECT_EQ(found.back(), "half");
  EXPECT_EQ(node.find("DiagnosticReport").size(), 1u);
  EXPECT_TRUE(under_way(node).empty());
}

TEST_F(LongRuns, WhoseJobIsAnothersWriteNothing) {
  Node node(folder_.path(), one([&](const Input& input) {
              input.long_run->keep("mine", 1, 2);
              return fibrillation();
            }));
  file_ecg(node);
  const auto job = node.queue.take(std::string(kRunTopic), std::chrono::seconds(0));
  ASSERT_TRUE(job);
  const auto other = node.queue.take(std::string(kRunTopic), std::chrono::minutes(5));
  ASSERT_TRUE(other);
  const RunRequest request = RunRequest::from_json(job->payload);
  const std::atomic<bool> stopping{false};
  KeptRun lost(*node.database, node.queue, *job, request, node.registry.get("sample").card(),
               std::chrono::minutes(5), stopping);
  EXPECT_EQ(code_of([&] { lost.keep("late", 1, 2); }), ErrorCode::conflict);
  EXPECT_TRUE(under_way(node).empty());
}

class KeptRuns : public LongRuns {
 protected:
  KeptRuns() : request_(file_ecg(node_)) { request_.assistant = "sample"; }
  storage::Job take() { return queue_.take(topic_, lease_).value(); }
  KeptRun run(const storage::Job& job) {
    return {*node_.database, queue_, job, request_, node_.registry.get("sample").card(), lease_, stopping_};
  }
  const std::string topic_{kRunTopic};
  const std::chrono::minutes lease_{5};
  const std::atomic<bool> stopping_{false};
  std::chrono::minutes ahead_{0};
  Node node_{folder_.path(), one([](const Input&) { return fibrillation(); })};
  storage::Queue queue_{*node_.database, [this] { return now() + ahead_; }};
  RunRequest request_;  // of the job
};

TEST_F(KeptRuns, KeepTheirJobHoweverLongAPartTakes) {
  const storage::Job job = take();
  KeptRun kept = run(job);
  for (int minute = 0; minute < 20; ++minute) {
    ahead_ += std::chrono::minutes(1);
    kept.alive();
    EXPECT_FALSE(queue_.take(topic_)) << minute;
  }
  ahead_ += lease_ + std::chrono::minutes(1);
  EXPECT_TRUE(queue_.take(topic_)) << "it is dead";
  EXPECT_EQ(code_of([&] { kept.alive(); }), ErrorCode::conflict);
}

// Else what kills the program each time before it has kept anything would kill it for ever.
TEST_F(KeptRuns, ThatOnlyLiveForgiveNoDeaths) {
  for (int death = 0; death < 5; ++death) {
    const storage::Job job = take();
    KeptRun kept = run(job);
    ahead_ += std::chrono::minutes(2);
    kept.alive();
    ahead_ += lease_ + std::chrono::minutes(1);
  }
  EXPECT_FALSE(queue_.take(topic_));
  EXPECT_EQ(queue_.parked().size(), 1u);
}

TEST_F(KeptRuns, ThatAreGivenUpAreNotShown) {
  const storage::Job job = take();
  run(job).keep("half", 5, 10);
  EXPECT_EQ(under_way(node_).size(), 1u);
  queue_.fail(job, "no", 1);
  EXPECT_TRUE(under_way(node_).empty());
  node_.database->write([&](storage::Transaction& transaction) { queue_.retry(transaction, job.number); });
  EXPECT_EQ(under_way(node_).size(), 1u) << "it is taken up again";
}

}  // namespace
}  // namespace meridian::engine
