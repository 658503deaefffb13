#include "engine/runner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "engine/consent.h"
#include "engine/draft.h"
#include "engine/node.h"
#include "engine/resources.h"

namespace meridian::engine {
namespace {

using testing::HasSubstr;

Node::Assistants one(Run run, const std::function<void(Json&)>& change = {}) {
  Node::Assistants assistants;
  assistants.push_back(scripted("sample", "ECG", std::move(run), change));
  return assistants;
}

Run says(Reading reading) {
  return [reading](const Input&) { return reading; };
}

const trust::Principal kEngineer{"u9", "Gao Lei", trust::Role::administrator, "Practitioner/gao",
                                 "Organization/h"};

class Runs : public testing::Test {
 protected:
  Json only_task(Node& node) {
    const auto tasks = node.find("Task");
    EXPECT_EQ(tasks.size(), 1u);
    return tasks.empty() ? Json() : tasks.front();
  }
  TemporaryFolder folder_;
};

TEST_F(Runs, ADraftIsPreliminaryWithItsEvidenceAndProvenance) {
  Node node(folder_.path(), one(says(fibrillation())));
  file_ecg(node);
  ASSERT_TRUE(node.runner.run_one());
  EXPECT_FALSE(node.runner.run_one());
  const auto reports = node.find("DiagnosticReport", {{"encounter", "Encounter/case1"}});
  ASSERT_EQ(reports.size(), 1u);
  const Json& report = reports.front();
  EXPECT_EQ(report.text("status"), "preliminary");
  EXPECT_EQ(report.text("subject.reference"), "Patient/p1");
  EXPECT_EQ(localized(report, "conclusion").zh, "【Atrial fibrillation】。");
  const Json observation = node.read(report.text("result.reference"));
  EXPECT_EQ(observation.text("status"), "preliminary");
  EXPECT_TRUE(observation.get("valueBoolean").as_bool());
  EXPECT_EQ(observation.get("component").size(), 3u);
  const Json device = node.read(observation.text("device.reference"));
  EXPECT_EQ(device.text("version.value"), "1.0.0");
  const Json reading = reading_of(node.read(evidence_reference(report)));
  EXPECT_EQ(reading.text("findings.code"), "http://snomed.info/sct|49436004");
  EXPECT_TRUE(reading.find("findings")->at(0).find("evidence")->contains("beats"));
  const auto provenance = node.find("Provenance", {{"target", "DiagnosticReport/" + report.text("id")}});
  ASSERT_EQ(provenance.size(), 1u);
  EXPECT_EQ(provenance.front().text("agent.who.reference"), observation.text("device.reference"));
  EXPECT_EQ(node.queue.waiting(std::string(kRunTopic)), 0);
  EXPECT_EQ(node.registry.to_json("sample").get("counts.drafted").as_int(), 1);
}

TEST_F(Runs, TheConclusionBeginsWithWhatIsUrgent) {
  Reading reading;
  reading.findings = {finding("1", "Rate", Urgency::none), finding("2", "No block", Urgency::none, false),
                      finding("3", "Infarction", Urgency::emergency)};
  Node node(folder_.path(), one(says(reading)));
  file_ecg(node);
  ASSERT_TRUE(node.runner.run_one());
  EXPECT_EQ(node.find("DiagnosticReport", {{"encounter", "Encounter/case1"}}).front().text("conclusion"),
            "Infarction. Rate.");
}

TEST_F(Runs, AnAssistantSeesTheRecordingAndItsSubject) {
  Input seen;
  Node node(folder_.path(), one([&](const Input& input) { return seen = input, fibrillation(); }));
  file_ecg(node);
  node.run_all();
  ASSERT_TRUE(seen.recording);
  EXPECT_EQ(seen.recording->leads.size(), 2u);
  EXPECT_DOUBLE_EQ(seen.recording->seconds(), 10);
  EXPECT_EQ(seen.subject.sex, "male");
  EXPECT_NEAR(seen.subject.age_years.value(), 69.7, 0.1);
  EXPECT_EQ(seen.image_facts.modality, "ECG");
}

TEST_F(Runs, ARefusalLeavesItsReason) {
  Node node(folder_.path(), one(says({Refusal{"too-short", {"Too short.", "过短。"}}, {}})));
  file_ecg(node);
  node.run_all();
  EXPECT_TRUE(node.find("DiagnosticReport").empty());
  const Json task = only_task(node);
  EXPECT_EQ(task.text("status"), "rejected");
  EXPECT_EQ(task.text("businessStatus.coding.code"), "refused");
  EXPECT_EQ(task.text("statusReason.coding.code"), "too-short");
  EXPECT_EQ(localized(task.get("statusReason"), "text").zh, "过短。");
  EXPECT_EQ(node.registry.to_json("sample").get("counts.refused").as_int(), 1);
}

TEST_F(Runs, OneThatIsOffLeavesTheReasonAndIsNotAsked) {
  bool asked = false;
  Node node(folder_.path(), one([&](const Input&) { return asked = true, fibrillation(); }));
  node.registry.set_state(node.record, kEngineer, "sample", false, "Too many false alarms");
  file_ecg(node);
  node.run_all();
  EXPECT_FALSE(asked);
  EXPECT_EQ(only_task(node).text("statusReason.text"), "Too many false alarms");
  EXPECT_EQ(only_task(node).text("businessStatus.coding.code"), "off");
}

TEST_F(Runs, OneThatItsCardKeepsOffIsNotMissed) {
  Node::Assistants assistants;
  assistants.push_back(scripted("sample", "ECG", says(fibrillation()), [](Json& card) {
    card["on_by_default"] = false;
    card["why_off"] = Json::object({{"en", "Not good enough"}, {"zh", "尚不够好"}});
  }));
  Node node(folder_.path(), std::move(assistants));
  file_ecg(node);
  node.run_all();
  EXPECT_TRUE(node.find("Task").empty());
  EXPECT_TRUE(node.find("DiagnosticReport").empty());
}

TEST_F(Runs, TurnedOnAgainItsDraftCompletesTheTask) {
  Node node(folder_.path(), one(says(fibrillation())));
  node.registry.set_state(node.record, kEngineer, "sample", false, "Maintenance");
  RunRequest request = file_ecg(node);
  node.run_all();
  node.registry.set_state(node.record, kEngineer, "sample", true, "");
  request.assistant = "sample";
  node.record.write(trust::Principal::system(),
                    [&](record::Writer& writer) { request_run(writer, request); });
  node.run_all();
  EXPECT_EQ(only_task(node).text("status"), "completed");
  EXPECT_EQ(node.find("DiagnosticReport").size(), 1u);
}

TEST_F(Runs, AMissingModelIsSaidAndTriedAgain) {
  Node node(folder_.path(),
            one(says(fibrillation()), [](Json& card) { card["models"] = sample_card()["models"]; }));
  file_ecg(node);
  ASSERT_TRUE(node.runner.run_one());
  EXPECT_EQ(only_task(node).text("status"), "failed");
  EXPECT_THAT(only_task(node).text("statusReason.text"), HasSubstr("absent.onnx"));
  EXPECT_EQ(node.queue.waiting(std::string(kRunTopic)), 1);
  EXPECT_FALSE(node.registry.to_json("sample").find("available")->as_bool());
}

TEST_F(Runs, ACrashOfTheAssistantIsSaidAndTriedAgain) {
  Node node(folder_.path(), one([](const Input&) -> Reading { throw std::runtime_error("segment lost"); }));
  file_ecg(node);
  node.run_all();
  EXPECT_THAT(only_task(node).text("statusReason.text"), HasSubstr("segment lost"));
  EXPECT_TRUE(node.find("DiagnosticReport").empty());
  EXPECT_EQ(node.queue.waiting(std::string(kRunTopic)), 1);
}

TEST_F(Runs, WhatAPatientDoesNotAllowIsNotReadUntilTheyDo) {
  int runs = 0;
  Node node(folder_.path(), one([&](const Input&) { return ++runs, fibrillation(); }));
  request_runs_on_write(node.record, node.registry);
  node.put(R"({"resourceType": "Patient", "id": "p1"})");
  node.put(consent_of_p1("2026-01-01", R"({"type": "deny"})"));
  file_ecg(node);
  node.run_all();
  EXPECT_EQ(runs, 0);
  const Json task = only_task(node);
  EXPECT_EQ(task.text("status"), "rejected");
  EXPECT_EQ(task.text("businessStatus.coding.code"), "withheld");
  EXPECT_THAT(task.text("statusReason.text"), HasSubstr("does not agree"));
  EXPECT_EQ(node.registry.to_json("sample").get("counts.refused").as_int(), 0);

  node.put(consent_of_p1("2026-02-01", R"({"type": "permit"})"));
  node.run_all();
  EXPECT_EQ(runs, 1);
  EXPECT_EQ(only_task(node).text("status"), "completed");
  EXPECT_EQ(node.find("DiagnosticReport").size(), 1u);
}

TEST_F(Runs, AConsentWithoutAPatientIsNobodys) {
  Node node(folder_.path(), one(says(fibrillation())));
  request_runs_on_write(node.record, node.registry);
  node.put(R"({"resourceType": "Patient", "id": "p1"})");
  node.put(consent_of_p1("2026-01-01", R"({"type": "deny"})"));
  file_ecg(node);
  node.run_all();
  Json nobodys = consent_of_p1("2026-02-01", R"({"type": "permit"})");
  nobodys.erase("patient");
  node.put(nobodys);
  EXPECT_EQ(node.queue.waiting(std::string(kRunTopic)), 0) << "nor is anybody's run asked for again";
  node.record.remove(trust::Principal::system(), "Consent", "c2026-02-01");
  EXPECT_EQ(node.queue.waiting(std::string(kRunTopic)), 0);
  EXPECT_EQ(only_task(node).text("businessStatus.coding.code"), "withheld");
  EXPECT_TRUE(consents_of(node.record, "").empty());

  Json refusal = consent_of_p1("2026-01-01", R"({"type": "deny"})");
  refusal.erase("patient");
  node.put(refusal);
  node.run_all();
  EXPECT_EQ(only_task(node).text("status"), "completed") << "the refusal is theirs no more";
}

TEST_F(Runs, ARefusalOfOneAssistantHoldsForItsLaterVersionsAndForNoOther) {
  const auto node_with = [&](const std::string& version) {
    Node::Assistants assistants = one(says(fibrillation()), [&](Json& card) { card["version"] = version; });
    assistants.push_back(scripted("other", "ECG", says(fibrillation())));
    return std::make_unique<Node>(folder_.path(), std::move(assistants));
  };
  auto node = node_with("1.0.0");
  file_ecg(*node);
  node->run_all();
  std::string device;
  for (const Json& one : node->find("Device"))
    if (one.text("identifier.value").starts_with("sample|")) device = "Device/" + one.text("id");
  node->put(consent_of_p1("2026-01-01",
                          R"({"type": "deny", "actor": [{"role": {"text": "assistant"},
                              "reference": {"reference": ")" +
                              device + R"("}}]})"));
  node = nullptr;
  node = node_with("1.1.0");
  file_ecg(*node, "1.2.3.5");
  node->run_all();
  EXPECT_EQ(node->registry.to_json("sample").get("counts.drafted").as_int(), 1) << "before the refusal";
  EXPECT_EQ(node->registry.to_json("other").get("counts.drafted").as_int(), 2);
}

