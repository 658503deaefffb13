// The rooms below the engine over a folder of their own, with assistants that say what a test has them say.
#pragma once
#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <filesystem>
#include <functional>
#include <memory>

#include "archive/archive.h"
#include "archive/compose.h"
#include "archive/waveform/dicom_ecg_writer.h"
#include "base/error_of.h"
#include "base/id.h"
#include "base/log.h"
#include "base/temporary_folder.h"
#include "engine/evidence.h"
#include "engine/registry.h"
#include "engine/runner.h"
#include "engine/sample_card.h"
#include "record/record.h"
#include "storage/blob_store.h"
#include "storage/queue.h"
#include "storage/test_database.h"
#include "trust/access.h"
#include "trust/ledger.h"

namespace meridian::engine {

using Run = std::function<Reading(const Input&)>;

class ScriptedAssistant : public Assistant {
 public:
  ScriptedAssistant(Card card, Run run) : card_(std::move(card)), run_(std::move(run)) {}
  const Card& card() const override { return card_; }
  Reading run(const Input& input) const override { return run_(input); }

 private:
  Card card_;
  Run run_;
};

inline Finding finding(const std::string& code, const std::string& sentence, Urgency urgency,
                       bool positive = true) {
  Finding found;
  found.code = {"http://snomed.info/sct", code, sentence};
  found.text = {sentence + ".", "【" + sentence + "】。"};
  found.probability = positive ? 0.91 : 0.04;
  found.threshold = 0.62;
  found.positive = positive;
  found.urgency = urgency;
  found.measurements = {{{"http://loinc.org", "8867-4", "Heart rate"}, "心率", 92, "/min", "92 bpm"}};
  const Json rule = evidence_rule({"mean heart rate above", "平均心率高于"}, 92, 90);
  found.evidence = Json::object({{"beats", Json::array()}, {"rules", Json::array({rule})}});
  return found;
}

inline Reading fibrillation() {
  return {{}, {finding("49436004", "Atrial fibrillation", Urgency::today)}};
}

inline std::unique_ptr<Assistant> scripted(const std::string& id, const std::string& modality, Run run,
                                           const std::function<void(Json&)>& change = {}) {
  Json card = sample_card(id, modality);
  card.erase("models");
  if (change) change(card);
  return std::make_unique<ScriptedAssistant>(Card::parse(card), std::move(run));
}

// Ten seconds of two leads at 500 Hz, with a deflection each second; study: empty: of its own.
inline std::string ecg_file(const std::string& patient_id, const std::string& uid,
                            const std::string& born = "19570304", const std::string& sex = "M",
                            const std::string& study = {}) {
  signal::Recording recording;
  recording.sampling_frequency = 500;
  for (const char* name : {"I", "II"}) {
    signal::Lead lead{name, std::vector<float>(5000)};
    for (std::size_t i = 250; i < lead.samples.size(); i += 500) lead.samples[i] = 1.0F;
    recording.leads.push_back(std::move(lead));
  }
  archive::EcgFacts facts;
  facts.patient_id = patient_id;
  facts.patient_name = "Wang^Jianguo=王^建国";
  facts.patient_birth_date = born;
  facts.patient_sex = sex;
  facts.study_instance_uid = study.empty() ? uid + ".1" : study;
  facts.series_instance_uid = uid + ".2";
  facts.sop_instance_uid = uid;
  facts.recorded = parse_instant("2026-11-24T08:30:00Z");
  return archive::compose_ecg(recording, facts);
}

inline std::string film_file(const std::string& patient_id, const std::string& uid) {
  vision::GreyImage image{64, 64, std::vector<float>(64 * 64, 0.5F), {}};
  archive::FilmFacts facts;
  facts.patient_id = patient_id;
  facts.patient_name = "Wang^Jianguo=王^建国";
  facts.birth_date = "19570304";
  facts.sex = "M";
  facts.study_uid = uid + ".1";
  facts.series_uid = uid + ".2";
  facts.instance_uid = uid;
  facts.taken = parse_instant("2026-11-24T08:40:00Z");
  return archive::compose_film(image, facts);
}

struct Node {
  using Assistants = std::vector<std::unique_ptr<Assistant>>;

