#include "engine/input_loader.h"

#include <array>
#include <cstdio>

#include "archive/slide/open_slide.h"
#include "archive/waveform/plausibility.h"
#include "archive/waveform/reader.h"
#include "base/error.h"
#include "engine/ct_series.h"

namespace meridian::engine {
namespace {

constexpr double kDaysPerYear = 365.2425;

// The moment of the study, so that an old film is read with the age of then.
Instant moment_of(const archive::InstanceFacts& facts) {
  if (facts.study_datetime.size() < 10) return now();
  try {
    return parse_instant(facts.study_datetime.size() > 10 ? facts.study_datetime
                                                          : facts.study_datetime + "T12:00:00Z");
  } catch (const Error&) {
    return now();
  }
}

// "Observation?code=…" of the card's inputs.resources, within the patient's record.
std::vector<Json> find_resources(record::Record& record, const std::string& search,
                                 const std::string& patient) {
  const auto question = search.find('?');
  record::Parameters parameters{{"patient", patient}};
  std::string rest = question == std::string::npos ? "" : search.substr(question + 1);
  while (!rest.empty()) {
    const auto end = rest.find('&');
    const std::string pair = rest.substr(0, end);
    const auto equals = pair.find('=');
    parameters.emplace_back(pair.substr(0, equals),
                            equals == std::string::npos ? "" : pair.substr(equals + 1));
    rest = end == std::string::npos ? "" : rest.substr(end + 1);
  }
  return record.find(trust::Principal::system(), search.substr(0, question), parameters);
}

}  // namespace

InputLoader::InputLoader(record::Record& record, const archive::Archive& archive)
    : record_(record), archive_(archive) {}

void put_pixels(Input& input, archive::FrameImage frame) {
  input.image = std::move(frame.grey);
  input.colour = std::move(frame.colour);
  input.hounsfield = std::move(frame.hounsfield);
}

bool is_waveform(const archive::InstanceFacts& facts) {
  return facts.sop_class.starts_with("1.2.840.10008.5.1.4.1.1.9.");
}

std::optional<double> age_years(const std::string& birth_date, Instant at) {
  int year = 0, month = 7, day = 1;  // the middle of what is not said
  if (std::sscanf(birth_date.c_str(), "%4d-%2d-%2d", &year, &month, &day) < 1) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return std::nullopt;
  const auto days = std::chrono::floor<std::chrono::days>(at) - std::chrono::sys_days(date);
  if (days.count() < 0) return std::nullopt;
  return static_cast<double>(days.count()) / kDaysPerYear;
}

void InputLoader::load_instance(LoadedInput& loaded, const archive::InstanceFacts& facts,
                                const RunRequest& request) const {
  Input& input = loaded.input;
  if (archive::is_whole_slide(facts)) {
    const auto slide = archive::open_slide(archive_, facts.key.study, facts.key.series);
    loaded.base = slide->base_instance();
    input.slide = slide;
    return;
  }
  if (!request.series.empty()) {
    CtSeries series = read_ct_series(archive_, facts.key.study, request.series);
    input.volume = std::move(series.volume);
    loaded.slices = std::move(series.instances);
    return;
  }
  std::string bytes = archive_.bytes(request.instance);
  if (is_waveform(facts)) {
    const std::array<archive::NamedBytes, 1> file{{{request.instance + ".dcm", std::move(bytes)}}};
    input.recording = archive::read_recording(file);
    archive::note_implausible(*input.recording);
  } else {
    put_pixels(input, archive::read_frame(bytes, 1));
  }
}

LoadedInput InputLoader::load(const Card& card, const RunRequest& request) const {
  LoadedInput loaded;
  Input& input = loaded.input;
  input.encounter = request.encounter;
  if (!request.instance.empty()) {
    const auto facts = archive_.find(request.instance);
    if (!facts)
      throw Error(ErrorCode::not_found, "The instance is no longer in the archive", request.instance);
    input.taken_at = moment_of(*facts);
    load_instance(loaded, *facts, request);
    input.image_facts = {facts->modality, facts->body_part, facts->view_position, facts->sop_class};
  }
  const trust::Principal system = trust::Principal::system();
  if (!request.resource.empty()) {
    const auto slash = request.resource.find('/');
    input.resources.push_back(Json::parse(
        record_.read(system, request.resource.substr(0, slash), request.resource.substr(slash + 1)).body));
  }
  if (request.patient.empty()) return loaded;
  const Json patient = Json::parse(
      record_.read(system, "Patient", request.patient.substr(request.patient.find('/') + 1)).body);
  input.subject = {patient.text("gender"), age_years(patient.text("birthDate"), input.taken_at)};
  if (!input.subject.age_years && input.recording)
    input.subject.age_years = input.recording->subject.age_years;
  if (const Json* searches = card.whole.find("inputs")->find("resources"))
    for (const Json& search : searches->items())
      for (Json& found : find_resources(record_, search.as_string(), request.patient))
        input.resources.push_back(std::move(found));
  return loaded;
}

std::string instance_of(const RunRequest& request, const LoadedInput& loaded, const Reading& reading) {
  const std::vector<std::string>& slices = loaded.slices;
  if (!loaded.base.empty()) return loaded.base;
  if (slices.empty() || reading.findings.empty()) return request.instance;
  const Json& evidence = reading.findings.front().evidence;
  const Json* slice = evidence.is_object() ? evidence.find("slice") : nullptr;
  return slice ? slices.at(static_cast<std::size_t>(slice->get("number").as_int() - 1)) : request.instance;
}

}  // namespace meridian::engine
