#include "app/bench/match_bench.h"

#include <algorithm>
#include <fstream>
#include <random>
#include <set>

#include "app/bench/record_under_test.h"
#include "app/bench/synthea_copies.h"
#include "base/error.h"
#include "base/file.h"
#include "record/operations/patient_likeness.h"
#include "vision/metrics.h"
#include "vision/split.h"

namespace meridian::app {
namespace {

constexpr const char* kSet = "synthea";
constexpr std::uint64_t kSeed = 20261128;
constexpr int kDescriptions = 10;  // of each person of the test part

// Shares of the second records in which something is otherwise: assumed, as no population's are to be had.
constexpr double kMistyped = 0.08;       // a letter of the family name, and of the given name
constexpr double kInitial = 0.05;        // of the given name only its first letter
constexpr double kExchanged = 0.03;      // given and family name
constexpr double kOtherBirthDay = 0.03;  // day and month exchanged, or the day before
constexpr double kOtherSex = 0.01;
constexpr double kMoved = 0.2, kOtherNumber = 0.3;
constexpr double kOtherIdentifiers = 0.5;  // those of another house
constexpr double kUnsaid = 0.05;           // birthday, contact and address, each

// Whoever dies in Synthea is made anew with another name, but with the same birthday, sex and town: of those
// the first alone.
std::vector<Json> patients(const BenchOptions& options) {
  std::vector<Json> found;
  std::set<std::string> seen;
  for (const auto& file : synthea_bundles(options.data)) {
    const Json bundle = Json::parse(read_file(file));
    for (const Json& entry : bundle.get("entry").items()) {
      const Json* patient = entry.find("resource");
      if (!patient || patient->text("resourceType") != "Patient") continue;
      const std::string born = patient->text("birthDate") + "|" + patient->text("gender") + "|" +
                               patient->text("address.postalCode");
      if (seen.insert(born).second) found.push_back(*patient);
    }
  }
  return found;
}

// Another record of the same person.
class SecondRecord {
 public:
  SecondRecord(const Json& patient, const std::vector<Json>& others, std::mt19937_64& random)
      : patient_(patient), others_(others), random_(random) {}

  Json make() {
    if (happens(kOtherIdentifiers)) patient_.erase("identifier");
    for (const char* member : {"birthDate", "telecom", "address"})
      if (happens(kUnsaid)) patient_.erase(member);
    change_name(patient_["name"].items().front());
    if (Json* born = patient_.find("birthDate"); born && happens(kOtherBirthDay))
      *born = other_day(born->as_string());
    if (happens(kOtherSex)) patient_["gender"] = patient_.text("gender") == "male" ? "female" : "male";
    if (Json* home = patient_.find("address"); home && happens(kMoved))
      if (const Json* other = others_[random_() % others_.size()].find("address")) *home = *other;
    if (Json* contact = patient_.find("telecom"); contact && happens(kOtherNumber))
      *contact = Json::array({Json::object(
          {{"system", "phone"}, {"value", "555-" + std::to_string(1'000'000 + random_() % 9'000'000)}})});
    return std::move(patient_);
  }

 private:
  bool happens(double share) { return std::uniform_real_distribution<double>()(random_) < share; }

  std::string mistyped(std::string text) {
    if (text.empty()) return text;
    text[random_() % text.size()] = static_cast<char>('a' + random_() % 26);
    return text;
  }

  void change_name(Json& name) {
    std::string family = name.text("family"), given = name.text("given");
    if (Json* list = name.find("given"); list && !list->empty()) given = list->at(0).as_string();
    if (happens(kMistyped)) family = mistyped(family);
    if (happens(kMistyped)) given = mistyped(given);
    if (happens(kInitial)) given = given.substr(0, 1);
    if (happens(kExchanged)) std::swap(family, given);
    name = Json::object({{"family", family}, {"given", Json::array({given})}});
    patient_["name"].items().resize(1);
  }

