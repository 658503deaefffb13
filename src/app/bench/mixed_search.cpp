#include "app/bench/mixed_search.h"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <mutex>

namespace meridian::app {
namespace {

using Clock = std::chrono::steady_clock;
using record::Parameters;

constexpr unsigned kClients = 16;
constexpr std::size_t kNames = 500;  // patients whose names are looked for
constexpr const char* kLoinc = "http://loinc.org|";
constexpr const char* kUcum = "http://unitsofmeasure.org";
constexpr std::array kVitalSigns{"8302-2", "29463-7", "39156-5", "85354-9", "8867-4", "9279-1"};

struct Search {
  std::string type;
  Parameters parameters;
};

// What the searches look for.
struct Sample {
  std::vector<std::string> patients, families;
  const std::string& patient(std::mt19937_64& random) const { return patients[random() % patients.size()]; }
  const std::string& family(std::mt19937_64& random) const { return families[random() % families.size()]; }
};

std::string vital_sign(std::mt19937_64& random) {
  return kLoinc + std::string(kVitalSigns[random() % kVitalSigns.size()]);
}

std::string day_of(std::mt19937_64& random) {
  return fmt::format("{}-{:02}-{:02}", 2008 + random() % 12, 1 + random() % 12, 1 + random() % 28);
}

struct Kind {
  const char* name;
  Search (*make)(const Sample& sample, std::mt19937_64& random);
};

constexpr std::array kKinds{
    Kind{"string",
         [](const Sample& sample, std::mt19937_64& random) {
           return Search{"Patient", {{"family", sample.family(random)}, {"_count", "20"}}};
         }},
    Kind{"token",
         [](const Sample&, std::mt19937_64& random) {
           return Search{"Observation", {{"code", vital_sign(random)}, {"_count", "20"}}};
         }},
    Kind{"date",
         [](const Sample&, std::mt19937_64& random) {
           return Search{"Encounter", {{"date", day_of(random)}, {"_count", "20"}}};
         }},
    Kind{"quantity",
         [](const Sample&, std::mt19937_64& random) {
           const std::string value = std::to_string(150 + random() % 40);
           return Search{"Observation", {{"value-quantity", value + "|" + kUcum + "|cm"}, {"_count", "20"}}};
         }},
    Kind{"composite",
         [](const Sample&, std::mt19937_64& random) {
           const std::string value = "gt" + std::to_string(100 + random() % 40);
           return Search{
               "Observation",
               {{"code-value-quantity", std::string(kLoinc) + "29463-7$" + value + "|" + kUcum + "|kg"},
                {"_count", "20"}}};
         }},
    Kind{"reference",
         [](const Sample& sample, std::mt19937_64& random) {
           return Search{"Condition", {{"subject", "Patient/" + sample.patient(random)}, {"_count", "20"}}};
         }},
    Kind{"chain",
         [](const Sample& sample, std::mt19937_64& random) {
           return Search{"Observation",
                         {{"subject:Patient.family", sample.family(random)},
                          {"code", vital_sign(random)},
                          {"_count", "20"}}};
         }},
    Kind{"_has",
         [](const Sample& sample, std::mt19937_64& random) {
           return Search{"Patient",
                         {{"family", sample.family(random)},
                          {"_has:Observation:patient:code", vital_sign(random)},
                          {"_count", "20"}}};
         }},
    Kind{"_include",
         [](const Sample& sample, std::mt19937_64& random) {
           return Search{"MedicationRequest",
                         {{"patient", sample.patient(random)},
                          {"_include", "MedicationRequest:encounter"},
                          {"_count", "20"}}};
         }},
};

Sample sample_of(RecordUnderTest& node, const std::vector<std::string>& patients) {
  Sample sample{patients, {}};
  const std::size_t step = std::max<std::size_t>(1, patients.size() / kNames);
  for (std::size_t i = 0; i < patients.size(); i += step) {
    const Json patient = Json::parse(node.record.read(node.reader, "Patient", patients[i]).body);
    if (const std::string family = patient.text("name.family"); !family.empty())
      sample.families.push_back(family);
  }
  return sample;
}

}  // namespace

void measure_mixed_search(RecordUnderTest& node, const std::vector<std::string>& patients, double seconds,
                          Figures& figures) {
  const Sample sample = sample_of(node, patients);
  std::mutex mutex;
  std::array<std::vector<double>, kKinds.size()> by_kind;
  const Load load = run_for(seconds, kClients, [&](std::mt19937_64& random) {
    const std::size_t kind = random() % kKinds.size();
    const Search search = kKinds[kind].make(sample, random);
    const auto begun = Clock::now();
    node.record.search(node.reader, search.type, search.parameters);
    const double took = std::chrono::duration<double>(Clock::now() - begun).count();
    const std::lock_guard lock(mutex);
    by_kind[kind].push_back(took);
  });
  figures.add("mixed searches, " + std::to_string(kClients) + " clients", load.rate(), "1/s");
  figures.add("mixed search, processor time",
              load.processor_seconds / static_cast<double>(load.latencies.size()) * 1e6, "us");
  figures.add_latency("mixed search", load.latencies);
  for (std::size_t kind = 0; kind < kKinds.size(); ++kind)
    figures.add_latency(std::string("search by ") + kKinds[kind].name, by_kind[kind]);
}

}  // namespace meridian::app