// What is recorded while the reading runs is in the draft at last, and no older reading writes over it.
TEST_F(Runs, AFactThatComesDuringARunIsHeard) {
  Node* at = nullptr;
  std::vector<std::size_t> known;
  bool second_at_once = false;
  Node node(folder_.path(), one(
                                [&](const Input& input) {
                                  known.push_back(input.resources.size());
                                  if (known.size() == 1) {
                                    at->put(R"({"resourceType": "Observation", "id": "f", "status": "final",
                                        "code": {"coding": [{"system": "http://x", "code": "f"}]},
                                        "subject": {"reference": "Patient/p1"}})");
                                    second_at_once = at->queue.take(std::string(kRunTopic)).has_value();
                                  }
                                  return fibrillation();
                                },
                                [](Json& card) {
                                  card["inputs"]["resources"] = Json::array({"Observation?code=http://x|f"});
                                }));
  at = &node;
  request_runs_on_write(node.record, node.registry);
  file_ecg(node);
  node.run_all();
  EXPECT_EQ(known, (std::vector<std::size_t>{0, 1}));
  EXPECT_FALSE(second_at_once) << "one after the other";
  EXPECT_EQ(node.find("DiagnosticReport").size(), 1u);
}

TEST_F(Runs, OfAnAssistantThatIsNoLongerInstalledIsTriedLater) {
  Node node(folder_.path(), one(says(fibrillation())));
  node.record.write(trust::Principal::system(), [&](record::Writer& writer) {
    request_run(writer, {"gone", "1.2.3.4", {}, "Patient/p1", {}, {}});
  });
  EXPECT_TRUE(node.runner.run_one());
  EXPECT_FALSE(node.runner.run_one()) << "not at once";
  EXPECT_EQ(node.queue.waiting(std::string(kRunTopic)), 1);
}

