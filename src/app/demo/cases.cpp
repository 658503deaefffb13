#include "app/demo/cases.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "app/demo/recordings.h"
#include "archive/waveform/dicom_ecg_writer.h"
#include "base/error.h"
#include "engine/input_loader.h"
#include "vision/picture.h"

namespace meridian::app {
namespace {

constexpr std::size_t kFilms = 6;

// What brings the patients to the clinic, in the order of the recordings and of the films.
constexpr std::array<std::string_view, 8> kEcgReasons{
    "Palpitations since yesterday",   "Chest pressure for two hours",
    "Dizzy when standing up",         "High blood pressure, yearly check",
    "Before an operation on the hip", "Wants to join the football team",
    "Chest pain on effort",           "Short of breath at night"};
constexpr std::array<std::string_view, kFilms> kFilmReasons{"Cough for five weeks, weight loss",
                                                            "Cough for three weeks after a cold",
                                                            "Contact of a patient with tuberculosis",
                                                            "Fever and night sweats",
                                                            "Blood in the sputum",
                                                            "Check before starting work"};

struct Question {
  std::size_t number;  // of the recording or film
  std::string_view text, priority;
};
constexpr std::array<Question, 3> kEcgQuestions{
    {{0, "Palpitations since yesterday, breathless on the stairs. Is this atrial fibrillation?", "urgent"},
     {1, "Chest pressure for two hours, sweating. Transfer now?", "stat"},
     {4, "Found at a routine visit. Does he need anything before his operation?", "routine"}}};
constexpr std::array<Question, 3> kFilmQuestions{
    {{0, "Cough for five weeks, weight loss. Tuberculosis?", "urgent"},
     {1, "Cough for three weeks after a cold.", "routine"},
     {2, "Contact of a patient with tuberculosis.", "routine"}}};

trust::Principal principal_of(const Region& region, const std::string& username) {
  for (const DemoAccount& demo : region.accounts)
    if (demo.account.username == username)
      return {demo.account.id, demo.account.display, demo.account.role, demo.account.fhir_user,
              demo.account.organization};
  throw Error(ErrorCode::internal, "The demonstration has no account " + username);
}

class CaseMaker {
 public:
  CaseMaker(Core& core, const Region& region) : core_(core), region_(region) {
    for (const Json& resource : region.resources)
      if (resource.text("resourceType") == "Patient") patients_.push_back(&resource);
    doctors_ = {principal_of(region, "chen"), principal_of(region, "zhao")};
    hospital_ = region.hospital.substr(region.hospital.find('/') + 1);
  }

  std::string record_ecg(const DemoRecording& demo) {
    const Json& patient = take_patient(demo.sex, demo.age);
    archive::EcgFacts facts;
    facts.patient_id = patient.text("identifier.value");
    facts.issuer_of_patient_id = "";
    facts.patient_name = patient.get("name").at(1).text("family") + "^" +
                         patient.get("name").at(1).text("given") + "=" + patient.text("name.text");
    facts.patient_birth_date = patient.text("birthDate");
    std::erase(facts.patient_birth_date, '-');
    facts.patient_sex = patient.text("gender") == "male" ? "M" : "F";
    facts.recorded = now();
    return open(patient, reason(kEcgReasons.at(ecgs_++), demo.source),
                {"ecg.dcm", archive::compose_ecg(undated(demo.recording), facts)});
  }

  std::string record_film(const DemoFilm& demo) {
    return open(take_patient("", 0), reason(kFilmReasons.at(films_++), demo.source),
                {"film.png", vision::encode_png(demo.image)});
  }

  void ask(const std::string& case_id, const Question& question) {
    core_.care.consultations.ask(doctor_of_.at(case_id), case_id,
                                 {hospital_, std::string(question.text), std::string(question.priority)});
  }

  void sign(const std::string& case_id, const std::string& username, const std::string& text) {
    const trust::Principal specialist = principal_of(region_, username);
    core_.care.cases.claim(specialist, case_id);
    core_.care.reports.sign(specialist, case_id, {text, {}, {}});
  }

