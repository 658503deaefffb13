#include "care/intake.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <iterator>
#include <map>
#include <tuple>
#include <utility>

#include "archive/pixels.h"
#include "archive/slide/slide_file.h"
#include "archive/slide/slide_frames.h"
#include "archive/waveform/format.h"
#include "archive/waveform/plausibility.h"
#include "archive/waveform/reader.h"
#include "base/error.h"
#include "base/file.h"
#include "base/id.h"
#include "base/log.h"
#include "care/conversion.h"
#include "care/filing.h"
#include "care/patient_match.h"
#include "care/people.h"
#include "care/recordings.h"
#include "engine/input_loader.h"
#include "engine/resources.h"
#include "signal/remark.h"
#include "trust/access.h"
#include "vision/burnt_in_text.h"

namespace meridian::care {
namespace {

void require_may_record(const Origin& origin) {
  if (!trust::role_may(origin.principal.role, trust::Act::write, "ImagingStudy"))
    throw Error(
        ErrorCode::forbidden,
        "A " + std::string(trust::role_name(origin.principal.role)) + " does not send recordings or films",
        origin.principal.user);
}

// Goes with what is in it.
class WorkFolder {
 public:
  explicit WorkFolder(const std::filesystem::path& folder)
      : path_((folder.empty() ? std::filesystem::temp_directory_path() : folder) / ("slide-" + new_id())) {
    std::filesystem::create_directories(path_);
  }
  ~WorkFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  WorkFolder(const WorkFolder&) = delete;
  WorkFolder& operator=(const WorkFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

Instant moment_of(const archive::InstanceFacts& facts) {
  try {
    if (facts.study_datetime.size() > 10) return parse_instant(facts.study_datetime);
    if (facts.study_datetime.size() == 10) return parse_instant(facts.study_datetime + "T00:00:00Z");
  } catch (const Error&) {
    // as exact as the file is: without a time zone or a day, the moment of arrival stands
  }
  return now();
}

// What says something of other instances is looked at together with them, in the viewer.
std::string kind_of(const archive::InstanceFacts& facts) {
  constexpr std::array<std::string_view, 6> kOfOthers{"SR", "SEG", "KO", "PR", "REG", "RTSTRUCT"};
  if (std::ranges::find(kOfOthers, facts.modality) != kOfOthers.end()) return kResultKind;
  if (archive::is_whole_slide(facts)) return "slide";
  return engine::is_waveform(facts) ? "ecg" : "image";
}

RecordingRow recording_row(const archive::InstanceFacts& facts) {
  RecordingRow row;
  row.instance = facts.key.instance;
  row.study = facts.key.study;
  row.series = facts.key.series;
  row.kind = kind_of(facts);
  row.modality = facts.modality;
  row.title = facts.series_description.empty() ? facts.study_description : facts.series_description;
  row.at = moment_of(facts);
  row.frames = facts.frames;
  return row;
}

// Kinds of pictures that come one by one, and on which people write: films, ultrasound, photographs. Slices
// of a scanner come by the thousand, and bear no writing but secondary captures, which are of kind OT.
bool shows_one_film(const archive::InstanceFacts& facts) {
  constexpr std::array<std::string_view, 9> kKinds{"CR", "DX", "RG", "RF", "MG", "US", "XC", "OP", "OT"};
  return facts.frames <= 1 && std::ranges::find(kKinds, facts.modality) != kKinds.end();
}

// Leads and length of an ECG; what is implausible in it is added to the flaws. One that cannot be read is
// filed all the same, and its assistants will say why.
void describe_waveform(RecordingRow& row, const std::string& bytes) {
  const std::array<archive::NamedBytes, 1> file{{{row.instance + ".dcm", bytes}}};
  try {
    signal::Recording recording = archive::read_recording(file);
    archive::note_implausible(recording);
    row.flaws.insert(row.flaws.end(), recording.doubts.begin(), recording.doubts.end());
    for (const std::string& part : recording.unread)
      row.flaws.push_back(signal::remark("not-read", {{"part", part}}));
    row.seconds = recording.seconds();
    row.leads = Json::array();
    for (const signal::Lead& lead : recording.leads) row.leads.push_back(lead.name);
  } catch (const Error& error) {
    log_warning("waveform-not-described", {{"instance", row.instance}, {"reason", error.what()}});
  }
}

// Writing in the pixels may name the patient, and no de-identification takes it away. A picture that cannot
// be read is filed all the same, and its assistants will say why.
void describe_picture(RecordingRow& row, const std::string& bytes) {
  try {
    const archive::FrameImage frame = archive::read_frame(bytes, 1);
    if (const std::size_t lines = vision::burnt_in_text(frame.grey).size(); lines > 0)
      row.flaws.push_back(signal::remark("writing-in-picture", {{"lines", std::to_string(lines)}}));
  } catch (const Error& error) {
    log_warning("picture-not-described", {{"instance", row.instance}, {"reason", error.what()}});
  }
}

RecordingRow described_recording(const archive::Parsed& parsed) {
  RecordingRow recording = recording_row(parsed.facts);
  recording.flaws = parsed.flaws;
  if (recording.kind == "ecg") describe_waveform(recording, parsed.file);
  if (recording.kind == "image" && shows_one_film(parsed.facts)) describe_picture(recording, parsed.file);
  return recording;
}

// All by which a file's patient is found: two files that differ in any of it may be of two people.
using Whose = std::tuple<std::string, std::string, std::string, std::string, std::string>;
Whose whose(const archive::InstanceFacts& facts) {
  return {facts.key.study, facts.patient_id, facts.issuer_of_patient_id, facts.patient_birth_date,
          facts.patient_sex};
}

bool makes_patient(const Filing& filing) {
  return filing.known_patient && filing.known_patient->empty();
}

// PN of both scripts: Wang Jianguo=王建国, each as one component.
std::string person_name(const CaseRow& row) {
  const std::string name = row.patient_json.text("name"), latin = row.patient_json.text("nameLatin");
  return name == latin || name.empty() ? latin : latin + "=" + name;
}

// Whose a file is that does not say so itself: the case's patient, or a patient whom the sender calls as the
// file.
ConversionSubject subject_of(const Context& context, const Origin& origin) {
  ConversionSubject subject;
  subject.modality = origin.modality;
  subject.body_part = origin.body_part;
  subject.scope = origin.case_id.empty() ? organization_of(origin) : origin.case_id;
  subject.series = origin.series;
  subject.number = origin.number;
  if (origin.case_id.empty()) return subject;
  const CaseRow row = context.database.read([&](storage::Connection& connection) {
    return require_case(connection, origin.principal, origin.case_id);
  });
  const Json patient =
      Json::parse(context.record.read(trust::Principal::system(), "Patient", id_of(row.patient)).body);
  subject.patient_id = patient.text("identifier.value", id_of(row.patient));
  subject.name = person_name(row);
  subject.birth_date = dicom_date(patient.text("birthDate"));
  subject.sex = dicom_sex(patient.text("gender"));
  return subject;
}

}  // namespace

Taken Intake::receive(std::string bytes, const Origin& origin) const {
  require_may_record(origin);
  return receive(archive::parse_instance(std::move(bytes)), origin);
}

Taken Intake::receive(archive::Parsed parsed, const Origin& origin) const {
  std::vector<archive::Parsed> one;
  one.push_back(std::move(parsed));
  auto outcome = std::move(receive_all(std::move(one), origin).front());
  if (const Error* error = std::get_if<Error>(&outcome)) throw Error(*error);
  return std::get<Taken>(std::move(outcome));
}

std::vector<std::variant<Taken, Error>> Intake::receive_all(std::vector<archive::Parsed> parsed,
                                                            const Origin& origin) const {
  require_may_record(origin);
  std::vector<RecordingRow> recordings;
  std::vector<std::vector<std::string>> damage;
  for (const archive::Parsed& one : parsed) {
    recordings.push_back(described_recording(one));
    damage.push_back(one.flaws);
  }
  std::vector<archive::Received> received = context_.archive.receive_all(std::move(parsed));
  std::map<Whose, std::optional<std::string>> patients;
  std::vector<std::variant<Taken, Error>> outcomes;
  std::vector<Filing> filings;
  const auto file = [&] {
    std::ranges::move(file_received(context_, origin, std::exchange(filings, {})),
                      std::back_inserter(outcomes));
  };
  for (std::size_t i = 0; i < received.size(); ++i) {
    const archive::InstanceFacts& facts = received[i].facts;
    const auto [patient, is_new] = patients.try_emplace(whose(facts));
    // A Patient who is yet to be made is found by the next study only when they are there.
    if (is_new && std::ranges::any_of(filings, makes_patient)) file();
    if (is_new) patient->second = patient_of(facts, origin);
    filings.push_back(
        {std::move(received[i]), std::move(recordings[i]), patient->second, std::move(damage[i])});
  }
  file();
  return outcomes;
}

// Nothing where something else says whose it is; empty when nobody fits.
std::optional<std::string> Intake::patient_of(const archive::InstanceFacts& facts,
                                              const Origin& origin) const {
  if (!origin.case_id.empty() || is_known_study(facts.key.study)) return {};
  return find_patient(context_.record, facts, organization_of(origin)).value_or("");
}

bool Intake::is_known_study(const std::string& study) const {
  return context_.database.read([&](storage::Connection& connection) {
    const auto place = place_of(connection, "study", study);
    return place && find_case(connection, place->case_id).has_value();
  });
}

std::string Intake::require_case_to_add_to(const Origin& origin) const {
  require_may_record(origin);
  return context_.database
      .read([&](storage::Connection& connection) { return named_case(connection, origin); })
      .patient;
}

std::uint16_t Intake::commit(const trust::Principal& principal, const std::string& sop_class,
                             const std::string& instance) const {
  constexpr std::uint16_t kNoSuchInstance = 0x0112, kOtherClass = 0x0119, kDamaged = 0x0110;
  try {
    context_.database.read(
        [&](storage::Connection& connection) { visible_patient(connection, principal, instance); });
    const auto facts = context_.archive.find(instance);
    if (!facts) return kNoSuchInstance;
    if (facts->sop_class != sop_class) return kOtherClass;
    context_.archive.bytes(instance);
    return 0;
  } catch (const Error& error) {
    if (error.code() == ErrorCode::not_found) return kNoSuchInstance;
    log_error("commitment-failed", {{"instance", instance}, {"error", error.describe()}});
    return kDamaged;
  }
}

std::optional<Taken> Intake::find(const std::string& instance) const {
  const auto facts = context_.archive.find(instance);
  if (!facts) return std::nullopt;
  Taken taken{facts->key.instance, facts->key.study, facts->key.series, {}, {}, true};
  const auto place = context_.database.read(
      [&](storage::Connection& connection) { return place_of(connection, "instance", instance); });
  if (place) std::tie(taken.patient, taken.case_id) = std::tie(place->patient, place->case_id);
  return taken;
}

Taken Intake::receive_converted(const std::vector<archive::NamedBytes>& files, const Origin& origin) const {
  require_may_record(origin);
  const ConversionSubject subject = subject_of(context_, origin);
  if (auto known = find(converted_instance_uid(files, subject))) return std::move(*known);
  if (files.size() == 1 && is_picture(files.front().bytes))
    return receive(dicom_of_picture(files.front(), subject, now()), origin);
  return receive(dicom_of_recording(files, subject, now()), origin);
}

Taken Intake::receive_strip(const signal::Recording& recording, const std::string& name,
                            const std::string& title, const Origin& origin) const {
  require_may_record(origin);
  Origin unread = origin;
  unread.more_follow = true;
  unread.in_time = true;
  return receive(dicom_of_strip(recording, name, title, subject_of(context_, origin)), unread);
}

std::vector<Taken> Intake::receive_slide(const std::filesystem::path& file, const std::string& name,
                                         const Origin& origin, const SlideProgress& progress) const {
  require_may_record(origin);
  if (!context_.convert_slide)
    throw Error(ErrorCode::unsupported_media_type, "Whole slides are taken as DICOM only here", name);
  const WorkFolder work(context_.work_folder);
  context_.convert_slide(
      {file, work.path(), slide_facts(file, name, subject_of(context_, origin), now()), progress});
  std::vector<std::filesystem::path> instances;
  for (const auto& entry : std::filesystem::directory_iterator(work.path()))
    instances.push_back(entry.path());
  std::ranges::sort(instances);
  std::vector<Taken> taken;
  Origin one_by_one = origin;
  for (const std::filesystem::path& instance : instances) {
    one_by_one.more_follow = &instance != &instances.back();
    archive::Parsed parsed = archive::parse_instance(read_file(instance, archive::kLargestInstance));
    std::optional<Taken> known = find(parsed.facts.key.instance);
    taken.push_back(known ? std::move(*known) : receive(std::move(parsed), one_by_one));
    std::filesystem::remove(instance);
  }
  return taken;
}

std::vector<Taken> Intake::receive_slide_bytes(const archive::NamedBytes& file, const Origin& origin) const {
  const WorkFolder work(context_.work_folder);
  const std::filesystem::path copy = work.path() / "slide";
  write_file(copy, file.bytes);
  return receive_slide(copy, file.name, origin);
}

std::vector<Taken> Intake::receive_files(const std::vector<archive::NamedBytes>& files,
                                         const Origin& origin) const {
  if (files.empty()) throw Error(ErrorCode::invalid_request, "No file was sent");
  std::vector<Taken> taken;
  std::vector<archive::NamedBytes> record;  // files of one recording, or of no known kind
  for (const archive::NamedBytes& file : files) {
    if (is_dicom(file.bytes))
      taken.push_back(receive(file.bytes, origin));
    else if (is_picture(file.bytes) || archive::recording_format(file.bytes))
      taken.push_back(receive_converted({file}, origin));
    else if (archive::begins_as_slide(file.bytes))
      std::ranges::move(receive_slide_bytes(file, origin), std::back_inserter(taken));
    else
      record.push_back(file);
  }
  if (!record.empty()) taken.push_back(receive_converted(record, origin));
  return taken;
}

}  // namespace meridian::care