TEST_F(Runs, TheSameRunTwiceIsOneDraft) {
  Node node(folder_.path(), one(says(fibrillation())));
  RunRequest request = file_ecg(node);
  node.run_all();
  request.assistant = "sample";
  node.record.write(trust::Principal::system(),
                    [&](record::Writer& writer) { request_run(writer, request); });
  node.run_all();
  EXPECT_EQ(node.find("DiagnosticReport").size(), 1u);
  EXPECT_EQ(node.find("Observation").size(), 1u);
  EXPECT_EQ(node.registry.to_json("sample").get("counts.drafted").as_int(), 1);
}

TEST_F(Runs, WorkersTakeWhatArrives) {
  std::atomic<int> runs{0};
  Node node(folder_.path(), one([&](const Input&) { return ++runs, runs.notify_all(), fibrillation(); }));
  node.runner.start();
  file_ecg(node);
  runs.wait(0);
  node.runner.stop();
  EXPECT_EQ(node.find("DiagnosticReport").size(), 1u);
}

// Where the process is killed: while the assistant works, within the transaction that writes the draft, and
// once that is durable.
enum class Moment { running, writing, written };

class Killed : public Runs, public testing::WithParamInterface<Moment> {};

void die_while_drafting(const std::filesystem::path& folder, Moment moment) {
  Node node(folder, one([moment](const Input&) {
              if (moment == Moment::running) raise(SIGKILL);
              return fibrillation();
            }));
  node.runner.on_result([moment](record::Writer& writer, const RunResult&) {
    if (moment == Moment::writing) raise(SIGKILL);
    writer.transaction().after_commit([] { raise(SIGKILL); });
  });
  file_ecg(node);
  node.run_all();
  _exit(0);
}

TEST_P(Killed, LosesAndDoublesNothing) {
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) die_while_drafting(folder_.path(), GetParam());
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);

  Node node(folder_.path(), one(says(fibrillation())));
  EXPECT_EQ(node.find("DiagnosticReport").size(), GetParam() == Moment::written ? 1u : 0u);
  EXPECT_EQ(node.runner.run_one(), GetParam() != Moment::written);
  EXPECT_FALSE(node.runner.run_one());
  EXPECT_EQ(node.find("DiagnosticReport").size(), 1u);
  EXPECT_EQ(node.find("Observation").size(), 1u);
  EXPECT_EQ(node.find("Provenance").size(), 1u);
  EXPECT_EQ(node.registry.to_json("sample").get("counts.drafted").as_int(), 1);
  EXPECT_TRUE(node.ledger.verify().intact);
}

INSTANTIATE_TEST_SUITE_P(Runs, Killed, testing::Values(Moment::running, Moment::writing, Moment::written));

}  // namespace
}  // namespace meridian::engine