  // "1980-05-12"
  std::string other_day(const std::string& day) {
    constexpr std::size_t kMonth = 5, kDay = 8, kTwo = 2;
    const std::string of_month = day.substr(kDay, kTwo);
    if (of_month <= "12") return day.substr(0, kMonth) + of_month + "-" + day.substr(kMonth, kTwo);
    return day.substr(0, kDay) + std::to_string(std::stoi(of_month) - 1);
  }

  Json patient_;
  const std::vector<Json>& others_;
  std::mt19937_64& random_;
};

void write_pairs(const BenchOptions& options, const std::vector<Json>& seconds,
                 const std::vector<Json>& known) {
  std::filesystem::create_directories(options.features);
  std::ofstream file(options.features / "patient_match_pairs.csv");
  const char* comma = "";
  for (const record::FieldAgreement& one : record::agreements_of(seconds.at(0), known.at(0))) {
    file << comma << one.field;
    comma = ",";
  }
  file << "\n";
  for (const Json& second : seconds)
    for (const Json& other : known) {
      comma = "";
      for (const record::FieldAgreement& one : record::agreements_of(second, other)) {
        file << comma << (one.agree ? (*one.agree ? "1" : "0") : "");
        comma = ",";
      }
      file << "\n";
    }
  if (!file.flush())
    throw Error(ErrorCode::storage_full, "The table of pairs could not be written",
                options.features.string());
}

// Rights and wrongs, by the person who was described.
struct Tally {
  std::vector<double> values;
  std::vector<std::string> people;

  void add(const std::string& person, bool right) {
    values.push_back(right ? 1 : 0);
    people.push_back(person);
  }
  void print(const std::string& what, Figures& figures) const {
    if (!values.empty())
      figures.add_measured("$match, " + what, vision::grouped_mean(values, people), values.size());
  }
};

// Of the answers of at least a grade: whether each is the person, and whether the person is among them.
struct Answers {
  Tally right, found;

  void add(const std::string& person, bool is_there, const std::vector<std::string>& answered) {
    for (const std::string& one : answered) right.add(person, one == person);
    if (is_there) found.add(person, std::ranges::find(answered, person) != answered.end());
  }
  void print(const std::string& grade, Figures& figures) const {
    found.print("sensitivity at " + grade, figures);
    right.print("precision at " + grade, figures);
  }
};

void ask(record::Record& record, const Json& described, bool is_there, Answers& certain, Answers& probable) {
  const Json answer =
      Json::parse(record.operate(trust::Principal::system(), "match", {"Patient", {}, {}, described}));
  std::vector<std::string> surely, likely;
  if (const Json* entries = answer.find("entry"))
    for (const Json& entry : entries->items()) {
      const std::string grade = entry.text("search.extension.valueCode");
      if (grade == "certain") surely.push_back(entry.text("resource.id"));
      if (grade == "certain" || grade == "probable") likely.push_back(entry.text("resource.id"));
    }
  certain.add(described.text("id"), is_there, surely);
  probable.add(described.text("id"), is_there, likely);
}

}  // namespace

void measure_matches(const BenchOptions& options, Figures& figures) {
  const std::vector<Json> all = patients(options);
  std::mt19937_64 random(kSeed);
  RecordUnderTest node(options.work / "match", options.database);
  std::vector<Json> tested, learnt, learnt_again;
  std::set<std::string> there;
  for (const Json& patient : all) {
    const bool is_test = vision::part_of(kSet, patient.text("id")) == vision::Part::test;
    (is_test ? tested : learnt).push_back(patient);
    if (!is_test) learnt_again.push_back(SecondRecord(patient, all, random).make());
    if (is_test && tested.size() % 2 == 0) continue;  // not in the record
    there.insert(patient.text("id"));
    node.record.update(trust::Principal::system(), patient);
  }
  if (!options.features.empty()) write_pairs(options, learnt_again, learnt);
  Answers certain, probable;
  for (const Json& patient : tested)
    for (int i = 0; i < kDescriptions; ++i)
      ask(node.record, SecondRecord(patient, all, random).make(), there.contains(patient.text("id")), certain,
          probable);
  certain.print("certain", figures);
  probable.print("probable or certain", figures);
}

}  // namespace meridian::app