 private:
  // The complaint is invented; where the recording or film is from is not hidden.
  static std::string reason(std::string_view complaint, const std::string& source) {
    return std::string(complaint) + " (" + source + ")";
  }

  // A recording of long ago would open the case in the past.
  static signal::Recording undated(signal::Recording recording) {
    recording.start.reset();
    return recording;
  }

  // Nobody twice; of the sex, and nearest in age, where that is known. Clinics take turns.
  const Json& take_patient(const std::string& sex, int age) {
    const std::string& clinic = region_.clinics[taken_.size() % region_.clinics.size()];
    const Json* best = nullptr;
    double best_distance = 1e9;
    for (const Json* patient : patients_) {
      if (patient->text("managingOrganization.reference") != clinic || taken_.contains(patient->text("id")))
        continue;
      if (!sex.empty() && patient->text("gender") != sex) continue;
      const double years = engine::age_years(patient->text("birthDate"), now()).value_or(0);
      const double distance = years < 18 ? 1e6 : age ? std::abs(years - age) : 0;
      if (distance < best_distance) best_distance = distance, best = patient;
    }
    if (!best) throw Error(ErrorCode::internal, "The demonstration has too few residents");
    taken_.insert(best->text("id"));
    return *best;
  }

  std::string open(const Json& patient, const std::string& reason, archive::NamedBytes file) {
    const std::string clinic = patient.text("managingOrganization.reference");
    const auto doctor = std::find_if(doctors_.begin(), doctors_.end(),
                                     [&](const trust::Principal& one) { return one.organization == clinic; });
    const Json opened = core_.care.cases.open(*doctor, {"Patient/" + patient.text("id"), reason, "routine"});
    const std::string id = opened.text("case.id");
    core_.care.intake.receive_files({std::move(file)}, {*doctor, "console", clinic, id});
    doctor_of_.emplace(id, *doctor);
    return id;
  }

  Core& core_;
  const Region& region_;
  std::vector<const Json*> patients_;
  std::vector<trust::Principal> doctors_;
  std::map<std::string, trust::Principal> doctor_of_;
  std::set<std::string> taken_;
  std::string hospital_;
  std::size_t ecgs_ = 0, films_ = 0;
};

}  // namespace

void settle(Core& core, Region& region) {
  core.record.write(trust::Principal::system(), [&](record::Writer& writer) {
    for (const Json& resource : region.resources) writer.update(resource);
  });
  for (DemoAccount& demo : region.accounts)
    demo.account = core.identity.add(trust::Principal::system(), demo.account, demo.password);
}

void open_demo_cases(Core& core, const Region& region, const std::filesystem::path& data,
                     const std::function<void(std::int64_t, std::int64_t)>& progress) {
  const std::vector<DemoRecording> recordings = demo_recordings(data);
  const std::vector<DemoFilm> films = demo_films(data, kFilms);
  const auto total = static_cast<std::int64_t>(2 * (recordings.size() + films.size()));
  std::int64_t done = 0;
  CaseMaker maker(core, region);
  std::vector<std::string> ecg_cases, film_cases;
  for (const DemoRecording& demo : recordings) {
    ecg_cases.push_back(maker.record_ecg(demo));
    progress(++done, total);
  }
  for (const DemoFilm& demo : films) {
    film_cases.push_back(maker.record_film(demo));
    progress(++done, total);
  }
  while (core.runner.run_one()) progress(std::min(++done, total), total);
  for (const Question& question : kEcgQuestions) maker.ask(ecg_cases.at(question.number), question);
  for (const Question& question : kFilmQuestions) maker.ask(film_cases.at(question.number), question);
  maker.sign(film_cases.at(1), "wu",
             "Heart size and mediastinum normal. No infiltrate, no effusion. No sign of tuberculosis.");
}

}  // namespace meridian::app