  Node(const std::filesystem::path& folder, Assistants assistants, std::vector<storage::Migration> more = {})
      : database(open(folder, more)),
        blobs(storage::open_blob_folder(folder / "blobs")),
        queue(*database, [this] { return now() + std::chrono::seconds(seconds_ahead); }),
        ledger(*database, {.signing_key_file = (folder / "ledger.key").string()}),
        record(*database, ledger, queue),
        archive(*database, *blobs),
        registry(*database, std::move(assistants)),
        runner(record, queue, registry, archive) {}

  static std::unique_ptr<storage::Database> open(const std::filesystem::path& folder,
                                                 const std::vector<storage::Migration>& more) {
    set_log_level(LogLevel::off);
    std::filesystem::create_directories(folder / "blobs");
    auto database =
        storage::open_database(storage::test_database({.path = folder / "node.db", .synchronous = false}));
    std::vector<storage::Migration> all;
    const auto add = [&](const auto& migrations) {
      all.insert(all.end(), migrations.begin(), migrations.end());
    };
    add(storage::Queue::migrations());
    add(trust::Ledger::migrations());
    add(trust::access_migrations());
    add(archive::Archive::migrations());
    add(record::Record::migrations());
    add(Registry::migrations());
    add(more);
    database->migrate(all);
    return database;
  }

  std::vector<Json> find(const std::string& type, const record::Parameters& parameters = {}) {
    return record.find(trust::Principal::system(), type, parameters);
  }
  Json read(const std::string& reference) {
    const auto slash = reference.find('/');
    return Json::parse(
        record.read(trust::Principal::system(), reference.substr(0, slash), reference.substr(slash + 1))
            .body);
  }
  void put(const Json& resource) { record.update(trust::Principal::system(), resource); }
  void put(const char* resource) { put(Json::parse(resource)); }
  void run_all() {
    while (runner.run_one()) {
    }
  }

  std::unique_ptr<storage::Database> database;
  std::unique_ptr<storage::BlobStore> blobs;
  std::atomic<int> seconds_ahead{0};  // of the time, for the queue
  storage::Queue queue;
  trust::Ledger ledger;
  record::Record record;
  archive::Archive archive;
  Registry registry;
  Runner runner;
};

inline Json consent_of_p1(const std::string& date_time, const std::string& provision) {
  return Json::parse(R"({"resourceType": "Consent", "id": "c)" + date_time + R"(", "status": "active",
      "scope": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/consentscope",
                            "code": "patient-privacy"}]},
      "category": [{"coding": [{"system": "http://loinc.org", "code": "59284-0"}]}],
      "patient": {"reference": "Patient/p1"}, "dateTime": ")" +
                     date_time + R"(",
      "policyRule": {"text": "Reading by assistants"}, "provision": )" +
                     provision + "}");
}

// A patient with an open case, and an ECG of theirs in the archive for which the matching assistants are
// asked.
inline RunRequest file_ecg(Node& node, const std::string& uid = "1.2.3.4") {
  node.put(R"({"resourceType": "Patient", "id": "p1", "gender": "male", "birthDate": "1957-03-04"})");
  node.put(R"({"resourceType": "Encounter", "id": "case1", "status": "in-progress",
               "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB"},
               "subject": {"reference": "Patient/p1"}})");
  const archive::Received received = node.archive.receive(ecg_file("P-1", uid));
  RunRequest request{{}, uid, {}, "Patient/p1", "Encounter/case1", {}};
  node.record.write(trust::Principal::system(), [&](record::Writer& writer) {
    node.archive.file(writer.transaction(), received);
    request_matching_runs(writer, node.registry, received.facts, request);
  });
  return request;
}

}  // namespace meridian::engine
